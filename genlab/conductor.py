"""Conducts a match from plan to verdicts, as a job: runs go through the ordinary queue, and are judged as they end.

Everything that is decided is written down before it is acted upon, and a run that was begun is found again by its
configuration. So whoever resumes a match after a crash goes on where it was.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from genlab import __version__, cores
from genlab.budget import borrowed
from genlab.config import RunConfig, load_config
from genlab.devices import at_once
from genlab.errors import GenlabError, InputError
from genlab.jobs.queue import Cancelled
from genlab.matches import pace, trials
from genlab.matches.fair import plan
from genlab.matches.folder import MatchDirectory, plan_document
from genlab.matches.gathering import judge
from genlab.store.run import ACTIVE, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from genlab.lab.matching import Matching
    from genlab.store.workspace import Workspace

POLL_SECONDS = 0.5
LOOK_SECONDS = 1.0
"""How often the queue is looked after while a run is judged."""

HALT_SECONDS = 60.0
"""How long a match that is to end waits for its runs' checkpoints."""

REVIVALS = 2
"""How often a run whose process died is gone on with before it counts as failed."""

FATAL = frozenset({"disk_full", "read_only"})
"""Errors of one run that every other run would meet as well."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    """Conduct the match ``arguments["match"]``."""
    from genlab.lab import Lab

    Conductor(MatchDirectory(workspace.matches / arguments["match"]), Lab(workspace.path), progress).conduct()


class Conductor:
    """Conducts one match.

    Args:
        folder: The match.
        lab: Where its runs are.
        progress: Told the share done and what is being done; may raise to end the match.
    """

    def __init__(self, folder: MatchDirectory, lab: Matching, progress: Callable[[float, str], None]) -> None:
        self.folder, self.lab, self.progress = folder, lab, progress
        self.request = folder.request()
        self.document: dict[str, Any] = {}
        self._met: set[int] = set()
        self._revived: Counter[int] = Counter()
        self._judged: set[int] = set()
        self._took: dict[str, list[float]] = {}
        self._share = self._told = self._looked = 0.0

    def conduct(self) -> None:
        """Train, evaluate and judge what has not been yet.

        Raises:
            Cancelled: When the match is to end; its runs have been stopped with checkpoints.
            InputError: When the match cannot be had.
            GenlabError: When the disk is full.
        """
        self._prepare()
        try:
            if self.request.tuned and "chosen_lr" not in self.document:
                self._through("trial")
                self.document = trials.choose(self.document, self.lab, self.request.trial_evaluation())
                self._write()
            self._through("trial", "seed")
        except BaseException:
            self._halt()
            raise
        judge(self.folder, self.lab)

    def _prepare(self) -> None:
        """Have the data, and the plan."""
        known = self.folder.plan()
        if known is None:
            self.progress(0.0, "planning")
            known = plan_document(plan(self.request, self.lab))
        config = load_config(known["entries"][0]["config"])
        data = self.lab.dataset(config.data, lambda share, what: self.progress(0.0, f"preparing data: {what}"))
        fingerprint = known.setdefault("data", {"name": config.data.name, "fingerprint": data.fingerprint})
        if fingerprint["fingerprint"] != data.fingerprint:
            raise InputError(
                f"The data set {config.data.name!r} has changed since this match began.",
                "Restore the old data, or start a new match.",
                kind="data_changed",
            )
        self._slots = at_once(config.training.device, config.training.threads)
        self.document = known
        self._write()

    def _through(self, *roles: str) -> None:
        """Train and judge the runs of these roles."""
        mine = [index for index, entry in enumerate(self.document["entries"]) if entry["role"] in roles]
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
        key = self.document["entries"][index]["run"]
        try:
            return None if key is None else self.lab.run(key)
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
        if self.document["entries"][index]["taken_over"] or index not in self._met:
            return False
        if now.state == "interrupted":
            return self._revived[index] >= REVIVALS
        if now.error and now.error.get("kind") in FATAL:
            again = f"Free some space, then go on with it: genlab match --resume {self.folder.path.name}"
            raise GenlabError(f"The match cannot go on: {now.error['message']}", again, kind=now.error["kind"])
        return True

    def _begin(self, index: int, now: Run | None) -> Run | None:
        """Start a run, go on with it, or take over one that is there."""
        entry = self.document["entries"][index]
        if now is not None and not entry["taken_over"]:
            if index in self._met:
                self._revived[index] += 1
            self._met.add(index)
            with suppress(InputError):
                return self.lab.resume(now)
            return self._look(index)
        self._met.add(index)
        config = self.lab.settled(load_config(entry["config"]))
        found, own = self._existing(config)
        if found is None:
            found, own = self.lab.submit(config), True
        elif own and not found.active and found.state != "completed":
            found = self.lab.resume(found)
        entry["run"], entry["taken_over"] = found.id, not own
        self._write()
        return self.lab.run(found.id)

    def _existing(self, config: RunConfig) -> tuple[Run | None, bool]:
        """A run of the same configuration, and whether it is this match's own, begun before a crash."""
        created = self.folder.summary(self.lab.workspace.jobs).created
        best: Run | None = None
        for run in self.lab.runs():
            if run.shipped or not _alike(run, config) or not same(self.lab.directory(run).config(), config):
                continue
            if run.state == "completed" and self._comparable(run):
                return run, run.name == config.name and run.created >= created
            own = run.name == config.name and run.created >= created
            if run.active or (own and run.state != "completed"):
                best = best or run
        return best, best is not None and best.name == config.name and best.created >= created

    def _comparable(self, run: Run) -> bool:
        about = self.lab.directory(run).environment()
        fingerprint = about.get("data", {}).get("fingerprint")
        return about.get("genlab") == __version__ and fingerprint == self.document["data"]["fingerprint"]

    def _halt(self) -> None:
        """Stop this match's own runs with checkpoints, and wait for them."""
        mine = [i for i, entry in enumerate(self.document["entries"]) if not entry["taken_over"]]
        for index in mine:
            now = self._look(index)
            if now is not None and now.active:
                with suppress(GenlabError):
                    self.lab.stop(now)
        until = time.monotonic() + HALT_SECONDS
        while time.monotonic() < until and any(now is not None and now.active for now in map(self._look, mine)):
            time.sleep(POLL_SECONDS)

    # Judging

    def _judge_run(self, index: int, now: Run | None, mine: list[int]) -> None:
        """Evaluate a completed run, and measure what evaluation does not."""
        entry = self.document["entries"][index]
        if now is not None and now.state == "completed":
            started = time.monotonic()
            try:
                with borrowed(cores.per_run(), "an evaluation"):
                    self._measure(entry, lambda share, what: self._during(mine, f"judging {_short(entry)}"))
            except Cancelled:
                raise
            except GenlabError as error:
                if error.kind in FATAL:
                    raise
                print(f"{now.id} not judged: {error.message} {error.hint}", file=sys.stderr, flush=True)
            self._took.setdefault(entry["role"], []).append(time.monotonic() - started)
        self._judged.add(index)
        self._tell(mine)

    def _measure(self, entry: Mapping[str, Any], tell: Callable[[float, str], None]) -> None:
        from genlab.evaluation.evaluate import evaluate
        from genlab.matches.measures import measure

        directory, workspace = self.lab.directory(entry["run"]), self.lab.workspace
        if entry["role"] == "trial":
            evaluate(directory, self.request.trial_evaluation(), workspace, tell)
            return
        evaluate(directory, self.request.evaluation(), workspace, tell)
        self.folder.add_measures(entry["run"], measure(directory.path, workspace, tell))

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
        runs = {index: self._look(index) for index in range(len(self.document["entries"]))}
        share, left = pace.share_and_left(
            [self._part(index, now) for index, now in runs.items()],
            {family: speed for family in self.document["parameters"] if (speed := self._speed(family, runs))},
            {role: sum(took) / len(took) for role, took in self._took.items()},
            self._slots,
        )
        over = sum(now is not None and not now.active for now in runs.values())
        training = [index for index, now in runs.items() if now is not None and now.state == "running"]
        names = ", ".join(_short(self.document["entries"][index]) for index in training)
        last = "judging the claims" if over == len(runs) else "waiting for a free core"
        doing = what or (f"training {names}" if names else last)
        self._share = max(share, self._share)
        self.progress(self._share, f"{doing} ({over} of {len(runs)} runs trained)")
        if time.monotonic() - self._told > 2:
            self._told = time.monotonic()
            self.folder.job(self.lab.workspace.jobs).update(seconds_left=round(left, 1), told=time.time())

    def _part(self, index: int, now: Run | None) -> pace.Part:
        entry = self.document["entries"][index]
        return pace.Part(
            entry["family"],
            entry["role"],
            int(entry["config"]["training"]["images"]),
            0 if now is None else now.images,
            now is not None and not now.active and index in self._met | self._judged,
            index in self._judged,
        )

    def _speed(self, family: str, runs: Mapping[int, Run | None]) -> float | None:
        mine = [now for i, now in runs.items() if now and self.document["entries"][i]["family"] == family]
        seconds = sum(now.seconds for now in mine)
        return sum(now.images for now in mine) / seconds if seconds > 5 else None

    def _write(self) -> None:
        self.folder.write_plan(self.document)


def same(one: RunConfig, other: RunConfig) -> bool:
    """Whether two configurations decide the same run: they differ in the name alone, if at all."""
    without = {"name"}
    return one.model_dump(mode="json", exclude=without) == other.model_dump(mode="json", exclude=without)


def _alike(run: Run, config: RunConfig) -> bool:
    """What can be told from the list of runs, so that few configurations have to be read."""
    wanted = (config.model.name, config.network.name, config.data.name, config.training.seed, config.training.images)
    known = run.state in {*ACTIVE, "completed"} or run.name == config.name
    return known and (run.model, run.network, run.data, run.seed, run.target) == wanted


def _short(entry: Mapping[str, Any]) -> str:
    """A run in a few words, e.g. ``GAN seed 1``."""
    return str(entry["config"]["name"]).removeprefix(f"Match {entry['config']['data']['name']} ")
