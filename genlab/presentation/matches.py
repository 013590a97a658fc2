"""Matches as pages show them: who stands where, how far each run is, the same match as a command."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from genlab.matches.fairness import TITLES, fairness_words
from genlab.presentation.words import how_many
from genlab.store.run import Run

if TYPE_CHECKING:
    from genlab.matches.folder import Match
    from genlab.matches.match_request import MatchRequest
    from genlab.verdicts.match_run import MatchRun

ACTIVE = frozenset({"queued", "running"})
RESUMABLE = frozenset({"stopped", "interrupted", "failed"})


def seeds_of(match: Match) -> list[int]:
    """The seeds whose runs are judged, rising."""
    return sorted({entry.seed for entry in match.entries if entry.role == "seed"})


def families_of(match: Match) -> list[str]:
    """The families that meet, in the order of the request."""
    return list(dict.fromkeys(entry.family for entry in match.entries)) or list(match.request.families)


def entry_of(match: Match, family: str, seed: int) -> MatchRun | None:
    """The run of ``family`` with ``seed`` that is judged."""
    wanted = (entry for entry in match.entries if entry.role == "seed")
    return next((entry for entry in wanted if (entry.family, entry.seed) == (family, seed)), None)


def run_of(entry: MatchRun | None, runs: Mapping[str, Run]) -> Run | None:
    """The run of an entry, where it is there: exactly that one, because its scores are the match's.

    Args:
        entry: The entry.
        runs: All runs by identifier.
    """
    return None if entry is None else runs.get(str(entry.run))


def runs_by_id(match: Match, runs: Mapping[str, Run]) -> dict[str, Run]:
    """Identifier in the match -> run, for all that are there."""
    found = {str(entry.run): run_of(entry, runs) for entry in match.entries if entry.run}
    return {key: run for key, run in found.items() if run is not None}


def judged_runs(match: Match, runs: Mapping[str, Run], seed: int | None = None) -> list[Run]:
    """The runs that are judged and are there: by seed, families in their order."""
    seeds = seeds_of(match) if seed is None else [seed]
    places = [(family, number) for number in seeds for family in families_of(match)]
    found = [run_of(entry_of(match, *place), runs) for place in places]
    return list({run.id: run for run in found if run is not None}.values())


def newest_seed(match: Match, runs: Mapping[str, Run]) -> int:
    """The seed to look at: that of the run which trains, or of the newest that has begun."""
    begun = [run for run in judged_runs(match, runs) if run.images > 0 or run.state == "running"]
    training = [run for run in begun if run.state == "running"]
    whole = [seed for seed in seeds_of(match) if _is_whole(match, runs, seed)]
    if training:
        return training[-1].seed
    if whole:
        return whole[0]
    return begun[-1].seed if begun else (seeds_of(match) or [0])[0]


def _is_whole(match: Match, runs: Mapping[str, Run], seed: int) -> bool:
    found = [run for run in judged_runs(match, runs, seed) if not run.active]
    return len(found) == len(families_of(match))


def title(match: Match) -> str:
    """The name its owner gave it, or what it is."""
    return match.name or f"{match.request.data.name}, {match.request.preset}"


def label(match: Match) -> str:
    """A match in a picker: what, how many seeds, when, and where it comes from."""
    parts = [title(match), how_many(match.request.seeds, "seed")]
    if match.request.fairness != "images":
        parts.append(TITLES[match.request.fairness])
    parts.append(time.strftime("%d %b %Y", time.localtime(match.created)) if match.created else "")
    origin = "came with genlab" if match.shipped else "" if match.state == "completed" else match.state
    return " · ".join(part for part in (*parts, origin) if part)


def provenance(match: Match) -> str:
    """Data, seeds, what was equal, and machine of a judged match, in one line."""
    request = match.request
    parts = [f"Data {request.data.name}", f"preset {request.preset}", how_many(request.seeds, "seed")]
    return " · ".join([*parts, conditions(match)])


def conditions(match: Match) -> str:
    """What was equal in a judged match, one sentence, and the machine that it was measured on."""
    note = fairness_words(match)
    machine = (match.claims or {}).get("machine")
    return f"{note} Measured on {machine}." if isinstance(machine, str) and machine else note


def room_for_seeds(request: MatchRequest, wanted: int) -> int:
    """How many of the ``wanted`` further seeds a match still has room for."""
    from genlab.matches.match_request import MOST_SEEDS

    return max(0, min(wanted, MOST_SEEDS - request.seeds))


def parameter_rows(match: Match) -> list[dict[str, str | int]]:
    """A line per family: parameters of each part, and of all."""
    parts = ("encoder", "decoder", "critic", "other", "total")
    return [
        {"family": family, **{part: int(counts.get(part) or 0) for part in parts}}
        for family, counts in (match.parameters or {}).items()
    ]


def first_active(matches: Iterable[Match]) -> Match | None:
    """The match that is under way."""
    return next((match for match in matches if match.state in ACTIVE), None)


def judged(matches: Sequence[Match]) -> list[Match]:
    """Matches that have claims, in their order: one's own before those that came with genlab."""
    return [match for match in matches if match.claims]
