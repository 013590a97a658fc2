"""Which models a page opens on that was asked for none, and why. `lineup` says how chosen models stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from genlab.families import may_have, place
from genlab.families.base import Part
from genlab.plots.theme import family_title
from genlab.presentation.front import for_lessons
from genlab.store.run import Run

FINISHED = frozenset({"completed", "stopped"})
"""States in which a run is a model to look at, not one in the making."""


@dataclass(frozen=True)
class Exemplars:
    """What a page opens on.

    Attributes:
        runs: Identifiers, in the order in which they are shown; empty where there is no run at all.
        why: Why these, as one sentence.
    """

    runs: tuple[str, ...] = ()
    why: str = ""


def opening(
    runs: Iterable[Run],
    most: int = 1,
    *,
    part: Part | None = None,
    data: str = "",
    fits: Callable[[Run], bool] = lambda run: True,
    training: bool = False,
) -> Exemplars:
    """One's own finished runs, newest first; else what comes with genlab, the best suited first.

    Several are one of each family, all on the data of the first.

    Args:
        runs: All there are, one's own newest first.
        most: How many may be shown.
        part: A part that families should have which the page is about; others only where there is none.
        data: Data that the page is about.
        fits: Whether the page can show a run.
        training: Whether a run that trains is as good as a finished one: where people come to watch.
    """
    known = [run for run in runs if fits(run)]
    mine = [run for run in known if not run.shipped and not for_lessons(run)]
    ready = [run for run in mine if _ready(run, training)]
    ready = [run for run in ready if not data or run.data == data] or ready
    if ready:
        chosen = _one_of_each(ready, most)
        return Exemplars(_identifiers(chosen), _own(chosen))
    shipped = [run for run in known if run.shipped and not for_lessons(run)]
    if shipped:
        chosen = _one_of_each(suited(shipped, part, data), most)
        return Exemplars(_identifiers(chosen), f"{_lack(mine)}: {_exemplars(chosen)}.")
    rest = mine or known
    first = _one_of_each(rest, 1)
    return Exemplars(_identifiers(first), "The newest run that there is." if first else "")


def suited(runs: Iterable[Run], part: Part | None = None, data: str = "") -> list[Run]:
    """Models that come with genlab, the best suited first: by data, by part, then the longest trained.

    Args:
        runs: What there is to rank; data sets come in the order in which they first appear.
        part: A part that the family should have.
        data: The data that they should have learned.
    """
    known = list(runs)
    order = list(dict.fromkeys(run.data for run in known))
    return sorted(
        known,
        key=lambda run: (
            run.data != data,
            order.index(run.data),
            part is not None and not may_have(run.family, part),
            place(run.family),
            -run.images,
        ),
    )


def beside(run: Run, runs: Iterable[Run]) -> Run | None:
    """The model that comes with genlab to hold a person's own one against: of its family if there is, on its data.

    Args:
        run: One's own, finished; another one has none.
        runs: All there are.

    Returns:
        The longest trained; None where no shipped model has learned the same data.
    """
    if run.shipped or run.state not in FINISHED:
        return None
    alike = [each for each in runs if each.shipped and each.data == run.data and not for_lessons(each)]
    return min(alike, key=lambda each: (each.family != run.family, place(each.family), -each.images), default=None)


def shelved(runs: Iterable[Run]) -> tuple[list[Run], list[Run]]:
    """Runs as pickers offer them: one's own and those that ship; and apart, those that were made for lessons."""
    known = list(runs)
    own = [run for run in known if not run.shipped and not for_lessons(run)]
    shipped = [run for run in known if run.shipped and not for_lessons(run)]
    return own + shipped, [run for run in known if for_lessons(run)]


def _ready(run: Run, training: bool) -> bool:
    return (run.state in FINISHED and run.images > 0) or (training and run.active)


def _one_of_each(runs: Sequence[Run], most: int) -> list[Run]:
    """The first run of each family on the data of the first run; for one, the first."""
    if most == 1:
        return list(runs[:1])
    found: dict[str, Run] = {}
    for run in runs:
        if run.data == runs[0].data:
            found.setdefault(run.family, run)
    return [found[family] for family in sorted(found, key=place)][:most]


def _identifiers(runs: Iterable[Run]) -> tuple[str, ...]:
    return tuple(run.id for run in runs)


def _own(runs: Sequence[Run]) -> str:
    which = "newest finished run" if not runs[0].active else "newest run"
    if len(runs) == 1:
        return f"Your {which}, trained on {runs[0].data}."
    return f"Your newest finished runs on {runs[0].data}, one of each family."


def _lack(mine: Sequence[Run]) -> str:
    return "None of your own runs has finished yet" if mine else "No finished run of your own yet"


def _exemplars(runs: Sequence[Run]) -> str:
    names = [f"the {family_title(run.family)}" for run in runs]
    data = runs[0].data
    if len(names) == 1:
        return f"this is {names[0]} that comes with genlab, trained on {data}"
    return f"these are {', '.join(names[:-1])} and {names[-1]} that come with genlab, trained on {data}"
