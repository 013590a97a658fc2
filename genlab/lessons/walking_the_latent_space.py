"""Walking the latent space: what lies half-way between two images, and whether it is as real as its ends."""

from __future__ import annotations

from typing import Literal

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.options import Options, setting

REAL, SELDOM = 0.85, 0.5
"""Realism of midpoints, relative to that of ends, above which they are as real, and below which they seldom are."""

LENGTH = {"vae": 40_000, "gan": 24_000}
"""Images of a training: about a minute on two cores."""


class WalkOptions(Options):
    """Settings of the lesson."""

    model: Literal["vae", "gan"] = setting("vae", "whose latent space")
    latent_dim: int = setting(32, "its size", ge=2, le=256, unit="dimensions")
    images: int | None = setting(
        None, "length of the training; empty for about a minute", ge=1_000, le=500_000, unit="images"
    )
    seed: int = setting(0, "seed of the training", ge=0, le=2**31 - 1)


def words(options: WalkOptions) -> dict[str, str]:
    """The model as the field writes it."""
    return {"family": options.model.upper()}


def configs(options: WalkOptions) -> tuple[Training, ...]:
    """One model of digits."""
    usual = options == WalkOptions(model=options.model)
    settings = {
        "images": options.images or LENGTH[options.model],
        "seed": options.seed,
        "latent_dim": options.latent_dim,
    }
    size = "" if options.latent_dim == 32 else f", {options.latent_dim} dimensions"
    return (
        Training(
            "model",
            f"{options.model.upper()}{size}",
            "walking the latent space",
            options.model,
            settings,
            shipped=f"mnist-5k-{options.model}" if usual else "",
        ),
    )


def check(facts: LessonFacts, options: WalkOptions) -> LessonOutcome:
    """Interpolation realism: its interval has to lie within one of the three ranges."""
    lack = missing(facts, "model")
    if lack:
        return lack
    line = facts.runs["model"].scores.get("interpolation_realism", {})
    value = line.get("value")
    if value is None:
        return undecided(str(line.get("why") or "the interpolations of this model have not been scored").rstrip("."))
    low, high = line.get("low"), line.get("high")
    low, high = (value if low is None else low), (value if high is None else high)
    numbers = (
        ("Midpoints that look real, relative to ends", f"{value:.2f} ({low:.2f} to {high:.2f})"),
        ("Interpolations examined", f"{int(line.get('n', 0)):,}"),
    )
    words = f"midpoints look real {value:.2f} times as often as ends do (95 % interval {low:.2f} to {high:.2f})"
    if low > REAL:
        return LessonOutcome("real", words, numbers)
    if high < SELDOM:
        return LessonOutcome("seldom", words, numbers)
    between = low > SELDOM and high < REAL
    return LessonOutcome("between" if between else None, words, numbers)


SPEC = LessonSpec(
    title="Walking the latent space",
    summary="What lies half-way between two latents, and how often it looks real",
    paper="White, Sampling Generative Networks, 2016",
    Options=WalkOptions,
    order=7,
    minutes=8,
    scene=(
        "Fade one photograph of a digit into another, and half-way there are two images on top of each other. That "
        "is an interpolation in the space of pixels.",
        "Here the walk leads through the latent space of a {family} with {latent_dim} dimensions: from one latent to "
        "another, decoding at every step. Half-way is judged by features of real digits: does it lie where real ones "
        "lie, as often as the ends of the walks do?",
    ),
    question="How often does a picture half-way look real, compared with the pictures at the ends?",
    choices=(
        Answer("real", "As often, or nearly: half-way there is just another digit"),
        Answer("between", "Clearly less often, but at least half as often"),
        Answer("seldom", "Less than half as often: between two digits there is mostly no digit"),
    ),
    words=words,
    configs=configs,
    scores=("interpolation_realism", "path_length"),
    samples=2_000,
    looks=(
        Exhibit("samples", "Samples", "The ends of the walks are pictures like these."),
        Exhibit(
            "portrait",
            "Four walks",
            "Each row leads from one latent to another in steps of equal angle. Where does one digit become the other?",
            ("ways",),
        ),
        Exhibit("scores", "Scores", "With 95 % intervals.", ("interpolation_realism", "path_length")),
    ),
    check=check,
    explanation=(
        "The decoder is a smooth function: a small step of the latent is a small change of the picture, not of each "
        "pixel's grey but of the shape. That is what makes a walk look like a movement and not like a cross-fade.",
        "Smooth does not mean that every step is real. Where the interpolation crosses from one class to another it "
        "passes images that are neither. How many of these there are depends on how well the codes fill the prior, "
        "and on whether the model was trained there: a GAN's generator was, because it is trained on latents from "
        "the prior; a VAE's decoder was only where there are codes.",
        "In many dimensions nearly all of the prior lies in a thin shell. A straight line between two latents passes "
        "through its inside, where the prior has almost no mass. Hence steps of equal angle (slerp).",
    ),
    tries=(
        Next("The same with a GAN", "lesson", {"model": "gan"}),
        Next("Only two dimensions", "lesson", {"latent_dim": 2}),
        Next("Choose your own walk on the map", "latent"),
    ),
    plan=TeachingPlan(
        aim="Learners can say what a walk shows, what it does not, and why slerp is used.",
        before="Decoder or generator, prior. Nothing about metrics.",
        ask=(
            "Before: draw what lies half-way between a 3 and an 8. And between a 1 and a 0?",
            "While it trains: will there be a sharp border between two digits?",
            "After: on which of the four walks is there a picture that is no digit? Where?",
        ),
        said=(
            ("“A cross-fade.”", "Look for two ghosts on one picture: there are none, the shape changes."),
            ("“Smooth walks prove that it has understood.”", "They prove that the decoder is smooth."),
        ),
        traps=(
            "Four walks are an anecdote; the score rests on many. Let the number decide.",
            "The score is relative to the ends: bad ends make it easy to be “as real”. Look at the samples too.",
        ),
        follow=(
            "Take a photograph of a handwritten digit and find its place on the Latent page; walk from there.",
            "Take the difference of two class means as a direction: what does it change?",
        ),
    ),
)
