"""What likelihood calls normal: simple pictures are likely, even to a density that has never seen any like them."""

from __future__ import annotations

from typing import Any

from genlab.lessons import _simplicity
from genlab.lessons._facts import undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan
from genlab.options import Options, setting

CLEAR = 0.05
"""How far from one half a chance has to be, for one side to count as likelier."""


class LikelihoodOptions(Options):
    """Settings of the lesson."""

    normal: int = setting(8, "the digit that is learned", ge=0, le=9)
    other: int = setting(1, "the digit that is not", ge=0, le=9)
    latents: int = setting(8, "size of the latent space", ge=1, le=64, unit="dimensions")
    seed: int = setting(0, "which half of the digits is learned from", ge=0, le=2**31 - 1)


def experiment(options: LikelihoodOptions, items: Any, labels: Any) -> dict[str, Any]:
    """Learn a density of one digit, and ask it about another."""
    return _simplicity.scored(items, labels, options.normal, options.other, options.latents, options.seed)


def check(facts: LessonFacts, options: LikelihoodOptions) -> LessonOutcome:
    """The chance that the other digit is less likely than the one that was learned."""
    found = facts.measured
    if not found:
        return undecided("the digits have not been scored yet")
    plain, corrected = (float(found[name]["auroc"]) for name in ("likelihood", "corrected"))
    sizes = found["compressed"]
    numbers = (
        ("AUROC of the likelihood", f"{plain:.2f}"),
        ("AUROC of the likelihood less complexity", f"{corrected:.2f}"),
        (f"A {options.normal} compressed, bits", f"{sizes['normal']:,.0f}"),
        (f"A {options.other} compressed, bits", f"{sizes['other']:,.0f}"),
    )
    words = (
        f"a {options.other} takes more bits than a held-out {options.normal} in {plain:.0%} of all pairs; less the "
        f"bits of the compressed picture, in {corrected:.0%}"
    )
    if plain < 0.5 - CLEAR:
        return LessonOutcome("likelier", words, numbers)
    return LessonOutcome("found" if plain > 0.5 + CLEAR else "alike", words, numbers)


SPEC = LessonSpec(
    title="What likelihood calls normal",
    summary="A density of one digit is asked about another, and how surprised it is",
    paper="Serrà et al., Input complexity and out-of-distribution detection with likelihood-based models, 2020",
    Options=LikelihoodOptions,
    order=10,
    minutes=6,
    scene=(
        "A model with a likelihood seems made for finding anomalies: learn what is normal, and sound the alarm where "
        "an item is improbable.",
        "Here the model is the best linear decoder with {latents} latents, whose likelihood is known exactly. It "
        "learns handwritten digits {normal}, and nothing else. Then it is asked how probable two kinds of pictures "
        "are that it has never seen: other digits {normal}, and digits {other}.",
    ),
    question="What will it say of the digits {other}?",
    choices=(
        Answer("found", "They are improbable: it has never seen anything like them"),
        Answer("alike", "They are about as probable as what it learned"),
        Answer("likelier", "They are more probable than what it learned"),
    ),
    looks=(
        Exhibit(
            "experiment",
            "Bits that each picture takes",
            "Above by the density alone; below less the bits that the picture takes when it is compressed. More bits "
            "are more of a surprise.",
            ("scores",),
        ),
    ),
    check=check,
    experiment=experiment,
    explanation=(
        "A density in hundreds of dimensions is not a membership test. It adds up over pixels how well each is "
        "foretold, and a pixel that is black nearly everywhere is foretold well. A thin stroke on black has few pixels "
        "that are hard to foretell, whatever digit it is; a digit with two loops has many, even for the model that "
        "has learned nothing else.",
        "The same happens to VAEs and to flows: trained on clothes, they find digits likelier than clothes; trained "
        "on photographs, house numbers. What they lack is a comparison: likely *for so simple a picture*?",
        "The correction subtracts what any general compressor needs for the picture: what is left is a ratio of two "
        "likelihoods, the model's and that of a code for all pictures. Other remedies are the error of the "
        "reconstruction relative to what is on the picture, or a second model that has learned everything.",
        "It does not always help: where the anomaly is the more complicated picture, the correction hides what the "
        "likelihood had rightly said. The task of anomaly detection shows both, beside methods without a model.",
    ),
    tries=(
        Next("Learn ones, ask about eights", "lesson", {"normal": 1, "other": 8}),
        Next("Learn eights, ask about zeros", "lesson", {"other": 0}),
        Next("Train a VAE on one digit", "train"),
    ),
    plan=TeachingPlan(
        aim="Learners can say why a high likelihood is no proof that an item belongs, and what a correction compares.",
        before="Likelihood, logarithms as bits, that a density is learned from examples.",
        ask=(
            "Before: what does a density give an empty picture, if nearly all pixels of all digits are black?",
            "Which pixels of a digit are hard to foretell? How many are there on a one, and on an eight?",
            "After: when will the correction do harm?",
        ),
        said=(
            ("“Then the model is bad.”", "Give it 32 latents and see: the better density falls into the same trap."),
            ("“Then likelihood is useless.”", "Swap the digits: ones learned, eights asked. It works perfectly."),
        ),
        traps=(
            "AUROC below one half is not noise: the order is wrong, reliably.",
            "A correction that was chosen because it finds these anomalies has been fitted to them.",
        ),
        follow=(
            "Train a VAE with data.classes, and compare its scores with `genlab task anomaly`.",
            "Have them find a pair of digits where the correction makes it harder.",
        ),
    ),
)
