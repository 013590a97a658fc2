"""Critic against generator: a generator whose critic is far ahead of it, beside one whose critic is held back."""

from __future__ import annotations

from typing import Literal

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.options import Options, setting
from genlab.registry import registry

APART = 0.1
"""Difference in coverage that tells two generators apart: twice what the watch's 256 samples leave open."""


class CriticOptions(Options):
    """Settings of the lesson."""

    critic_lr: float = setting(
        2e-3, "learning rate of the critic that is ahead; its generator has 0.0002", gt=0, le=0.1, log=True
    )
    loss: Literal["minimax", "non_saturating", "hinge", "relativistic"] = setting(
        "minimax", "loss of critic and generator"
    )
    penalty: Literal["none", "r1", "r1_r2"] = setting("none", "penalty on the critic's gradient")
    images: int = setting(29_000, "length of each training", ge=1_000, le=500_000, unit="images")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def words(options: CriticOptions) -> dict[str, str]:
    """Loss and penalty in words."""
    loss, penalty = registry("losses").get(options.loss).title, registry("penalties").get(options.penalty).title
    return {
        "game": f"the {loss.lower()} loss, {'no penalty' if options.penalty == 'none' else f'the penalty {penalty}'}"
    }


def configs(options: CriticOptions) -> tuple[Training, ...]:
    """The game with a critic that is ahead, and a balanced one."""
    shared = {"images": options.images, "seed": options.seed}
    told = {"critic_lr": options.critic_lr, "loss": options.loss, "penalty": options.penalty}
    held = {"loss": "relativistic", "penalty": "r1_r2", "penalty.weight": 1.0, "lr": 2e-3, "critic_lr": 2e-3}
    rest = "" if options.penalty == "none" else f" with {options.penalty}"
    return (
        Training(
            "ahead",
            "Critic ahead",
            f"{options.loss}{rest}, critic lr {options.critic_lr:g}",
            "gan",
            {**shared, **told},
            preset="critic-too-strong",
            shipped="gan-critic-won" if options == CriticOptions() else "",
        ),
        Training(
            "held",
            "Critic held back",
            "relativistic with r1_r2",
            "gan",
            {**shared, **held, "beta1": 0.0, "beta2": 0.99},
            preset="critic-too-strong",
            shipped="gan-cured" if options == CriticOptions() else "",
            control=True,
        ),
    )


def check(facts: LessonFacts, options: CriticOptions) -> LessonOutcome:
    """Coverage of the data by the two generators, with how sure their critics were."""
    lack = missing(facts, "ahead", "held")
    if lack:
        return lack
    ahead, held = facts.runs["ahead"], facts.runs["held"]
    reached = [seen.last("watch/coverage") for seen in (ahead, held)]
    if reached[0] is None or reached[1] is None:
        return undecided("the collapse watch has not checked these runs: they were too short")
    numbers = [("Coverage, critic ahead", f"{reached[0]:.0%}"), ("Coverage, critic held back", f"{reached[1]:.0%}")]
    for name, seen in (("ahead", ahead), ("held back", held)):
        gap = seen.last("watch/critic_gap")
        if gap is not None:
            numbers.append((f"Critic {name} is right about", f"{(1 + gap) / 2:.0%} of pairs"))
        fallen = gradient_left(seen.values("gradient_norm/generator"))
        if fallen is not None:
            numbers.append((f"Generator's gradient against its largest, critic {name}", f"{fallen:.1%}"))
    words = f"the generator with the critic ahead of it covers {reached[0]:.0%} of the data, the other {reached[1]:.0%}"
    if abs(reached[0] - reached[1]) < APART:
        return LessonOutcome("same", words, tuple(numbers))
    return LessonOutcome("held" if reached[1] > reached[0] else "ahead", words, tuple(numbers))


def gradient_left(norms: list[float]) -> float | None:
    """The last norm as a share of the largest; None where there are too few to say."""
    return norms[-1] / max(norms) if len(norms) > 2 and max(norms) > 0 else None


SPEC = LessonSpec(
    title="Critic against generator",
    summary="What a generator learns from a critic that is far ahead of it, and from one with a gradient penalty",
    paper="Arjovsky and Bottou, Towards Principled Methods for Training Generative Adversarial Networks, 2017",
    Options=CriticOptions,
    order=4,
    minutes=8,
    scene=(
        "In a GAN the generator learns from nothing but the critic's gradient. Is a better critic a better teacher?",
        "Two GANs learn handwritten digits. In the first the critic learns at rate {critic_lr:g} and the generator at "
        "0.0002 ({game}). In the second both learn at one rate, and a gradient penalty keeps the critic from becoming "
        "steep.",
    ),
    question="Which generator covers more of the digits at the end?",
    choices=(
        Answer("ahead", "The one with the better critic: it gets the better feedback"),
        Answer("same", "Both about equally: what matters is how long they train"),
        Answer("held", "The one whose critic is held back"),
    ),
    words=words,
    configs=configs,
    looks=(
        Exhibit("samples", "Samples", "The same latents for both."),
        Exhibit("watch", "What the collapse watch says", "The critic's gap: at 1 it is right about every pair."),
        Exhibit(
            "curves",
            "Scores, the generator's gradient, and coverage",
            "Where the generator's gradient is zero, it has stopped learning, whatever the scores are.",
            ("score/real", "score/fake", "gradient_norm/generator", "watch/coverage"),
        ),
    ),
    check=check,
    explanation=(
        "The generator learns from the slope of the critic at its samples. A critic that is sure of every fake is flat "
        "there: a little better or a little worse, the verdict stays “fake”, and under the minimax loss the gradient "
        "goes to zero with it.",
        "The non-saturating loss of the same paper keeps a gradient where the critic is sure, but not its direction: "
        "a critic that separates the two sets perfectly can do so by any detail, and following that detail does not "
        "lead to the data.",
        "The remedy is a smoother critic, not a weaker one. Accuracy is not the problem: compare how many pairs the "
        "two critics get right. A penalty on the slope (R1, R2, gradient penalty) makes the score rise steadily on "
        "the way from fake to real, so that the gradient is useful even from a critic that is seldom wrong.",
    ),
    tries=(
        Next("The same critic, non-saturating loss", "lesson", {"loss": "non_saturating"}),
        Next("The same critic and loss, with R1 + R2", "lesson", {"penalty": "r1_r2"}),
        Next("Arrows that vanish, in the plane", "playground", {"scene": "vanishing_gradient"}),
        Next("Evidence on the Collapse page", "collapse"),
    ),
    plan=TeachingPlan(
        aim="Learners can read from the curves that a critic has won, and explain why that stops the generator.",
        before="The two players of a GAN and what each minimises.",
        ask=(
            "Before: a marker who writes only “wrong” under every essay. What do you learn?",
            "While it trains: the critic's loss goes to zero. Who should be pleased?",
            "After: where is the generator's gradient at the end, against its largest?",
        ),
        said=(
            ("“A loss near zero is what we want.”", "Whose? In a game the other side has then stopped learning."),
            ("“Then use a small critic.”", "It helps, and limits how good samples get. Smoothness costs less."),
        ),
        traps=(
            "Scores are logits for some losses and have no scale for others: compare the gap, not the scores.",
            "The second critic may be right about nearly all pairs, too. What differs is the slope at the samples.",
            "The second GAN differs in several settings at once. The first two links below change one at a time.",
            "Coverage is that of the watch: 256 samples. It tells these two apart, not two good models.",
        ),
        follow=(
            "Change one thing at a time (loss, penalty, rate) and keep a table: what alone is enough to save it?",
            "In the Playground, raise the critic's updates per step from 1 to 5 while it runs.",
        ),
    ),
)
