"""Holes in the prior: a VAE whose code is nearly free copies better, and draws worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.options import Options, setting


class HoleOptions(Options):
    """Settings of the lesson."""

    beta: float = setting(0.02, "weight of the KL in the second VAE; the first has 1", ge=0, le=100, log=True)
    images: int = setting(30_000, "length of each training", ge=1_000, le=500_000, unit="images")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def configs(options: HoleOptions) -> tuple[Training, ...]:
    """A VAE whose KL counts in full, and one whose KL counts ``beta``."""
    shared = {"images": options.images, "seed": options.seed, "kl_warmup": 0.0}
    return (
        Training("plain", "Weight 1", "KL", "vae", {**shared, "beta": 1.0}, control=True),
        Training("cheap", f"Weight {options.beta:g}", "KL", "vae", {**shared, "beta": options.beta}),
    )


def check(facts: LessonFacts, options: HoleOptions) -> LessonOutcome:
    """Fréchet distance of samples from the prior, with its intervals; beside it, how well the two reconstruct."""
    lack = missing(facts, "plain", "cheap")
    if lack:
        return lack
    plain, cheap = facts.runs["plain"], facts.runs["cheap"]
    lines = [seen.scores.get("frechet", {}) for seen in (plain, cheap)]
    if any(line.get("value") is None for line in lines):
        return undecided("the samples of these runs have not been scored")
    numbers = [
        ("Samples at weight 1, Fréchet distance", f"{lines[0]['value']:.3g}"),
        (f"Samples at weight {options.beta:g}, Fréchet distance", f"{lines[1]['value']:.3g}"),
    ]
    for name, title in (
        ("psnr", "Reconstructions, dB"),
        ("aggregated_posterior", "Codes against prior, MMD²"),
        ("fitted_frechet", "Samples from a prior fitted to the codes, Fréchet distance"),
    ):
        values = [seen.score(name) for seen in (plain, cheap)]
        if values[0] is not None and values[1] is not None:
            numbers.append((f"{title}, weight 1 and {options.beta:g}", f"{values[0]:.3g} and {values[1]:.3g}"))
    words = (
        f"samples are {lines[1]['value']:.3g} away from real digits at weight {options.beta:g} and "
        f"{lines[0]['value']:.3g} at weight 1 (Fréchet distance, less is better)"
    )
    if _apart(lines[1], lines[0]):
        return LessonOutcome("worse", words, tuple(numbers))
    if _apart(lines[0], lines[1]):
        return LessonOutcome("better", words, tuple(numbers))
    return LessonOutcome("same", f"{words}: the intervals overlap", tuple(numbers))


def _apart(high: Mapping[str, Any], low: Mapping[str, Any]) -> bool:
    """Whether one line's interval lies above the other's."""
    lower, upper = high.get("low"), low.get("high")
    return bool((high["value"] if lower is None else lower) > (low["value"] if upper is None else upper))


SPEC = LessonSpec(
    title="Holes in the prior",
    summary="Reconstructions and samples of two VAEs that differ in the weight of the KL term",
    paper="Hoffman and Johnson, ELBO Surgery: Yet Another Way to Carve Up the Variational Evidence Lower Bound, 2016",
    Options=HoleOptions,
    order=6,
    minutes=9,
    scene=(
        "A VAE is used in two ways. It reconstructs: encode an image, decode the code. And it samples: draw a latent "
        "from the prior, decode it.",
        "Two VAEs learn handwritten digits. In one the KL term has weight 1, in the other it is weighted × {beta:g}: "
        "its code costs almost nothing, so it can carry much more about every image.",
    ),
    question="With weight {beta:g} the reconstructions will be closer to the originals. What about the samples?",
    choices=(
        Answer("better", "Better as well: a decoder that reconstructs better also samples better"),
        Answer("same", "About the same: the decoder is the same network"),
        Answer("worse", "Worse, although the reconstructions are better"),
    ),
    configs=configs,
    scores=("frechet", "aggregated_posterior", "psnr", "fitted_frechet"),
    looks=(
        Exhibit("samples", "Samples: latents from the prior, decoded", "Strokes, but are they digits?"),
        Exhibit(
            "portrait",
            "Held-out digits, and below them their reconstructions",
            "Which of the two reconstructs better?",
            ("reconstructions",),
        ),
        Exhibit(
            "scores",
            "Scores",
            "With 95 % intervals. The aggregated posterior is the cloud of all codes; it should look like the prior.",
            ("frechet", "psnr", "aggregated_posterior", "fitted_frechet"),
        ),
        Exhibit(
            "portrait",
            "The same decoders, with latents from a mixture fitted to the codes",
            "Nothing was trained again. How much of the problem was the decoder's?",
            ("fitted",),
        ),
        Exhibit(
            "playground",
            "See the holes themselves, in two dimensions",
            "Dark patches in the latent plane are places of the prior where hardly any data have been encoded.",
            (),
            {
                "models": ["vae"],
                "data": "moons",
                "beta": 0.02,
                "show": ["data", "samples", "manifold", "latent"],
            },
        ),
    ),
    check=check,
    explanation=(
        "The decoder is trained only where there are codes. With a cheap code every image gets a small cloud of its "
        "own, far from the others, and most of the prior between them is never visited. A latent drawn from the "
        "prior lands there, where the decoder has never been trained.",
        "Averaged over the data, the KL has two parts: how much information a code carries about its image, and how "
        "far the distribution of all codes is from the prior. Only the second causes holes, but the VAE's loss "
        "cannot reduce one without reducing the other.",
        "Hence the trade-off: weight 1 fills the prior and reconstructs worse, a small weight reconstructs well and "
        "leaves holes. A remedy keeps the good reconstructions and fits the prior afterwards: train a second model "
        "of the codes, or fit a prior to them, as in the last pictures.",
    ),
    tries=(
        Next("A gentler weight, 0.3", "lesson", {"beta": 0.3}),
        Next("A heavier one, 4", "lesson", {"beta": 4.0}),
        Next("Walk through both latent spaces", "latent"),
        Next("Both side by side", "compare"),
    ),
    plan=TeachingPlan(
        aim="Learners distinguish reconstruction from sampling, and can say where samples of a VAE come from.",
        before="“What KL does”. The prior as the place that samples are drawn from.",
        ask=(
            "Before: where does z come from when we reconstruct? And when we sample?",
            "While it trains: sketch 4,000 codes in the plane when each nat is nearly free.",
            "After: how would you find a good latent in a space with holes?",
        ),
        said=(
            (
                "“Better reconstructions mean a better model.”",
                "For the images it is shown. It is shown none when it samples.",
            ),
            ("“It has overfitted.”", "The reconstructions are of held-out digits, and they are good."),
        ),
        traps=(
            "The pictures labelled “samples” while it trains are drawn from the prior; they are not reconstructions.",
            "The Fréchet distance here rests on 1,000 samples: good for telling these two apart, not for ranking.",
        ),
        follow=(
            "On the Latent page, put samples and data on one map: where do the samples fall?",
            "Discuss two-stage models (Dai and Wipf 2019) and why diffusion in a latent space is one.",
        ),
    ),
)
