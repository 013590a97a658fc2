"""Mode collapse and how to prevent it: eight modes, and how many of them a GAN keeps without and with a penalty."""

from __future__ import annotations

from typing import Any, Literal

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.options import Options, setting
from genlab.registry import registry

HALF = 0.5
"""Up to this share of the modes is a collapse, as for the alarm of the collapse watch."""

LATE = 0.4
"""Share of the looks that counts as the end: samples hop from mode to mode, and a single look is a matter of luck."""

ALL = 0.9
"""From this share on all modes count as reached."""


class ModeOptions(Options):
    """Settings of the lesson."""

    data: Literal["ring", "grid", "mnist-5k"] = setting(
        "ring", "8 modes on a ring, 25 on a grid, or the 10 digits (slower)"
    )
    loss: Literal["non_saturating", "minimax", "hinge", "relativistic"] = setting(
        "non_saturating", "loss of critic and generator"
    )
    penalty: Literal["none", "r1", "r1_r2"] = setting("none", "penalty on the critic's gradient")
    pack: int = setting(1, "samples that the critic judges together", ge=1, le=4)
    length: int = setting(150_000, "length of each training", ge=2_000, le=1_000_000, unit="items")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


SHAPES = {"ring": "eight spots on a ring", "grid": "25 spots on a grid", "mnist-5k": "ten handwritten digits"}
"""Data in words."""


def words(options: ModeOptions) -> dict[str, str]:
    """Data, loss and penalty in words."""
    loss, penalty = registry("losses").get(options.loss).title, registry("penalties").get(options.penalty).title
    held = "no penalty" if options.penalty == "none" else f"the penalty {penalty}"
    return {"lumps": SHAPES[options.data], "game": f"the {loss.lower()} loss, {held}"}


def configs(options: ModeOptions) -> tuple[Training, ...]:
    """The GAN in question, and one with the usual stabilisers."""
    usual = options == ModeOptions(data="mnist-5k", length=options.length)
    length = min(options.length, 60_000) if options.data == "mnist-5k" else options.length
    shared = {"images": length, "seed": options.seed}
    told = {"loss": options.loss, "penalty": options.penalty, "pack": options.pack}
    cured = {"loss": "relativistic", "penalty": "r1_r2", "lr": 1e-3, "critic_lr": 1e-3, "beta1": 0.0, "beta2": 0.99}
    rest = "".join(
        (f", {options.penalty}" if options.penalty != "none" else "", f", packs of {options.pack}" * (options.pack > 1))
    )
    return (
        Training(
            "bare",
            f"{options.loss}{rest}".replace("_", "-").capitalize(),
            f"mode collapse on {options.data}",
            "gan",
            {**shared, **told},
            data=options.data,
            preset="collapsing-gan",
            shipped="gan-collapsed" if usual else "",
        ),
        Training(
            "cured",
            "With stabilisers",
            f"mode collapse on {options.data}",
            "gan",
            {**shared, **cured},
            data=options.data,
            preset="collapsing-gan",
            shipped="gan-cured" if usual else "",
            control=True,
        ),
    )


def check(facts: LessonFacts, options: ModeOptions) -> LessonOutcome:
    """Modes that the samples of the last looks reach."""
    lack = missing(facts, "bare")
    if lack:
        return lack
    bare, cured = facts.runs["bare"], facts.runs.get("cured")
    there = bare.watch.get("modes")
    found = bare.late("watch/modes", LATE)
    if not there or found is None:
        return undecided("the collapse watch has not checked this run: it was too short")
    numbers: list[tuple[str, Any]] = [("Modes reached, mean of the last looks", f"{found:.3g} of {there}")]
    looks = bare.values("watch/modes")
    numbers.append(("Fewest and most while it trained", f"{min(looks):.0f} and {max(looks):.0f}"))
    if cured is not None and (healed := cured.late("watch/modes", LATE)) is not None:
        numbers.append(("The same with stabilisers", f"{healed:.3g} of {there}"))
    alarm = bare.alarm("mode_collapse")
    if alarm:
        numbers.append(("Collapse watch", f"alarm since {int(alarm.get('images', 0)):,} items"))
    words = f"the samples reach {found:.3g} of {there} modes, as a mean of the last looks"
    if found <= HALF * there:
        return LessonOutcome("few", words, tuple(numbers))
    return LessonOutcome("all" if found >= ALL * there else "some", words, tuple(numbers))


SPEC = LessonSpec(
    title="Mode collapse and how to prevent it",
    summary="How many modes of the data a GAN reaches, without and with the usual stabilisers",
    paper="Metz, Poole, Pfau and Sohl-Dickstein, Unrolled Generative Adversarial Networks, 2017",
    Options=ModeOptions,
    order=5,
    minutes=8,
    scene=(
        "A GAN is trained on data that consist of separate modes: {lumps}. The generator is rewarded for samples "
        "that the critic judges real, one by one.",
        "The first GAN has {game}, and a generator that learns faster than its critic. The second has the stabilisers "
        "that came later: the relativistic loss, R1 + R2 penalties, and equal rates.",
    ),
    question="How many of the modes do the samples of the first GAN reach at the end?",
    choices=(
        Answer("all", "All, or all but one: a missing one would be easy to notice for the critic"),
        Answer("some", "More than half of them"),
        Answer("few", "Half or fewer"),
    ),
    words=words,
    configs=configs,
    looks=(
        Exhibit("samples", "Samples", "Below them, earlier moments: do the samples stay where they are?", ("earlier",)),
        Exhibit("watch", "What the collapse watch says", "Modes reached, and samples that are alike."),
        Exhibit(
            "curves",
            "Modes while they train",
            "A mode counts when it holds a fifth of the samples that real data would put there. Does the loss tell?",
            ("watch/modes", "loss/critic"),
        ),
    ),
    check=check,
    explanation=(
        "Each sample is rewarded by itself. If one mode scores highest, the best response is to put every sample "
        "there. The critic then learns that this mode is full of generated samples, and another one scores highest: "
        "the samples move there together, and the cycle repeats.",
        "The stabilisers act in different places. A gradient penalty (R1 + R2) keeps the critic from forming steep "
        "peaks that attract all samples. A relativistic loss compares each fake with a real item, so that a mode "
        "without samples is worth moving to. Packing lets the critic see several samples at once, and equal rates "
        "let it keep up.",
        "Blurring is the VAE's way of failing, leaving out is the GAN's: a likelihood penalises every data point "
        "that the model misses, a critic only what the model generates.",
    ),
    tries=(
        Next("Only the penalty", "lesson", {"penalty": "r1_r2"}),
        Next("Only packing", "lesson", {"pack": 2}),
        Next("25 modes on a grid", "lesson", {"data": "grid"}),
        Next("The ten digits", "lesson", {"data": "mnist-5k"}),
        Next("Watch the samples move from mode to mode, live", "playground", {"scene": "mode_hopping"}),
        Next("Evidence on the Collapse page", "collapse"),
    ),
    plan=TeachingPlan(
        aim="Learners can tell mode collapse from blur and from posterior collapse, and explain how two stabilisers "
        "work.",
        before="The two players of a GAN. Best after “Critic against generator”.",
        ask=(
            "Before: you are paid for each forged coin that passes. Would you forge every denomination?",
            "While it trains: is the critic's loss telling you about the missing modes?",
            "After: which curve would have told you without the pictures?",
        ),
        said=(
            ("“The critic would notice that seven modes are missing.”", "It sees one sample at a time. Hence packing."),
            ("“It will come round to the others in time.”", "It does, and leaves the first: count over time."),
        ),
        traps=(
            "With another seed it may keep more modes. One run is an example, not a law: compare groups.",
            "Every sample can be perfect while modes are missing: judging single samples does not see it.",
        ),
        follow=(
            "Each group takes another seed; collect the modes on the board and talk about the spread.",
            "Which single stabiliser is enough? Change one setting at a time.",
            "Go on with “What the metrics miss”: which scores would have noticed?",
        ),
    ),
)
