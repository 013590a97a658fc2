"""Conducts a match from plan to verdicts, as a job: runs go through the ordinary queue, and are judged as they end.

Everything that is decided is written down before it is acted upon, and a run that was begun is found again by its
configuration. So whoever resumes a match after a crash goes on where it was.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from genlab import __version__, cores
from genlab.config import RunConfig
from genlab.cores.budget import borrowed
from genlab.devices import at_once
from genlab.errors import GenlabError, InputError
from genlab.jobs.queue import Cancelled
from genlab.lab import Lab
from genlab.matches import pace, trials
from genlab.matches.entries import with_lengths, with_seeds
from genlab.matches.fair import plan
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.judging import FATAL
from genlab.matches.match_plan import DataIdentity, MatchPlan
from genlab.matches.outlook import equal_compute
from genlab.records import Reason, Record, Text
from genlab.store.reading import damaged, wrong
from genlab.store.run import ACTIVE, Run
from genlab.store.run_files import Environment
from genlab.verdicts.match_run import MatchRun

if TYPE_CHECKING:
    from genlab.datasets.store import Dataset
    from genlab.store.workspace import Workspace

POLL_SECONDS = 0.5
LOOK_SECONDS = 1.0
"""How often the queue is looked after while a run is judged."""

SPEED_SECONDS = 30.0
"""How often the speeds of training are asked for again."""

HALT_SECONDS = 60.0
"""How long a match that is to end waits for its runs' checkpoints."""

REVIVALS = 2
"""How often a run whose process died is gone on with before it counts as failed."""


class Asked(Record):
    """What the job is asked: the identifier of a match."""

    match: Text


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    """Conduct the match that ``arguments`` (see `Asked`) name.

    Raises:
        InputError: When they name none; else as `Conductor.conduct`.
    """
    try:
        asked = Asked.model_validate(arguments)
    except ValidationError as error:
        raise damaged(f"The request for a match is damaged: {wrong(error)}") from error
    Conductor(MatchDirectory(workspace.matches / asked.match), Lab(workspace.path), progress).conduct()


class Conductor:
    """Conducts one match.

    Args:
        folder: The match.
        lab: Where its runs are.
        progress: Told the share done and what is being done; may raise to end the match.
    """

    def __init__(self, folder: MatchDirectory, lab: Lab, progress: Callable[[float, str], None]) -> None:
        self.folder, self.lab, self.progress = folder, lab, progress
        self.request = folder.request()
        self.plan = MatchPlan()
        self._configs: list[RunConfig] = []
        self._met: set[int] = set()
        self._revived: Counter[int] = Counter()
        self._judged: set[int] = set()
        self._took: dict[str, list[float]] = {}
        self._speeds: dict[str, float] = {}
        self._share = self._told = self._looked = 0.0
        self._measured = float("-inf")

    def conduct(self) -> None:
        """Train, evaluate and judge what has not been yet.

        Raises:
            Cancelled: When the match is to end; its runs have been stopped with checkpoints.
            InputError: When the match cannot be had.
            GenlabError: When the disk is full.
        """
        self._prepare()
        try:
            if self.request.tuned and self.plan.chosen_lr is None:
                self._through("trial")
                if not trials.begun_second(self.plan):
                    self._decide(trials.with_second(self.plan, self._summary(), self.lab))
                    self._through("trial")
                self._decide(trials.choose(self.plan, self._summary(), self.lab))
            self._through("trial", "seed", "beside")
        except BaseException:
            self._halt()
            raise
        self.lab.matches.judge(self.folder.path.name)

    def _summary(self) -> Match:
        return self.folder.summary(self.lab.workspace.jobs)

    def _prepare(self) -> None:
        """Have the data, and the plan."""
        known = self.folder.plan()
        if known is None:
            self.progress(0.0, "planning")
            known = plan(self.request, self.lab)
        config = known.entries[0].configuration()
        data = self.lab.data.open(config.data, lambda share, what: self.progress(0.0, f"preparing data: {what}"))
        if self.request.fairness == "compute" and known.seconds is None:
            known = self._of_equal_compute(known, data)
        known = with_seeds(known, self.request.seeds)
        identity = known.data or DataIdentity(name=config.data.name, fingerprint=data.fingerprint)
        if identity.fingerprint != data.fingerprint:
            raise InputError(
                f"The data set {config.data.name!r} has changed since this match began.",
                "Restore the old data, or start a new match.",
                kind="data_changed",
            )
        self._slots = at_once(config.training.device, config.training.threads)
        self._decide(known.model_copy(update={"data": identity}))

    def _of_equal_compute(self, known: MatchPlan, data: Dataset) -> MatchPlan:
        """The plan with lengths by which every judged run computes for as long, by speeds that are measured now."""
        from genlab.worker.timing import compute_speeds

        judged = [entry for entry in reversed(known.entries) if entry.role != "trial"]
        first = {entry.contender: entry.configuration() for entry in judged}
        training = next(iter(first.values())).training
        with borrowed(1, "measuring speeds"):
            speeds = compute_speeds(first, data, lambda share, what: self.progress(0.0, what))
        lengths, seconds = equal_compute(training.images, training.batch_size, speeds)
        told = {"speeds": {family: round(speed, 1) for family, speed in speeds.items()}, "seconds": round(seconds, 1)}
        return with_lengths(known, lengths).model_copy(update=told)

    def _decide(self, decided: MatchPlan) -> None:
        """Write down what is decided, before it is acted upon."""
        self.plan, self._configs = decided, decided.configurations()
        self.folder.write_plan(decided)

    def _through(self, *roles: str) -> None:
        """Train and judge the runs of these roles."""
        mine = [index for index, planned in enumerate(self.plan.entries) if planned.role in roles]
        while True:
            self._feed(mine)
            states = {index: self._look(index) for index in mine}
            ready = [i for i in mine if i not in self._judged and self._is_over(i, states[i])]
            if ready:
                self._judge_run(ready[0], states[ready[0]], mine)
            elif all(index in self._judged for index in mine):
                return
            else:
                self._tell(mine)
                time.sleep(POLL_SECONDS)

    # Training

    def _feed(self, mine: list[int]) -> None:
        """Keep one run waiting behind those that train, in order."""
        waiting = 0
        for index in mine:
            now = self._look(index)
            if not self._is_over(index, now) and (now is None or not now.active):
                now = self._begin(index, now)
            waiting += now is not None and now.active
            if waiting > self._slots:
                return

    def _look(self, index: int) -> Run | None:
        key = self.plan.entries[index].run
        try:
            return None if key is None else self.lab.runs.exact(key)
        except InputError:
            return None

    def _is_over(self, index: int, now: Run | None) -> bool:
        """Whether a run needs no more training, or had its chances.

        Raises:
            GenlabError: When it failed of what every other run would fail of.
        """
        if now is None or now.active:
            return False
        if now.state in {"completed", "diverged"}:
            return True
        if self.plan.entries[index].taken_over or index not in self._met:
            return False
        if now.state == "interrupted":
            return self._revived[index] >= REVIVALS
        why = Reason.model_validate(now.error or {})
        if why.kind in FATAL:
            again = f"Free some space, then go on with it: genlab match --resume {self.folder.path.name}"
            raise GenlabError(f"The match cannot go on: {why.message}", again, kind=why.kind)
        return True

    def _begin(self, index: int, now: Run | None) -> Run | None:
        """Start a run, go on with it, or take over one that is there."""
        if now is not None and not self.plan.entries[index].taken_over:
            if index in self._met:
                self._revived[index] += 1
            self._met.add(index)
            with suppress(InputError):
                return self.lab.runs.resume(now)
            return self._look(index)
        self._met.add(index)
        config = self.lab.configs.settled(self._configs[index])
        found, own = self._existing(config)
        if found is None:
            found, own = self.lab.runs.submit(config), True
        elif own and not found.active and found.state != "completed":
            found = self.lab.runs.resume(found)
        self._decide(self.plan.with_run(index, run=found.id, taken_over=not own))
        return self.lab.runs.exact(found.id)

    def _existing(self, config: RunConfig) -> tuple[Run | None, bool]:
        """A run of the same configuration, and whether it is this match's own, begun before a crash."""
        created = self._summary().created
        best: Run | None = None
        for run in self.lab.runs.all():
            if run.shipped or not _alike(run, config) or not same(self.lab.runs.read(run).config(), config):
                continue
            if run.state == "completed" and self._comparable(run):
                return run, run.name == config.name and run.created >= created
            own = run.name == config.name and run.created >= created
            if run.active or (own and run.state != "completed"):
                best = best or run
        return best, best is not None and best.name == config.name and best.created >= created

    def _comparable(self, run: Run) -> bool:
        about = Environment.model_validate(self.lab.runs.read(run).environment())
        learned, wanted = about.data, self.plan.data
        if learned is None or wanted is None:
            return False
        return about.genlab == __version__ and learned.fingerprint == wanted.fingerprint

    def _halt(self) -> None:
        """Stop this match's own runs with checkpoints, and wait for them."""
        mine = [index for index, planned in enumerate(self.plan.entries) if not planned.taken_over]
        for index in mine:
            now = self._look(index)
            if now is not None and now.active:
                with suppress(GenlabError):
                    self.lab.runs.stop(now)
        until = time.monotonic() + HALT_SECONDS
        while time.monotonic() < until and any(now is not None and now.active for now in map(self._look, mine)):
            time.sleep(POLL_SECONDS)

    # Judging

    def _judge_run(self, index: int, now: Run | None, mine: list[int]) -> None:
        """Evaluate a completed run, and measure what evaluation does not."""
        if now is not None and now.state == "completed":
            doing = f"judging {self._short(index)}"
            started = time.monotonic()
            try:
                with borrowed(cores.per_run(), "an evaluation"):
                    self._measure(self.plan.entries[index], now, lambda share, what: self._during(mine, doing))
            except Cancelled:
                raise
            except GenlabError as error:
                if error.kind in FATAL:
                    raise
                print(f"{now.id} not judged: {error.message} {error.hint}", file=sys.stderr, flush=True)
            self._took.setdefault(self.plan.entries[index].role, []).append(time.monotonic() - started)
        self._judged.add(index)
        self._tell(mine)

    def _measure(self, planned: MatchRun, now: Run, tell: Callable[[float, str], None]) -> None:
        if planned.role == "trial":
            self.lab.matches.judge_run(now, self.request.trial_evaluation(), tell, measures=False)
        else:
            found = self.lab.matches.judge_run(now, self.request.evaluation(), tell, faces=self.request.faces)
            self.folder.add_measures(now.id, found.measures)
            self.folder.add_baselines(found.baselines)

    def _during(self, mine: list[int], what: str) -> None:
        """While a run is judged: look after the queue, and tell."""
        now = time.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._feed(mine)
            self._tell(mine, what)

    # Telling

    def _tell(self, mine: list[int], what: str = "") -> None:
        """Say how far the match is, and how long it will still take."""
        runs = [self._look(index) for index in range(len(self.plan.entries))]
        share, left = pace.share_and_left(
            [self._known(index, now) for index, now in enumerate(runs)],
            self._expected(),
            {role: sum(took) / len(took) for role, took in self._took.items()},
            self._slots,
        )
        over = sum(now is not None and not now.active for now in runs)
        training = [index for index, now in enumerate(runs) if now is not None and now.state == "running"]
        names = ", ".join(map(self._short, training))
        last = "judging the claims" if over == len(runs) else "waiting for a free core"
        doing = what or (f"training {names}" if names else last)
        self._share = max(share, self._share)
        self.progress(self._share, f"{doing} ({over} of {len(runs)} runs trained)")
        if time.monotonic() - self._told > 2:
            self._told = time.monotonic()
            seconds = None if left is None else round(left, 1)
            self.folder.job(self.lab.workspace.jobs).update(seconds_left=seconds, told=time.time())

    def _known(self, index: int, now: Run | None) -> MatchRun:
        """A run of the plan with how far it is."""
        return self.plan.entries[index].known(
            target=self._configs[index].training.images,
            images=0 if now is None else now.images,
            over=now is not None and not now.active and index in self._met | self._judged,
            judged=index in self._judged,
        )

    def _expected(self) -> Mapping[str, float]:
        """Contender -> images per second, as Train estimates them; none before anything was measured."""
        if time.monotonic() - self._measured > SPEED_SECONDS:
            self._measured, measured = time.monotonic(), self.lab.runs.measured_speeds()
            for planned, config in zip(self.plan.entries, self._configs, strict=True):
                found = self.lab.runs.expected_speed(config, measured)
                if found is not None:
                    self._speeds[planned.contender] = found.images_per_second
        return self._speeds

    def _short(self, index: int) -> str:
        """A run in a few words, e.g. ``GAN seed 1``."""
        config = self._configs[index]
        return config.name.removeprefix(f"Match {config.data.name} ")


def same(one: RunConfig, other: RunConfig) -> bool:
    """Whether two configurations decide the same run: they differ in the name alone, if at all."""
    without = {"name"}
    return one.model_dump(mode="json", exclude=without) == other.model_dump(mode="json", exclude=without)


def _alike(run: Run, config: RunConfig) -> bool:
    """What can be told from the list of runs, so that few configurations have to be read."""
    wanted = (config.model.name, config.network.name, config.data.name, config.training.seed, config.training.images)
    known = run.state in {*ACTIVE, "completed"} or run.name == config.name
    return known and (run.model, run.network, run.data, run.seed, run.target) == wanted
