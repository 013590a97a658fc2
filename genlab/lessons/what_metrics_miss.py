"""What the metrics miss: real images damaged in a known way, and which of two scores notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from genlab.lessons._facts import undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan
from genlab.options import Options, setting
from genlab.registry import registry


class MissOptions(Options):
    """Settings of the lesson."""

    damage: Literal["half_classes", "one_class", "one_image", "blurred", "noisy", "memorised"] = setting(
        "half_classes", "what is done to the real images"
    )
    data: Literal["mnist-5k", "digits", "shapes"] = setting("mnist-5k", "which images")


def damage(options: MissOptions) -> tuple[str, str]:
    """Data set and damage."""
    return options.data, options.damage


DONE = {
    "half_classes": "half of the classes are taken out",
    "one_class": "items of one class take the place of all others",
    "one_image": "copies of one image take the place of all others",
    "blurred": "every image is blurred",
    "noisy": "noise is added to every image",
    "memorised": "training images are returned unchanged",
}
"""Damage in words."""


def words(options: MissOptions) -> dict[str, str]:
    """The damage as a clause."""
    return {"done": DONE[options.damage]}


def check(facts: LessonFacts, options: MissOptions) -> LessonOutcome:
    """Whether precision and coverage tell the full damage from none."""
    lines = [facts.sandbox.get(name) for name in ("precision", "coverage")]
    if not lines[0] or not lines[1]:
        return undecided("the damage has not been measured yet")
    told = [noticed(line) for line in lines if line]
    if None in told:
        return undecided("one of the two scores has no number for these data")
    numbers = []
    for title, line in (("Precision", lines[0]), ("Coverage", lines[1])):
        numbers.append((f"{title}, undamaged and damaged", f"{line[0]['value']:.2f} and {line[-1]['value']:.2f}"))
    others = [name for name, found in facts.sandbox.items() if name not in {"precision", "coverage"} and noticed(found)]
    titles = sorted(str(registry("metrics").get(name).title) for name in others if name in registry("metrics"))
    numbers.append(("Other scores that notice", ", ".join(titles) or "none"))
    said = {True: "notices", False: "does not"}
    words = (
        f"precision {said[bool(told[0])]} ({lines[0][0]['value']:.2f} undamaged, {lines[0][-1]['value']:.2f} damaged), "
        f"coverage {said[bool(told[1])]} ({lines[1][0]['value']:.2f}, {lines[1][-1]['value']:.2f})"
    )
    answers = {(1, 0): "precision", (0, 1): "coverage", (1, 1): "both", (0, 0): "neither"}
    return LessonOutcome(answers[int(bool(told[0])), int(bool(told[1]))], words, tuple(numbers))


def noticed(lines: Sequence[Mapping[str, Any]]) -> bool | None:
    """Whether a score tells the last strength from the first: each value lies outside the other's 95 % interval.

    None where one of them has no number.
    """
    first, last = lines[0], lines[-1]
    if first.get("value") is None or last.get("value") is None:
        return None
    return _beyond(last["value"], first) and _beyond(first["value"], last)


def _beyond(value: float, line: Mapping[str, Any]) -> bool:
    low, high = line.get("low"), line.get("high")
    if low is None or high is None:
        return bool(value != line["value"])
    return bool(value < low or value > high)


SPEC = LessonSpec(
    title="What the metrics miss",
    summary="Damage real data in a known way and see which scores notice",
    paper="Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, 2020",
    Options=MissOptions,
    order=8,
    minutes=7,
    scene=(
        "Every score is blind to something. No model is needed to find out to what: take real images, which deserve "
        "the best scores, damage them in a known way and see which scores notice.",
        "Here, in five strengths, {done} (data: {data}). **Precision** asks of each picture whether it lies among real "
        "ones. **Coverage** asks of each real one whether there is a picture nearby.",
    ),
    question="At full strength {done}. Which of the two notices?",
    choices=(
        Answer("precision", "Precision notices, coverage does not"),
        Answer("coverage", "Coverage notices, precision does not"),
        Answer("both", "Both notice"),
        Answer("neither", "Neither notices"),
    ),
    words=words,
    damage=damage,
    scores=("precision", "recall", "density", "coverage", "frechet", "inception_score", "near_duplicates", "authpct"),
    looks=(
        Exhibit(
            "sandbox",
            "How the scores respond",
            "The grey band is what undamaged items score. ▼ notices, ○ does not, ▲ takes it for better.",
        ),
    ),
    check=check,
    explanation=(
        "Precision judges what is there, item by item. It cannot see what is missing: a set without half of the "
        "classes consists of nothing but good pictures. Coverage looks the other way and cannot see that a picture is "
        "bad as long as another one stands near each real item.",
        "Scores that are one number mix both questions, as the Fréchet distance does, and some are blind in ways of "
        "their own: the classifier score (the Inception score, with a classifier of these very data) never looks at "
        "the real images; nearly all give high scores to a model that reproduces its training images.",
        "So no single score will do. Read one that asks about realism together with one that asks about variety, and "
        "one that asks about copies, each with its interval and with what real data score.",
    ),
    tries=(
        Next("Copies of one image", "lesson", {"damage": "one_image"}),
        Next("Blur, as a VAE would do it", "lesson", {"damage": "blurred"}),
        Next("Training images returned unchanged", "lesson", {"damage": "memorised"}),
        Next("The whole sandbox", "collapse"),
    ),
    plan=TeachingPlan(
        aim="Learners can name what precision, coverage and a distance do not see, and pick scores for a question.",
        before="That models are compared by scores. The lesson on mode collapse gives it a reason.",
        ask=(
            "Before: a restaurant with one perfect dish. Which guide would give it full marks?",
            "While it is measured: sketch both questions as arrows, from pictures to data and from data to pictures.",
            "After: which damage do all of them miss?",
        ),
        said=(
            ("“Precision will fall, half of it is gone.”", "It is a share of what is there. Nothing bad is there."),
            ("“Then use coverage alone.”", "Show them blur or noise, and ask again."),
        ),
        traps=(
            "The first measurement on a data set trains the feature extractor and takes longer.",
            "“Does not notice” means within the interval of a thousand items or fewer; with more it may.",
        ),
        follow=(
            "Each group takes one damage and reports the three scores that notice least.",
            "On the Compare page, find two models that change places from one score to another.",
        ),
    ),
)
