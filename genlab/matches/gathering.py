"""What is known of the runs of a match, gathered from their files, and the verdicts on it. No torch."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds import USUAL
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.measures.keeping import cached, earlier, standing
from genlab.store.run import Run, RunReader
from genlab.verdicts.asked import asked_claims, resting
from genlab.verdicts.facts import Facts
from genlab.verdicts.judge import judge as judge_facts
from genlab.verdicts.match_run import Line, MatchRun, is_number
from genlab.verdicts.measures import MEASURES
from genlab.verdicts.plateau import SCORE, Course

if TYPE_CHECKING:
    from genlab.evaluation.evaluation_request import EvaluationRequest
    from genlab.matches.fair import Configuring

NOT_YET: Line = {
    "value": None,
    "why": "It was not measured yet when this run was: evaluate its run again with the match's measures.",
    "due": True,
}
"""The line of a measure that is newer than what was kept of a run."""


class RunSource(Protocol):
    """What is asked about runs."""

    def exact(self, run: str, /) -> Run:
        """The run of that identifier; raises `InputError` where it is gone."""

    def read(self, run: Run, /) -> RunReader:
        """What it has written."""


class EvaluationSource(Protocol):
    """What is asked about evaluations."""

    def standing(self, run: Run, request: EvaluationRequest, /) -> Mapping[str, Line]:
        """Metric -> line, of what holds today; of the rest why there is none, marked ``due``."""

    def all(self, run: Run, /) -> list[Mapping[str, Any]]:
        """All evaluations of a run, oldest first."""


class Records(Protocol):
    """What gathering asks of a lab."""

    @property
    def runs(self) -> RunSource:
        """Its runs."""

    @property
    def configs(self) -> Configuring:
        """Configurations of presets."""

    @property
    def evaluations(self) -> EvaluationSource:
        """How good what they trained is."""


def judge(match: Match, lab: Records) -> None:
    """Judge the claims by what is known of the match's runs now, and keep the verdicts."""
    MatchDirectory(match.path).write_claims(judge_facts(gather(match, lab)))


def gather(match: Match, lab: Records) -> Facts:
    """What is known of a match.

    Args:
        match: The match.
        lab: Where its runs are.
    """
    folder = MatchDirectory(match.path)
    measured, kept = folder.measures(), folder.measures("evaluations")
    runs = [outcome_of(run, lab, match, measured, kept) for run in match.entries]
    judged, beside = ([run for run in runs if run.role == role] for role in ("seed", "beside"))
    about, before = _environment(lab, judged), match.claims or {}
    completed = [run for run in (*judged, *beside) if run.outcome.state == "completed"]
    kind = str((about.get("space") or {}).get("kind") or before.get("kind") or USUAL)
    return Facts(
        match=match.id,
        data=match.request.data.name,
        fingerprint=str(before.get("fingerprint") or about.get("data", {}).get("fingerprint", "")),
        preset=match.request.preset,
        families=tuple(dict.fromkeys(run.family for run in judged)),
        seeds=tuple(sorted({run.seed for run in judged})),
        images=int(match.images or 0),
        runs=tuple(judged),
        # What chose a weight, or is a contender's, tells nothing of how sensitive families are to their learning rate.
        trials=tuple(run for run in runs if run.role == "trial" and not run.changed and not run.variant),
        beside=tuple(beside),
        faces=bool(match.request.faces),
        kind=kind,
        tuned=bool(match.request.tuned),
        fairness=match.request.fairness,
        lengths=match.lengths,
        versions={"genlab": str(about.get("genlab", "")), **about.get("versions", {})} if about else {},
        # Who judges again may sit at another machine than the one that trained.
        machine=str(before.get("machine") or _machine(about)),
        courses=tuple(replace(_course(run, match, lab), many=kinds.get(kind).many) for run in completed),
        baselines=folder.baselines(),
        due=tuple(
            sorted({name for run in [*judged, *beside] for name, line in run.outcome.scores.items() if line.get("due")})
        ),
    )


def outcome_of(
    run: MatchRun, lab: Records, match: Match, measured: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> MatchRun:
    """A run with what is known of how it went.

    Args:
        run: The run.
        lab: Where runs are.
        match: The match that it is of.
        measured: Run -> what was measured of it besides its evaluation, as the match keeps it.
        kept: Run -> its evaluation, where the match keeps that itself because it comes without its runs.
    """
    if run.run is None:
        return run
    try:
        summary = lab.runs.exact(run.run)
    except InputError:
        return _of_kept(run, measured.get(run.run), (kept or {}).get(run.run), match)
    scores: dict[str, Line] = dict(standing(measured.get(run.run) or {}))
    if summary.state == "completed":
        found = _scores(run, summary, lab, match)
        scores |= {name: line for name, line in found.items() if name not in scores or not line.get("due")}
        if scores and run.role != "trial":
            scores = {**dict.fromkeys(_resting(match), NOT_YET), **scores}
    alarms = tuple(lab.runs.read(summary).alarms())
    return run.known(state=summary.state, images=summary.images, scores=scores, alarms=alarms)


def _course(run: MatchRun, match: Match, lab: Records) -> Course:
    """How the score fell over a run's checkpoints, as far as they were evaluated as the last one was."""
    from genlab.metrics import REGISTRY as METRICS

    points: dict[int, float] = {}
    with suppress(InputError):
        trained = lab.runs.exact(str(run.run))
        settled = match.request.evaluation().settled(lab.runs.read(trained).kind())
        for document in lab.evaluations.all(trained):
            line = document["metrics"].get(SCORE, {})
            alike = all(document[name] == getattr(settled, name) for name in ("samples", "seed", "encoder"))
            if alike and is_number(line.get("value")) and METRICS.get(SCORE).is_current(line):
                points[int(document["images"])] = float(line["value"])
    end = run.outcome.value(SCORE)
    points |= {} if end is None else {run.outcome.images: end}
    return Course(run.contender, run.seed, tuple(sorted(points.items())))


def _of_kept(run: MatchRun, measured: Mapping[str, Any] | None, scores: Any, match: Match) -> MatchRun:
    """A run that is gone, as the match's own files know it; without its scores there that it is missing."""
    from genlab.evaluation.evaluation_request import standing_alone

    if not scores:
        return run
    due = dict.fromkeys([*MEASURES, *_resting(match)], NOT_YET)
    lines = {**standing_alone(scores), **due, **standing(measured or {})}
    return run.known(state="completed", images=int(match.images or 0), scores=lines, watched=False)


def _resting(match: Match) -> list[str]:
    """The measures of tasks that claims on a match's data rest on."""
    return resting(asked_claims(bool(match.request.faces)))


def _scores(run: MatchRun, trained: Run, lab: Records, match: Match) -> dict[str, Line]:
    """What a completed run was found to be; nothing where no checkpoint of it is left."""
    judged = run.role != "trial"
    asked = match.request.evaluation() if judged else match.request.trial_evaluation()
    with suppress(InputError):
        lines = lab.evaluations.standing(trained, asked)
        return {**lines, **(_measures(lab.runs.read(trained)) if judged else {})}
    return {}


def _measures(run: RunReader) -> Mapping[str, Line]:
    """What claims need besides an evaluation; of what an earlier release did not measure, why there is none."""
    today, before = cached(run), earlier(run)
    if today is not None or before is None:
        return today or {}
    return {**dict.fromkeys(MEASURES, NOT_YET), **before}


def _environment(lab: Records, runs: list[MatchRun]) -> Mapping[str, Any]:
    """What the first run that can be read depended on besides its configuration."""
    for run in runs:
        if run.run is None:
            continue
        try:
            about = lab.runs.read(lab.runs.exact(run.run)).environment()
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
