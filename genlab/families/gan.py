"""Generative adversarial networks: a generator and a critic against each other; no encoder, no likelihood."""

from __future__ import annotations

from typing import Any

from genlab.families import _game as game
from genlab.families import _readings as readings
from genlab.families.base import Concept, FamilySpec, Play, Term


def _drawing(pen: Any) -> list[str]:
    """The model from left to right."""
    low, middle = 150, 96
    axis = 132
    return [
        pen.thing("noise z", 4, low),
        pen.arrow((84, low), (108, low)),
        pen.network("generator", 110, low, 1, narrows=False),
        pen.arrow((202, low), (228, low)),
        pen.thing("sample", 230, low),
        pen.thing("real image", 230, 42, 90, real=True),
        pen.path(f"M310 {low}Q352 {low} 362 {middle + 16}"),
        pen.head(365, middle + 12, 1, 0),
        pen.path(f"M322 42Q352 42 362 {middle - 16}"),
        pen.head(365, middle - 12, 1, 0),
        pen.network("critic", 368, middle, 2, narrows=True),
        pen.arrow((460, middle), (492, middle)),
        pen.path(f"M500 {axis}H764"),
        pen.head(770, axis, 1, 0),
        pen.text("score", 768, axis + 20, anchor="end", small=True),
        pen.hump(578, axis, 52),
        pen.hump(694, axis, 52, real=True),
        pen.text("samples", 578, axis - 52, small=True),
        pen.text("real", 694, axis - 52, small=True),
        pen.arrow((600, axis + 14), (668, axis + 14)),
        pen.number(588, axis + 14, 3),
        pen.text("generator: together · critic: apart", 634, axis + 40, small=True),
        pen.path(f"M414 {middle + 30}V200Q414 208 406 208H164Q156 208 156 200V{low + 36}", dashed=True),
        pen.head(156, low + 30, 0, -1),
        pen.text("gradient: what would score higher?", 290, 202, small=True),
    ]


CONCEPT = Concept(
    question="Learn to generate images that a critic, trained at the same time, judges real.",
    intro="A generative adversarial network has no likelihood and no encoder. Two networks compete: the critic "
    "learns to tell real images from generated ones, the generator learns to make images that the critic judges "
    "real. Nobody specifies what is wrong with an image; the critic learns it.",
    terms=(
        Term(
            1,
            "Generator",
            "Turns noise z into an image. It never sees a real one: all it learns from is the gradient that comes back "
            "through the critic.",
            readings.value("loss/generator", "{:.3g}", "its loss; it falls when samples score higher"),
            "decoder",
        ),
        Term(
            2,
            "Critic",
            "Gives every image a score, high for real ones. As it is trained against the newest samples, it is a "
            "measure of quality that moves along with the generator. One that always wins gives no useful gradient.",
            readings.critic_gap,
            "critic",
        ),
        Term(
            3,
            "Minimax",
            "The critic maximises what the generator minimises. What one gains the other loses, so no curve has to "
            "go down, and a loss does not say how good samples are. At equilibrium the critic cannot separate them.",
            readings.scores,
            "scores",
        ),
        Term(
            0,
            "Losses",
            "Read them against each other: they should stay in reach of one another, oscillating. One that runs away "
            "means that one player has won.",
            readings.losses,
        ),
        Term(
            0,
            "Penalty on the critic",
            "Without a penalty the critic's gradient can grow without bound. Gradient penalties such as R1 and R2 "
            "keep it small around images, so that training converges instead of cycling.",
            readings.value("penalty", "{:.3g}", "penalty on the critic's gradient"),
        ),
        Term(
            0,
            "Mode collapse",
            "A critic that sees one image at a time cannot notice that all are alike. A generator may produce only a "
            "few modes until the critic rejects them, then switch to others.",
            readings.modes,
        ),
    ),
    drawing=_drawing,
    described="A GAN from left to right: noise z goes into the generator (1), which makes a sample. Samples and real "
    "images go into the critic (2), which puts each on a scale of scores, real ones to the right. The critic pulls "
    "the two apart, the generator pushes its samples to the right (3): its only teacher is the gradient that comes "
    "back through the critic.",
)


def _settings(scenario: Any, scale: float) -> dict[str, Any]:
    """The model and its optimiser in the Playground."""
    model = {"name": "gan", **game.options(scenario), "pack": scenario.pack}
    return {"model": model, "optimiser": game.optimiser(scenario)}


def _repeats(scenario: Any) -> dict[str, int]:
    """Turns of each player in a step."""
    return {"critic": scenario.critic_repeats, "generator": scenario.generator_repeats}


SPEC = FamilySpec(
    title="GAN",
    summary="A generator and a critic trained against each other; neither encoder nor likelihood",
    order=2,
    colour="#D55E00",
    colour_dark="#F0803C",
    ink="#B54F00",
    glyph="▲",
    symbol="triangle-up",
    dash="dash",
    parts=("critic",),
    concept=CONCEPT,
    play=Play(_settings, _repeats, knobs=(*game.KNOBS, "pack"), browser="gan"),
)
