"""The facts of a match, gathered from its runs, and the verdicts on them kept in its folder. No torch."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from genlab.errors import InputError
from genlab.matches.folder import MatchDirectory
from genlab.verdicts.facts import Facts, Line, RunFacts, TrialFacts, is_number
from genlab.verdicts.judge import judge as judge_facts

if TYPE_CHECKING:
    from genlab.lab.matching import Matching

SENSITIVE_TO = "frechet"
"""The score by which learning rates are compared."""


def judge(folder: MatchDirectory, lab: Matching) -> dict[str, Any]:
    """Judge the claims by what is known of the match's runs, and keep the verdicts."""
    document = dict(judge_facts(gather(folder.summary(lab.workspace.jobs), lab)))
    folder.write_claims(document)
    return document


def gather(match: Any, lab: Matching) -> Facts:
    """What is known of a match.

    Args:
        match: A `genlab.matches.folder.Match`.
        lab: Where its runs are.
    """
    measured = MatchDirectory(match.path).measures()
    judged = [entry for entry in match.entries if entry.role == "seed"]
    families = dict.fromkeys(entry.family for entry in judged)
    about = _environment(lab, judged)
    return Facts(
        match=match.id,
        data=match.request.data.name,
        fingerprint=str(about.get("data", {}).get("fingerprint", "")),
        preset=match.request.preset,
        families=tuple(families),
        seeds=tuple(sorted({entry.seed for entry in judged})),
        images=int(match.images or 0),
        runs=tuple(_run(entry, lab, match, measured) for entry in judged),
        trials=tuple(_trial(entry, lab, match) for entry in match.entries if entry.role == "trial"),
        faces=bool(match.request.faces),
        tuned=bool(match.request.tuned),
        versions={"genlab": str(about.get("genlab", "")), **about.get("versions", {})} if about else {},
        machine=_machine(about),
    )


def _run(entry: Any, lab: Matching, match: Any, measured: Mapping[str, Any]) -> RunFacts:
    from genlab.matches.measures.kept import cached

    nothing = RunFacts(entry.family, entry.seed, entry.run, "missing")
    if entry.run is None:
        return nothing
    try:
        directory = lab.directory(entry.run)
        summary = directory.summary()
    except InputError:
        # A match that came without its runs, or a run that is damaged: what was measured stands in the match's files.
        return nothing
    scores: dict[str, Line] = dict(measured.get(entry.run) or {})
    if summary.state == "completed":
        with suppress(InputError):  # No checkpoint is left: what is known stands in the match's own files.
            document = lab.evaluation(entry.run, match.request.evaluation()) or {}
            scores |= {**document.get("metrics", {}), **(cached(directory) or {})}
    alarms = tuple(directory.alarms())
    return RunFacts(entry.family, entry.seed, entry.run, summary.state, summary.images, scores, alarms)


def _trial(entry: Any, lab: Matching, match: Any) -> TrialFacts:
    nothing = TrialFacts(entry.family, entry.lr_factor, "missing")
    if entry.run is None:
        return nothing
    try:
        state = lab.directory(entry.run).summary().state
        document = lab.evaluation(entry.run, match.request.trial_evaluation()) if state == "completed" else None
    except InputError:
        return nothing
    value = ((document or {}).get("metrics", {}).get(SENSITIVE_TO) or {}).get("value")
    return TrialFacts(entry.family, entry.lr_factor, state, float(value) if is_number(value) else None)


def _environment(lab: Matching, entries: list[Any]) -> Mapping[str, Any]:
    """What the first run that can be read depended on besides its configuration."""
    for entry in entries:
        if entry.run is None:
            continue
        try:
            about = lab.directory(entry.run).environment()
        except InputError:
            continue
        if about:
            return about
    return {}


def _machine(about: Mapping[str, Any]) -> str:
    """The machine in a few words."""
    device = str(about.get("device", "cpu"))
    threads = f", {about['threads']} thread{'' if about['threads'] == 1 else 's'}" if about.get("threads") else ""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {device}{threads}"
