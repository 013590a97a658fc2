"""Matches on disk: ``WORKSPACE/matches/<id>`` with what was asked for, the plan, and what was found. No torch."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from genlab import kinds
from genlab.errors import InputError
from genlab.jobs.background import Job, JobDirectory
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest
from genlab.options import parse
from genlab.records import Count, Name, Number, Record, Seconds, Text
from genlab.store import atomic
from genlab.store.reading import Found, damaged, find, folders_in, read_document
from genlab.store.results import LineRecord
from genlab.text import displayable
from genlab.verdicts.match_run import MatchRun

SAID = frozenset({"title", "question", "caveat", "why", "reason", "text", "needs_text"})
"""What people read in a ``claims.json``: claims are written about pictures."""

SCHEMA_VERSION = 1
KIND = "match"

MatchState = Literal["queued", "running", "completed", "stopped", "interrupted", "failed"]
STATES: Mapping[str, MatchState] = {
    "queued": "queued",
    "running": "running",
    "completed": "completed",
    "cancelled": "stopped",
    "interrupted": "interrupted",
    "failed": "failed",
}
"""State of a match's job -> state of the match."""


class About(Record):
    """``match.json``."""

    name: Name = ""
    created: Seconds = 0.0
    request: dict[str, JsonValue]


class BesideRecord(Record):
    """The verdict on a claim with a contender in place of its family's usual model."""

    contender: Text = Field(min_length=1)
    verdict: Text
    why: Text = ""


class VerdictRecord(Record):
    """An entry of the claims: what every reader of it needs; pages read the rest as far as it is there."""

    claim: Text = Field(min_length=1)
    verdict: Text
    applicable: bool = True
    title: Text = ""
    why: Text = ""
    effect: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Text | None = None
    seeds: Count | list[Count] | None = None
    needs: Count | None = None
    needs_text: Text | None = None
    needs_images: Count | None = None
    likely: Text | None = None
    beside: list[BesideRecord] = Field(default_factory=list)


class CourseRunRecord(Record):
    """How a score fell over the images of one run."""

    family: Text
    seed: Count
    scores: list[Annotated[list[Number], Field(min_length=2, max_length=2)]]


class ApproachRecord(Record):
    """Where a family stands at the end of its runs."""

    seeds: Count
    fall: Number
    doubled: Number
    spread: Number | None = None
    far: bool
    low: Number | None = None
    high: Number | None = None


class CourseRecord(Record):
    """How a score fell over the images of all runs."""

    score: Text
    runs: list[CourseRunRecord] = Field(default_factory=list)
    families: dict[Text, ApproachRecord] = Field(default_factory=dict)


class ClaimsFile(Record):
    """``claims.json``."""

    claims: list[VerdictRecord] = Field(default_factory=list)
    machine: Text | None = None
    course: CourseRecord | None = None


class MeasuresFile(Record):
    """``measures.json``."""

    runs: dict[str, dict[str, LineRecord]] = Field(default_factory=dict)


class BaselinesFile(Record):
    """``baselines.json``."""

    baselines: dict[str, dict[str, LineRecord]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """What is known of a match at one moment.

    Attributes:
        id: Folder name; also its address.
        name: What the user calls it; may be empty.
        path: Its folder.
        request: What was asked for.
        created: When it was asked for, in seconds since 1970.
        state: Where it stands; ``interrupted`` when the process that should be working is gone.
        phase: What it is doing, while it is active.
        share: How much of the work is done, 0 to 1.
        left: Seconds left, from the speeds measured so far; None before there is an estimate.
        error: ``{"kind", "message", "hint"}`` where something went wrong.
        entries: Its runs in the order of training; empty before they are planned.
        parameters: Family -> part -> trainable parameters, with their ``total``.
        spread: How far the smallest total lies below the largest, as a share of it.
        images: Training length of each run that is judged; None before it is planned.
        batch_size: Images per step.
        latent_dim: Size of the latent space.
        chosen_lr: Contender -> factor of the learning rate that its trials chose.
        chosen: Contender -> other settings that its trials chose.
        speeds: Family -> images per second of compute, where that decided the lengths.
        seconds: Seconds of compute that each judged run takes by these speeds; None where images are equal.
        claims: The verdicts; None before it is judged.
        shipped: Whether it came with genlab.
    """

    id: str
    name: str
    path: Path
    request: MatchRequest
    created: float
    state: MatchState
    phase: str = ""
    share: float = 0.0
    left: float | None = None
    error: Mapping[str, str] | None = None
    entries: tuple[MatchRun, ...] = ()
    parameters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    spread: float | None = None
    images: int | None = None
    batch_size: int | None = None
    latent_dim: int | None = None
    chosen_lr: Mapping[str, float] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    speeds: Mapping[str, float] = field(default_factory=dict)
    seconds: float | None = None
    claims: Mapping[str, Any] | None = None
    shipped: bool = False

    @property
    def lengths(self) -> dict[str, int]:
        """Contender -> images that each of its judged runs is shown; empty before that is planned."""
        judged = [entry for entry in self.entries if entry.role != "trial"]
        found = {entry.contender: entry.images or self.images for entry in judged}
        return {family: images for family, images in found.items() if images}

    @property
    def active(self) -> bool:
        """Whether it is waiting or working."""
        return self.state in {"queued", "running"}

    @property
    def runs(self) -> list[str]:
        """Identifiers of its runs that have begun."""
        return [entry.run for entry in self.entries if entry.run is not None]


class MatchDirectory:
    """Reads and writes one match's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, folder: Path, request: MatchRequest) -> MatchDirectory:
        """Make the folder of a new match.

        Args:
            folder: Where matches are kept.
            request: What is asked for.
        """
        path = folder / new_id(request.data.name)
        document = {
            "schema_version": SCHEMA_VERSION,
            "match": path.name,
            "name": request.name,
            "created": time.time(),
            "request": request.model_dump(mode="json"),
        }
        atomic.write_folder(path, lambda inside: atomic.write_json(inside / "match.json", document))
        return cls(path)

    def job(self, jobs: Path) -> JobDirectory:
        """The folder of the job that conducts this match, there or not."""
        return JobDirectory.of(jobs, KIND, {"match": self.path.name})

    def request(self) -> MatchRequest:
        """What was asked for.

        Raises:
            InputError: When this is no match, or a newer genlab wrote it.
        """
        return self._request(self._about())

    def ask_for_seeds(self, seeds: int) -> None:
        """Let ``match.json`` ask for as many seeds; all else stays as it was asked."""
        document = atomic.read_json(self.path / "match.json") or {}
        asked = {**document.get("request", {}), "seeds": seeds}
        atomic.write_json(self.path / "match.json", {**document, "request": asked}, durable=True)

    def plan(self) -> MatchPlan | None:
        """``plan.json``, or None before there is one.

        Raises:
            InputError: When it is damaged.
        """
        document = self._read("plan.json", MatchPlan)
        return None if document is None else MatchPlan.model_validate(document)

    def write_plan(self, plan: MatchPlan) -> None:
        """Replace ``plan.json``."""
        atomic.write_json(self.path / "plan.json", plan.as_json(), durable=True)

    def add_measures(self, run: str, found: Mapping[str, Any]) -> None:
        """Keep what was measured of a run."""
        file = self.path / "measures.json"
        if not atomic.add_member(file, "runs", run, dict(found)):
            atomic.write_members(file, "runs", {**self.measures(), run: dict(found)})

    def measures(self, name: Literal["measures", "evaluations"] = "measures") -> dict[str, Any]:
        """Run -> what was measured of it besides its evaluation, or of a shipped match its scores.

        Raises:
            InputError: When the file is damaged.
        """
        found = self._read(f"{name}.json", MeasuresFile) or {}
        return dict(found.get("runs", {}))

    def add_baselines(self, found: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what methods without a model make of tasks; it is the same for every run."""
        known = self.baselines()
        if not all(known.get(measure) == lines for measure, lines in found.items()):
            atomic.write_json(self.path / "baselines.json", {"baselines": {**known, **found}})

    def baselines(self) -> dict[str, Any]:
        """Measure of a task -> method without a model, by its title -> its line; empty before tasks are done.

        Raises:
            InputError: When the file is damaged.
        """
        found = self._read("baselines.json", BaselinesFile) or {}
        return dict(found.get("baselines", {}))

    def claims(self) -> dict[str, Any] | None:
        """``claims.json`` in the words of its kind of data, or None before the match is judged.

        Raises:
            InputError: When it is damaged.
        """
        found = self._read("claims.json", ClaimsFile)
        kind = found.get("kind") if found else None
        if found is None or not isinstance(kind, str):
            return found
        # What is claimed of pictures alone is said of pictures.
        claims = [
            entry if entry.get("applicable") is False else kinds.in_words(entry, kind, SAID)
            for entry in found.get("claims", [])
        ]
        return {**found, "claims": claims}

    def write_claims(self, document: Mapping[str, Any]) -> None:
        """Replace ``claims.json``."""
        atomic.write_json(self.path / "claims.json", dict(document))

    def remove(self) -> None:
        """Delete the folder.

        Raises:
            InputError: When it may not be deleted.
        """
        atomic.remove_folder(self.path)

    def summary(self, jobs: Path | None) -> Match:
        """What is known of the match now.

        Args:
            jobs: The workspace's jobs; None for a match that came with genlab.

        Raises:
            InputError: When this is no match, or a newer genlab wrote it.
        """
        about, plan, claims = self._about(), self.plan() or MatchPlan(), self.claims()
        job = None if jobs is None else self.job(jobs).summary()
        state = ("completed" if claims or jobs is None else "interrupted") if job is None else STATES[job.state]
        active = state in {"queued", "running"}
        return Match(
            id=self.path.name,
            name=about.name,
            path=self.path,
            request=self._request(about),
            created=about.created,
            state=state,
            phase=job.phase if job is not None and active else "",
            share=1.0 if state == "completed" else 0.0 if job is None else job.share,
            left=_left(job),
            error=None if job is None else job.error,
            entries=tuple(plan.entries),
            parameters=plan.parameters,
            spread=plan.spread,
            images=plan.images,
            batch_size=plan.batch_size,
            latent_dim=plan.latent_dim,
            chosen_lr=plan.chosen_lr or {},
            chosen=plan.chosen or {},
            speeds=plan.speeds or {},
            seconds=plan.seconds,
            claims=claims,
            shipped=jobs is None,
        )

    @property
    def _called(self) -> str:
        return f"match {displayable(self.path.name)}"

    def _about(self) -> About:
        if not is_match(self.path):
            raise InputError(f"There is no match in {self.path}.", "`genlab matches` lists them.", kind="not_a_match")
        document = read_document(self.path / "match.json", About, self._called, SCHEMA_VERSION)
        return About.model_validate(document)

    def _request(self, about: About) -> MatchRequest:
        try:
            return parse(MatchRequest, about.request)
        except InputError as error:
            raise damaged(f"match.json of the {self._called} is damaged: {error.message.removesuffix('.')}") from error

    def _read(self, name: str, model: type[Record]) -> dict[str, Any] | None:
        file = self.path / name
        return read_document(file, model, self._called) if file.exists() else None


def new_id(data: str, now: float | None = None) -> str:
    """A fresh identifier that sorts by time, e.g. ``20261122-231502-mnist-5k-a1b2``."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{data}-{secrets.token_hex(2)}"


def find_matches(folder: Path | None, jobs: Path | None) -> Found[Match]:
    """Matches in ``folder``, newest first, and those that are damaged or a newer genlab's."""
    there = [path for path in folders_in(folder) if is_match(path)]
    found = find("match", there, lambda path: MatchDirectory(path).summary(jobs))
    found.good.sort(key=lambda match: (match.created, match.id), reverse=True)
    return found if jobs is not None else Found(found.good, [replace(one, shipped=True) for one in found.damaged])


def is_match(path: Path) -> bool:
    """Whether a folder is a match's, damaged or not."""
    return any((path / name).exists() for name in ("match.json", "plan.json", "claims.json"))


def _left(job: Job | None) -> float | None:
    """Seconds left as the conductor last said, less what has passed since."""
    if job is None or job.state != "running":
        return None
    status, now = JobDirectory(job.path).read_status(), time.time()
    left = status.seconds_left
    return None if left is None else max(0.0, left - (now - (status.told or now)))
