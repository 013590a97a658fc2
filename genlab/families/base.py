"""What a family is: its name, its signs, the parts of its models, and what the Guide and the Playground know. No torch.

Everything that depends on which family a model is of asks the family's spec, mostly for a *part*: whether there is an
encoder, a critic, a likelihood. No other module compares families by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from genlab.registry import Spec

Part = Literal["encoder", "critic", "likelihood"]
"""What models of a family may have besides a decoder: an encoder, a critic, a likelihood (itself, or a bound on it)."""

PARTS: tuple[Part, ...] = get_args(Part)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a run has to say of a term.

    Attributes:
        words: The number as it is written.
        note: What it says, in a few words.
        curve: Name of the value whose course is drawn beside it; empty for none.
    """

    words: str
    note: str
    curve: str = ""


@dataclass(frozen=True)
class Term:
    """One idea of a family.

    Attributes:
        number: Its number in the drawing; 0 where it has none.
        title: What it is called.
        text: What it is, in Markdown.
        read: The newest row of a run's curves -> what it says of the term; None where the row does not have it.
        node: The place of the data flow that shows it (``genlab/ui/components/flow``), which gets its number; "" for
            none.
    """

    number: int
    title: str
    text: str
    read: Callable[[Row], Reading | None]
    node: str = ""


@dataclass(frozen=True)
class Concept:
    """How a family works, for the Guide.

    Attributes:
        question: The idea in one line.
        intro: Two or three sentences.
        terms: Its parts, in the order of reading.
        drawing: ``drawing(pen) -> pieces of SVG``, where ``pen`` is a `genlab.plots.concepts.Pen`; None for none.
        described: The drawing in words, with the numbers of the terms in brackets.
    """

    question: str
    intro: str
    terms: tuple[Term, ...]
    drawing: Callable[[Any], Sequence[str]] | None = None
    described: str = ""


@dataclass(frozen=True)
class Play:
    """How the Playground sets up a model of the family.

    Attributes:
        settings: ``settings(scenario, scale) -> document``: ``model`` (its name and options) and ``optimiser``, laid
            over what all models of the Playground share; ``scenario`` is a `genlab.playground.scenario.Scenario` and
            ``scale`` about the standard deviation of a coordinate of the data.
        repeats: ``repeats(scenario) -> player -> turns in a step``; a player that is not named has one.
        knobs: Settings of the scenario that do something to this family and not to every other.
        samples: What is to be known of its samples, as a sentence; empty for nothing.
        browser: Which trainer of the browser's engine does the same (``TRAINERS`` in ``engine/trainers.js``); empty
            where there is none, and the server trains.
    """

    settings: Callable[[Any, float], Mapping[str, Any]]
    repeats: Callable[[Any], Mapping[str, int]] = lambda scenario: {}
    knobs: tuple[str, ...] = ()
    samples: str = ""
    browser: str = ""


@dataclass(frozen=True, kw_only=True)
class FamilySpec(Spec):
    """A model family.

    Colours are ``#RRGGBB``. Because a projector or a printer may lose them, a family is told by shape and dash as well.

    Attributes:
        order: Its place among the families, rising.
        colour: Of lines and marks on a light ground.
        colour_dark: The same hue, lighter, with enough contrast for lines and text on a dark ground.
        ink: The same hue as text on a light ground, where small letters need more contrast than lines and marks do.
        glyph: Its shape as one character, for badges and lists.
        symbol: Its shape as a plotly marker.
        dash: Its plotly line dash, for plots in which family is not told by anything else.
        parts: What its models have besides a decoder.
        samples: Whether its models have a decoder and draw samples; else they turn items into other items.
        article: What stands before its title within a sentence.
        concept: How it works, where the Guide has a section on it.
        play: How the Playground sets it up; None where it cannot, and then it is not offered there.
    """

    noun: ClassVar[str] = "family"

    order: float = 100
    colour: str
    colour_dark: str
    ink: str
    glyph: str = "■"
    symbol: str = "square"
    dash: str = "dashdot"
    parts: tuple[Part, ...] = ()
    samples: bool = True
    article: str = "a"
    concept: Concept | None = None
    play: Play | None = None

    @property
    def one(self) -> str:
        """One model of it, within a sentence: ``a GAN``."""
        return f"{self.article} {self.title}"
