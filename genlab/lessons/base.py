"""What a lesson is: a prediction, something to run, what to look at, a check by its numbers, and a plan for teachers.

No torch, no streamlit: pages show lessons, ``docs/lessons.md`` is made from them, and the check is a pure function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from genlab.lessons._facts import LessonFacts as LessonFacts
from genlab.lessons._facts import LessonOutcome as LessonOutcome
from genlab.registry import Spec

LookKind = Literal["samples", "curves", "vector", "watch", "portrait", "scores", "sandbox", "experiment", "playground"]
Page = Literal["lesson", "playground", "train", "collapse", "latent", "compare", "curves"]


@dataclass(frozen=True)
class Answer:
    """One choice of a prediction.

    Attributes:
        key: What `LessonOutcome.answer` calls it.
        text: What stands beside the button.
    """

    key: str
    text: str


@dataclass(frozen=True)
class Training:
    """A run that a lesson needs.

    Attributes:
        key: What `LessonFacts.runs` calls it.
        label: What it is called beside the others of the lesson.
        title: What the lesson is about; the run becomes "Lesson: TITLE, LABEL".
        model: Objective.
        settings: As `lab.configs.make` takes them.
        data: Data set.
        preset: Preset that the settings are laid over.
        shipped: Name of a run that comes with genlab and shows the same; empty where there is none.
        control: Whether it is there to compare with: where there is no room for both, the other trains first.
    """

    key: str
    label: str
    title: str
    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    data: str = "mnist-5k"
    preset: str = "quick"
    shipped: str = ""
    control: bool = False

    @property
    def name(self) -> str:
        """Name of the run."""
        return f"Lesson: {self.title}, {self.label[:1].lower()}{self.label[1:]}"[:80]


@dataclass(frozen=True)
class Exhibit:
    """Something to look at when the runs are there, or while they train.

    Attributes:
        kind: What is shown.
        title: Heading.
        words: What to look for, in a sentence.
        names: Curves, sheets of a portrait or metrics, by kind; ``("earlier",)`` shows earlier samples as well. Of an
            experiment what shows it: ``("gradients",)``, ``("scores",)``, ``("flicker",)`` or ``("films",)``.
        link: Settings of the Playground, for kind ``playground``.
    """

    kind: LookKind
    title: str
    words: str
    names: tuple[str, ...] = ()
    link: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Next:
    """What to try afterwards.

    Attributes:
        label: What the link says.
        page: Where it leads; pages about runs are told the lesson's runs.
        settings: Options of this lesson, or of the Playground.
    """

    label: str
    page: Page
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TeachingPlan:
    """One page for whoever teaches it.

    Attributes:
        aim: What learners can say or do afterwards.
        before: What they should know.
        ask: Questions to put before and during the run.
        said: (what they will say, what to answer).
        traps: What goes wrong in the room, or is easily misread.
        follow: Where to go from there.
    """

    aim: str
    before: str
    ask: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    traps: tuple[str, ...]
    follow: tuple[str, ...]


def no_words(options: Any) -> Mapping[str, str]:
    """For lessons whose options read well as they are."""
    return {}


def no_trainings(options: Any) -> tuple[Training, ...]:
    """For lessons that need no run."""
    return ()


@dataclass(frozen=True, kw_only=True)
class LessonSpec(Spec):
    """A guided lab of five to ten minutes.

    Attributes:
        order: Its place among the lessons.
        minutes: How long it takes, waiting included.
        scene: What is about to happen: one to three short paragraphs.
        question: What is to be predicted; like the scene it may name options in braces, e.g. ``"{beta:g}"``.
        words: ``words(options) -> name -> text``: more that stands in braces, e.g. an option in words.
        choices: What can be predicted, at least two.
        configs: ``configs(options) -> runs``.
        looks: What is shown, from top to bottom.
        check: ``check(facts, options) -> Outcome``: which choice came true, by the numbers; never raises.
        explanation: Why, in short paragraphs of Markdown.
        tries: What to try next.
        plan: For teachers.
        scores: Metrics that the runs are evaluated by.
        samples: Generated items of that evaluation.
        damage: ``damage(options) -> (data set, damage)`` for the sandbox; None where nothing is damaged.
        experiment: ``experiment(options, items uint8 [N, *shape], labels [N]) -> document``: a computation of some
            seconds at most on the training items of ``data`` and their classes; None where there is none.
        data: The data set of the experiment.
    """

    noun: ClassVar[str] = "lesson"

    order: int
    minutes: int
    scene: tuple[str, ...]
    question: str
    choices: tuple[Answer, ...]
    words: Callable[[Any], Mapping[str, str]] = no_words
    configs: Callable[[Any], tuple[Training, ...]] = no_trainings
    looks: tuple[Exhibit, ...]
    check: Callable[[LessonFacts, Any], LessonOutcome]
    explanation: tuple[str, ...]
    tries: tuple[Next, ...]
    plan: TeachingPlan
    scores: tuple[str, ...] = ()
    samples: int = 1_000
    damage: Callable[[Any], tuple[str, str]] | None = None
    experiment: Callable[[Any, Any, Any], dict[str, Any]] | None = None
    data: str = "mnist-5k"

    def asked(self, options: Any) -> str:
        """The question with the options filled in."""
        return self.filled(self.question, options)

    def filled(self, text: str, options: Any) -> str:
        """``text`` with the options, and their words, in the place of their names."""
        return text.format(**options.model_dump(), **self.words(options))

    @property
    def wants_portraits(self) -> bool:
        """Whether pictures of the trained models are to be drawn."""
        return any(look.kind == "portrait" for look in self.looks)
