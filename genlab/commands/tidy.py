"""``genlab tidy``: what the workspace holds, and letting go of what can be made again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab.commands.console import JsonOption, WorkspaceOption, YesOption, confirm, emit, open_lab, say, table
from genlab.errors import InputError
from genlab.store.holdings import REST, size_words

if TYPE_CHECKING:
    from genlab.store.holdings import Holding, Inventory

SIZES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
AGES = {"h": 3_600, "d": 86_400, "w": 7 * 86_400}
STAYS = {"uploads": "until they are added or thrown away: page Data"}
"""Folder of the workspace -> how long it stays, where that is not for good."""

SizeOption = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Leave at most this much of it, e.g. 2GB; 0 for nothing.", show_default=False),
]
AgeOption = Annotated[
    str | None,
    typer.Option(metavar="AGE", help="Remove what has not been written to for so long, e.g. 30d.", show_default=False),
]


def tidy(
    size: SizeOption = None,
    age: AgeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    yes: YesOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the workspace holds; remove results that can be made again, the oldest first.

    Without --size and --age nothing is removed. Runs, data, matches and feature extractors always stay, and so do
    scores of the runs of matches, because verdicts rest on them. What imports left whose process was killed goes too.
    """
    lab = open_lab(workspace)
    most = None if size is None else round(quantity(size, SIZES, "b", "2GB, 500MB"))
    longest = None if age is None else quantity(age, AGES, "d", "30d, 12h")
    if not dry_run and (most is not None or longest is not None):
        lab.imports.sweep()
    held = lab.holdings.all()
    wanted = [] if most is None and longest is None else lab.holdings.to_tidy(most, longest)
    removed = wanted
    if wanted and not dry_run:
        confirm(f"Remove {_counted(wanted)}? All of it can be made again.", yes)
        removed = lab.holdings.tidy(most, longest)
    if as_json:
        emit(_document(held, removed, dry_run))
    elif wanted and not dry_run:
        say(f"Removed {_counted(removed)}.")
    else:
        show(held)
        say(_next_step(held, wanted, most, longest))


def show(held: Inventory) -> None:
    """The table: bytes by kind."""
    titles = _titles()
    rows = []
    for name, results in held.by_kind().items():
        stay = [each for each in results if each.stays]
        note = "can be made again" if not stay else f"{len(stay):,} stay: {stay[0].stays}"
        rows.append((titles.get(name, name), size_words(_sum(results)), f"{len(results):,}", note))
    rows += [(REST[name], size_words(size), "", STAYS.get(name, "stays")) for name, size in held.rest.items() if size]
    rows.append(("all", size_words(held.size), "", f"{size_words(held.again)} of it can be made again"))
    table(("what", "size", "number", ""), rows, right=(1, 2))
    say()


def quantity(text: str, units: Mapping[str, int], usual: str, examples: str) -> float:
    """What a number with a unit stands for.

    Args:
        text: E.g. ``"2GB"``.
        units: Unit in small letters -> how much one of it is.
        usual: The unit where none is given.
        examples: For the hint.

    Raises:
        InputError: When it is none.
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", text)
    unit = units.get((found.group(2).lower() or usual) if found else "")
    if found is None or unit is None:
        raise InputError(f"{text!r} is not a number with a unit.", f"Write it like {examples}.", kind="bad_value")
    return float(found.group(1)) * unit


def _titles() -> dict[str, str]:
    from genlab.jobs.derivation import result_types

    return {each.name: each.title for each in result_types()}


def _document(held: Inventory, removed: Sequence[Holding], dry_run: bool) -> dict[str, Any]:
    titles = _titles()
    return {
        "bytes": held.size,
        "again": held.again,
        "results": [
            {
                "kind": name,
                "title": titles.get(name, name),
                "number": len(results),
                "bytes": _sum(results),
                "stay": sum(bool(each.stays) for each in results),
            }
            for name, results in held.by_kind().items()
        ],
        "rest": dict(held.rest),
        "dry_run": dry_run,
        "removed": [
            {"kind": each.of, "run": each.run or None, "path": str(each.path), "bytes": each.size} for each in removed
        ],
    }


def _next_step(held: Inventory, wanted: Sequence[Holding], most: int | None, longest: float | None) -> str:
    if most is None and longest is None:
        return "Remove what can be made again, the oldest first: genlab tidy --size 2GB, or --age 30d"
    if wanted:
        return f"Would remove {_counted(wanted)}."
    stay = most is not None and held.again > most
    return "Nothing to remove: what is left has to stay for now." if stay else "Nothing to remove."


def _counted(results: Sequence[Holding]) -> str:
    """E.g. ``3 results (1.2 MB: 1 of evaluations, 2 of portraits)``."""
    titles = _titles()
    kinds = Counter(titles.get(each.of, each.of) for each in results)
    parts = ", ".join(f"{number:,} of {title}" for title, number in kinds.items())
    return f"{len(results):,} result{'s' * (len(results) != 1)} ({size_words(_sum(results))}: {parts})"


def _sum(results: Sequence[Holding]) -> int:
    return sum(each.size for each in results)
