"""The front page's models: shipped ones of each data set side by side, what tells them apart, and how they score.

What is said of a model is made from its scores alone: it is the best of its group in something only where its interval
lies clear of the others', and better than some where it lies clear of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from genlab import kinds
from genlab.errors import GenlabError
from genlab.exploration.explored import BrowserDecoder
from genlab.families import known as known_family
from genlab.families import place
from genlab.lab import ReadOnlyLab
from genlab.numbers import decimals, interval
from genlab.plots.radar import HEADLINES
from genlab.plots.scores import Score, ScorePanel
from genlab.plots.theme import family_colour, family_glyph, family_ink, family_title
from genlab.presentation.lineup import gather
from genlab.presentation.scoring import panels
from genlab.registry import registry
from genlab.store.run import Run

LEAST = 2
"""Fewer models than this are no comparison."""

NO_DECODER = "Its decoder is missing or damaged, so it stands still. Open it on Latent: that prepares it again."
LEVEL = "No measurable difference from the others"
UNJUDGED = "Not evaluated yet"
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True)
class Aspect:
    """Something that models can be told apart by.

    Attributes:
        metric: The metric that measures it.
        most: What is said of the best.
        more: What is said of one that is better than some, which are named after it.
    """

    metric: str
    most: str
    more: str


ASPECTS = (
    Aspect("frechet", "Closest to the data", "Closer to the data than"),
    Aspect("recall", "Most varied samples", "More varied samples than"),
    Aspect("path_length", "Smoothest latent space", "Smoother latent space than"),
    Aspect("coverage", "Covers most of the data", "Covers more of the data than"),
    Aspect("precision", "Most realistic samples", "More realistic samples than"),
)
"""In the order in which they are looked for."""


@dataclass(frozen=True)
class FrontModel:
    """A model of the front page.

    Attributes:
        run: Its run.
        dim: Size of its latent space.
        shape: Of its pictures, (C, H, W).
        conditional: Whether it is told a class.
        decoder: How a browser decodes; None where that is missing or damaged.
        sample: (images seen, file) of its newest sample grid; None where it drew none.
        character: What tells it from the others, as a line.
        detail: The numbers behind it.
        score: The group's headline score with its interval.
        reference: What real data score.
        settings: Which of its settings are not those of today's preset, as a sentence; "" where they are.
    """

    run: Run
    dim: int
    shape: tuple[int, ...]
    conditional: bool
    decoder: BrowserDecoder | None
    sample: tuple[int, Path] | None
    character: str = UNJUDGED
    detail: str = ""
    score: str = ""
    reference: str = ""
    settings: str = ""

    @property
    def trouble(self) -> str:
        """Why it does not move, as a sentence; "" where it does."""
        return "" if self.decoder is not None and self.decoder.graph else NO_DECODER


@dataclass(frozen=True)
class FrontGroup:
    """Models of one data set.

    Attributes:
        data: Its name.
        title: Its title.
        models: One of each family, in the order of families.
    """

    data: str
    title: str
    models: tuple[FrontModel, ...]


def for_lessons(run: Run) -> bool:
    """Whether a run was made to show what goes wrong, or its cure: no example of its family."""
    presets = registry("presets")
    return run.preset in presets and bool(presets.get(run.preset).teaches)


def front_groups(lab: ReadOnlyLab) -> list[FrontGroup]:
    """What there is to show: for each data set with shipped models of several families, the longest trained of each."""
    shipped = [run for run in lab.runs.all() if run.shipped and not for_lessons(run)]
    groups = []
    for data in dict.fromkeys(run.data for run in shipped):
        chosen: dict[str, Run] = {}
        for run in sorted((run for run in shipped if run.data == data), key=lambda run: -run.images):
            chosen.setdefault(run.family, run)
        found = [model for family in sorted(chosen, key=place) if (model := _model(lab, chosen[family])) is not None]
        if len(found) >= LEAST:
            groups.append(FrontGroup(data, _title(data), tuple(_described(lab, found))))
    return groups


def _title(data: str) -> str:
    datasets = registry("datasets")
    return str(datasets.get(data).title) if data in datasets else data


def _model(lab: ReadOnlyLab, run: Run) -> FrontModel | None:
    """The model of a run; None where there is nothing of it to show in motion."""
    try:
        reader = lab.runs.read(run)
        space = reader.environment().get("space") or {}
        kind = kinds.of(space)
        shape = tuple(int(side) for side in space.get("shape", ()))
        if not kind.pixels or len(shape) != 3:
            return None
        samples = reader.samples()
        sample = samples[-1] if samples else None
        return FrontModel(
            run, reader.config().latent_dim, shape, bool(space.get("classes")), lab.models.decoder(run), sample
        )
    except GenlabError:
        return None


@dataclass(frozen=True)
class FrontFiles:
    """Where a browser finds what it shows of a model; "" for what there is not.

    Attributes:
        graph: The decoder's graph.
        weights: The weights that the graph reads.
        opening: The sheet of the opening film.
        still: A picture for a model that cannot move.
        link: A page on which its latent space can be explored.
    """

    graph: str = ""
    weights: str = ""
    opening: str = ""
    still: str = ""
    link: str = ""


def front_data(groups: Sequence[FrontGroup], files: Callable[[FrontModel], FrontFiles]) -> list[dict[str, Any]]:
    """What the browser is told of the models, as ``front/types.d.ts`` says; the app and an exported page tell it alike.

    Args:
        groups: What is shown.
        files: Where the files of a model are.
    """
    return [
        {"data": group.data, "title": group.title, "models": [_data(model, files(model)) for model in group.models]}
        for group in groups
    ]


def _data(model: FrontModel, files: FrontFiles) -> dict[str, Any]:
    family, opening = model.run.family, None if model.decoder is None else model.decoder.opening
    spec = known_family(family)
    film = None
    if opening is not None and files.opening:
        film = {
            "src": files.opening,
            "frames": opening.frames,
            "columns": opening.columns,
            "waves": opening.waves,
        }
    return {
        "run": model.run.id,
        "title": family_title(family),
        "one": "a model" if spec is None else spec.one,
        "glyph": family_glyph(family),
        "colour": {"light": family_colour(family, "light"), "dark": family_colour(family, "dark")},
        "ink": {"light": family_ink(family, "light"), "dark": family_ink(family, "dark")},
        "link": files.link,
        "character": model.character,
        "detail": model.detail,
        "score": model.score,
        "reference": model.reference,
        "settings": model.settings,
        "dim": model.dim,
        "shape": list(model.shape),
        "conditional": model.conditional,
        "source": {"graph": files.graph or None, "weights": files.weights or None},
        "opening": film,
        "still": files.still,
        "trouble": model.trouble,
    }


# What is said of them


def _described(lab: ReadOnlyLab, models: Sequence[FrontModel]) -> list[FrontModel]:
    """``models`` with their character and headline score."""
    from genlab.matches.since import sentence

    entrants, _ = gather(lab, [model.run for model in models])
    if len(entrants) < len(models):
        return list(models)
    moments = {entrant.run.id: max((d["images"] for d in entrant.documents), default=None) for entrant in entrants}
    found: dict[str, ScorePanel] = {}
    for panel in panels(entrants, moments):
        found.setdefault(panel.name, panel)
    families = [model.run.family for model in models]
    lines, scores = characters(found, families), headline(found, len(models))
    settings = [sentence(entrant.config, lab) for entrant in entrants]
    return [
        replace(model, character=line, detail=detail, score=score, reference=reference, settings=told)
        for model, (line, detail), (score, reference), told in zip(models, lines, scores, settings, strict=True)
    ]


def headline(found: Mapping[str, ScorePanel], models: int) -> list[tuple[str, str]]:
    """The first headline metric that all models and real data have, of each: its words, and those of real data."""
    for name in HEADLINES:
        panel = found.get(name)
        if panel is None or panel.floor is None or any(score.value is None for score in panel.scores[:models]):
            continue
        return [_score_words(panel, score) for score in panel.scores[:models]]
    return [("", "")] * models


def _score_words(panel: ScorePanel, score: Score) -> tuple[str, str]:
    assert panel.floor is not None
    width = 0.0 if score.low is None or score.high is None else score.high - score.low
    digits = decimals(width) if width > 0 else 2
    return f"{panel.title} {_number(score)}", f"{panel.floor:,.{digits}f}"


def _number(score: Score) -> str:
    return interval({"value": score.value, "low": score.low, "high": score.high})


def characters(found: Mapping[str, ScorePanel], families: Sequence[str]) -> list[tuple[str, str]]:
    """What tells each model from the others, and the numbers that say so: as different aspects as there are.

    Args:
        found: Metric -> its panel, whose first scores are those of the models.
        families: The models' families.
    """
    known = [(aspect, _usable(aspect, found, len(families))) for aspect in ASPECTS]
    usable = [(aspect, panel) for aspect, panel in known if panel is not None]
    if not usable:
        return [(UNJUDGED, "")] * len(families)
    options: list[list[tuple[Aspect, ScorePanel]]] = []
    for model in range(len(families)):
        held = [(aspect, panel, _beaten(panel, model, len(families))) for aspect, panel in usable]
        good = [(aspect, panel, len(beaten)) for aspect, panel, beaten in held if beaten]
        # Alone at the top says more than shared.
        options.append([(a, p) for a, p, n in sorted(good, key=lambda each: -each[2])])
    taken: set[str] = set()
    lines: dict[int, tuple[str, str]] = {}
    for model in sorted(range(len(families)), key=lambda each: len(options[each])):
        free = [each for each in options[model] if each[0].metric not in taken] or options[model]
        if not free:
            lines[model] = (LEVEL, "")
            continue
        aspect, panel = free[0]
        taken.add(aspect.metric)
        lines[model] = (_words(aspect, _beaten(panel, model, len(families)), families), _numbers(panel, families))
    return [lines[model] for model in range(len(families))]


def _usable(aspect: Aspect, found: Mapping[str, ScorePanel], models: int) -> ScorePanel | None:
    """The panel of an aspect, where every model has an interval and nothing is to be remarked on the metric here."""
    panel, metrics = found.get(aspect.metric), registry("metrics")
    if panel is None or aspect.metric not in metrics or panel.better not in {"up", "down"}:
        return None
    whole = all(None not in (score.value, score.low, score.high) for score in panel.scores[:models])
    return panel if whole and panel.title == metrics.get(aspect.metric).title else None


def _beaten(panel: ScorePanel, model: int, models: int) -> tuple[int, ...]:
    """The models that ``model`` is clearly better than; none where any other is clearly better than it."""
    others = [other for other in range(models) if other != model]
    if any(_clear(panel, other, model) for other in others):
        return ()
    return tuple(other for other in others if _clear(panel, model, other))


def _clear(panel: ScorePanel, one: int, other: int) -> bool:
    """Whether the interval of ``one`` lies clear of that of ``other``, on the better side."""
    mine, theirs = panel.scores[one], panel.scores[other]
    if mine.low is None or mine.high is None or theirs.low is None or theirs.high is None:
        return False
    return mine.low > theirs.high if panel.better == "up" else mine.high < theirs.low


def _words(aspect: Aspect, beaten: Sequence[int], families: Sequence[str]) -> str:
    if len(beaten) == len(families) - 1:
        return f"{aspect.most} of the {NUMBERS.get(len(families), str(len(families)))}"
    return f"{aspect.more} the {' and the '.join(family_title(families[other]) for other in beaten)}"


def _numbers(panel: ScorePanel, families: Sequence[str]) -> str:
    each = [f"{family_title(family)} {_number(score)}" for family, score in zip(families, panel.scores, strict=False)]
    return f"{panel.title}, {'higher' if panel.better == 'up' else 'lower'} is better: {', '.join(each)}"
