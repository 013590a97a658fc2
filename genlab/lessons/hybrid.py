"""The hybrid: a VAE-GAN beside a VAE of the same size, in copying and in sharpness."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.options import Options, setting


class HybridOptions(Options):
    """Settings of the lesson."""

    recon_weight: float = setting(60.0, "weight of reconstruction in the hybrid's encoder", unit="nats", ge=0, le=1_000)
    images: int = setting(16_000, "length of each training", ge=1_000, le=500_000, unit="images")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def configs(options: HybridOptions) -> tuple[Training, ...]:
    """A VAE and a VAE-GAN that see the same images."""
    usual = options == HybridOptions()
    shared = {"images": options.images, "seed": options.seed}
    rest = "" if options.recon_weight == 60 else f", reconstruction {options.recon_weight:g}"
    return (
        Training("vae", "VAE", "hybrid", "vae", shared, shipped="mnist-5k-vae" if usual else "", control=True),
        Training(
            "vae_gan",
            f"VAE-GAN{rest}",
            "hybrid",
            "vae_gan",
            {**shared, "recon_weight": options.recon_weight},
            shipped="mnist-5k-vae-gan" if usual else "",
        ),
    )


def check(facts: LessonFacts, options: HybridOptions) -> LessonOutcome:
    """Who copies closer in pixels (PSNR), and whose samples are nearer to real ones in sharpness (Laplacian ratio)."""
    lack = missing(facts, "vae", "vae_gan")
    if lack:
        return lack
    vae, hybrid = facts.runs["vae"].scores, facts.runs["vae_gan"].scores
    if any(_value(scores, name) is None for scores in (vae, hybrid) for name in ("psnr", "laplacian")):
        return undecided("the two models have not been scored")
    copies, edges = [_value(scores, "psnr") for scores in (vae, hybrid)], [vae["laplacian"], hybrid["laplacian"]]
    numbers = (
        ("Reconstructions, VAE and VAE-GAN", f"{copies[0]:.3g} and {copies[1]:.3g} dB"),
        ("Sharpness of samples, VAE and VAE-GAN", f"{edges[0]['value']:.2f} and {edges[1]['value']:.2f} of real"),
    )
    words = (
        f"reconstructions have {copies[0]:.3g} dB (VAE) and {copies[1]:.3g} dB (VAE-GAN, more is closer); samples have "
        f"{edges[0]['value']:.2f} and {edges[1]['value']:.2f} times the sharpness of real digits"
    )
    closer = _apart(vae["psnr"], hybrid["psnr"])
    sharper = _apart(_distance(hybrid["laplacian"]), _distance(vae["laplacian"]))
    if closer == 0 or sharper == 0:
        return LessonOutcome(None, f"{words}: the intervals overlap", numbers)
    answers = {(1, -1): "split", (1, 1): "vae", (-1, -1): "hybrid", (-1, 1): "crossed"}
    return LessonOutcome(answers[closer, sharper], words, numbers)


def _value(scores: Mapping[str, Mapping[str, Any]], name: str) -> float | None:
    value = scores.get(name, {}).get("value")
    return None if value is None else float(value)


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """1 where the first line's interval lies above the other's, -1 where below, 0 where they overlap."""
    ends = [
        tuple(line["value"] if line.get(end) is None else line[end] for end in ("low", "high")) for line in (one, other)
    ]
    return 1 if ends[0][0] > ends[1][1] else -1 if ends[0][1] < ends[1][0] else 0


def _distance(line: Mapping[str, Any]) -> dict[str, float]:
    """How far a ratio and its interval are from 1, on a logarithmic scale: half and double are alike."""
    ends = [line["value"] if line.get(end) is None else line[end] for end in ("low", "high")]
    far = [abs(log(max(end, 1e-6))) for end in ends]
    nearest = 0.0 if min(ends) <= 1 <= max(ends) else min(far)
    return {"value": abs(log(max(line["value"], 1e-6))), "low": nearest, "high": max(far)}


SPEC = LessonSpec(
    title="The hybrid",
    summary="A VAE whose reconstructions are judged by a critic's features, beside a plain VAE",
    paper="Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016",
    Options=HybridOptions,
    order=9,
    minutes=10,
    scene=(
        "A VAE judges its reconstructions pixel by pixel. A stroke that is one pixel to the left counts as two errors.",
        "A VAE-GAN compares its reconstructions in the features of a critic, which is trained at the same time to "
        "tell real from generated images. Both learn the same digits with the same decoder.",
    ),
    question="Whose reconstructions are closer to the originals, pixel by pixel, and whose samples are sharper?",
    choices=(
        Answer("split", "The VAE's reconstructions are closer; the hybrid's samples are nearer to real sharpness"),
        Answer("hybrid", "The hybrid wins both: that is what it is for"),
        Answer("vae", "The VAE wins both: three players get in each other's way"),
        Answer("crossed", "The hybrid's reconstructions are closer; the VAE's samples are nearer to real sharpness"),
    ),
    configs=configs,
    scores=("psnr", "laplacian"),
    looks=(
        Exhibit("samples", "Samples", "Look at the edges of the strokes: do they end, or do they fade?"),
        Exhibit(
            "portrait",
            "Held-out digits, and below them what comes back",
            "Find a digit that one of them turned into another.",
            ("reconstructions",),
        ),
        Exhibit(
            "scores", "Scores", "With 95 % intervals. Sharpness of 1 is that of real digits.", ("psnr", "laplacian")
        ),
        Exhibit(
            "curves",
            "Reconstruction error during training",
            "Squared error per pixel of training images.",
            ("reconstruction/mse",),
        ),
    ),
    check=check,
    explanation=(
        "Squared error or likelihood per pixel is smallest for the average of everything that the code leaves open, "
        "and an average of sharp pictures is not sharp. A critic's features notice the blur: no real digit looks like "
        "that. So the hybrid commits itself to one of the possibilities, sharp and perhaps in the wrong place. That "
        "costs pixels.",
        "It is a compromise with three networks and more that can fail: the critic can overpower it, too, and there "
        "is a weight between reconstruction and fooling the critic. There is no bound on log p(x) any more.",
        "Whether it is worth it depends on the use. Measuring or denoising needs close reconstructions; generating "
        "images needs sharpness.",
    ),
    tries=(
        Next("A smaller weight of reconstruction: 10 nats", "lesson", {"recon_weight": 10.0}),
        Next("Both side by side, with all scores", "compare"),
        Next("Both latent spaces", "latent"),
    ),
    plan=TeachingPlan(
        aim="Learners can say why pixel errors blur, what the hybrid puts in their place, and what that costs.",
        before="VAE and GAN, each by itself.",
        ask=(
            "Before: a stroke may be here or one pixel to the right. What picture has the smallest expected error?",
            "While it trains: which of the three networks judges the reconstructions?",
            "After: find a reconstruction that is sharp and wrong. Would you rather have the blurred one?",
        ),
        said=(
            ("“A combination is always better.”", "Better at what? Read both scores."),
            ("“Sharper means closer.”", "Compare a sharp digit one pixel off with a blurred one in place."),
        ),
        traps=(
            "The same number of images is not the same time: the hybrid takes several times as long per image.",
            "So short a training shows the tendency; the fair match on this page trains longer and over seeds.",
        ),
        follow=(
            "Open the row about the hybrid in the comparison of the guide: what did three seeds say?",
            "Change `recon_weight` and plot reconstruction error against sharpness.",
        ),
    ),
)
