"""Matches between families: started, watched, stopped, resumed, judged; a job conducts each in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError, InputError
from genlab.lab.configs import Configs
from genlab.lab.data import DataReader
from genlab.lab.evaluations import EvaluationsReader
from genlab.lab.jobs import Jobs
from genlab.lab.runs import Runs, RunsReader
from genlab.store.atomic import remove_folder
from genlab.store.owner import OwnedError, owning, remove
from genlab.store.reading import Found, named
from genlab.store.run import Run
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.evaluation.evaluation_request import EvaluationRequest
    from genlab.matches.folder import Match, MatchDirectory
    from genlab.matches.match_request import MatchRequest

SHIPPED = "The match {id} comes with genlab and cannot be changed."


class MatchesReader:
    """The matches of a workspace, for looking.

    Attributes:
        data: What they are held on.
        configs: Makes the configurations of their runs.
        runs: Where those are.
        evaluations: How good what they trained is.
    """

    runs: RunsReader

    def __init__(
        self, workspace: Workspace, data: DataReader, configs: Configs, runs: RunsReader, evaluations: EvaluationsReader
    ) -> None:
        self._workspace = workspace
        self.data, self.configs, self.runs, self.evaluations = data, configs, runs, evaluations

    def request(self, **settings: Any) -> MatchRequest:
        """What a match is to be: data, families, preset, seeds, length.

        Raises:
            InputError: When a setting is unknown or out of range, or the families cannot meet.
        """
        from genlab.matches.match_request import MatchRequest
        from genlab.options import parse

        return parse(MatchRequest, settings).checked()

    def all(self) -> list[Match]:
        """All matches: the workspace's own, newest first; then those that came with genlab, the first one first."""
        return self.found().good

    def found(self) -> Found[Match]:
        """As `all`, and those that are damaged or a newer genlab's."""
        from genlab.matches.folder import find_matches
        from genlab.store.shipped import matches_folder

        own = find_matches(self._workspace.matches, self._workspace.jobs)
        taken = {match.id for match in own.good} | {one.id for one in own.damaged}
        shipped = find_matches(matches_folder(), None)
        return Found(
            own.good + [m for m in sorted(shipped.good, key=lambda m: m.created) if m.id not in taken],
            own.damaged + [m for m in shipped.damaged if m.id not in taken],
        )

    def find(self, key: str) -> Match:
        """The match with that identifier (its beginning is enough) or name; one's own before a shipped one.

        Raises:
            InputError: When there is none or more than one.
        """
        own = self._own(key)
        if own is not None:
            return own
        there = self.found() if key else Found()
        known = there.good
        found = [match for match in known if match.id == key]
        found = found or [match for match in known if match.id.startswith(key)]
        found = found or [match for match in known if match.name == key]
        if not found and (lost := named(there, key)) is not None:
            raise lost.error
        if not found:
            raise InputError(f"There is no match {key!r}.", "`genlab matches` lists them.", kind="not_found")
        if len(found) > 1:
            some = ", ".join(match.id for match in found[:3])
            raise InputError(
                f"{key!r} could be any of {len(found)} matches: {some}…", "Write more of it.", kind="ambiguous"
            )
        return found[0]

    def exact(self, match: str) -> Match:
        """The match with exactly that identifier, as a job or an address of genlab's own names it.

        Raises:
            InputError: When there is none, or it is damaged.
        """
        own = self._own(match)
        if own is not None:
            return own
        there = self.found()
        for one in there.damaged:
            if one.id == match:
                raise one.error
        found = next((one for one in there.good if one.id == match), None)
        if found is None:
            raise InputError(f"There is no match {match!r}.", "`genlab matches` lists them.", kind="not_found")
        return found

    def measures(self, match: Match) -> Mapping[str, Mapping[str, Any]]:
        """Run -> measure -> its line: what was measured of the runs of a match besides their evaluations."""
        from genlab.matches.folder import MatchDirectory

        return MatchDirectory(match.path).measures()

    def _own(self, match: str) -> Match | None:
        """The workspace's own match with exactly that identifier, cheap to ask for."""
        from genlab.matches.folder import MatchDirectory, is_match

        path = self._workspace.matches / match
        if not match or match != Path(match).name or match.startswith(".") or not is_match(path):
            return None
        return MatchDirectory(path).summary(self._workspace.jobs)

    def estimate(self, request: MatchRequest) -> tuple[float, float] | None:
        """Seconds that a match will take, at least and at most; None where no speed was ever measured.

        Raises:
            InputError: When the request cannot be met.
        """
        from genlab.devices import at_once
        from genlab.matches.fair import FACTORS, TRIAL_SHARE, base_configs
        from genlab.matches.pace import judging_seconds, together

        configs, _ = base_configs(request, self)
        measured, trials = self.runs.measured_speeds(), len(FACTORS) if request.trials else 0
        training: tuple[list[float], list[float]] = ([], [])
        for config in configs.values():
            speed = self.runs.expected_speed(config, measured)
            if speed is None:
                return None
            for seconds, found in zip(speed.seconds(config.training.images), training, strict=True):
                found += [seconds] * request.seeds + [seconds / TRIAL_SHARE] * trials
        first = next(iter(configs.values()))
        slots = at_once(first.training.device, first.training.threads)
        judging = judging_seconds(
            len(configs) * request.seeds, len(configs) * trials, self.data.describe(first.data).shape
        )
        low, high = (together(*parts, slots) for parts in zip(training, judging, strict=True))
        return low, high

    def report(self, key: str, out: Path) -> Path:
        """Write a match's report, one self-contained HTML file.

        Raises:
            InputError: When there is no such match, or ``out`` cannot be written to.
        """
        from genlab.reports.match import write_report

        write_report(self.find(key), self, out)
        return out


class Matches(MatchesReader):
    """The matches of a workspace.

    Args:
        jobs: Where they are conducted.
    """

    runs: Runs

    def __init__(
        self,
        workspace: Workspace,
        data: DataReader,
        configs: Configs,
        runs: Runs,
        evaluations: EvaluationsReader,
        jobs: Jobs,
    ) -> None:
        super().__init__(workspace, data, configs, runs, evaluations)
        self._jobs = jobs

    def start(self, request: MatchRequest) -> Match:
        """Begin a match; returns at once. Completed runs of the same configuration are taken over.

        Raises:
            InputError: When the request cannot be met or the workspace cannot be written to.
        """
        from genlab.matches.fair import base_configs
        from genlab.matches.folder import MatchDirectory

        configs, _ = base_configs(request, self)
        data = next(iter(configs.values())).data
        self._workspace.create()
        folder = MatchDirectory.create(self._workspace.matches, request.model_copy(update={"data": data}))
        self._conduct(folder)
        return folder.summary(self._workspace.jobs)

    def hold(self, request: MatchRequest, progress: Callable[[Match], None] | None = None) -> Match:
        """Hold a match and wait for its verdicts; Ctrl-C, or an error in ``progress``, stops it.

        Args:
            request: What is asked for.
            progress: Called now and then with the state of the match.

        Raises:
            InputError: When the request cannot be met.
            GenlabError: When the match was stopped or failed; it can be resumed.
        """
        return self.wait_for(self.start(request).id, progress)

    def wait_for(self, key: str, progress: Callable[[Match], None] | None = None) -> Match:
        """Wait until a match has ended; Ctrl-C, or an error in ``progress``, stops it.

        Raises:
            GenlabError: When it was stopped or failed.
        """
        now = self.find(key)
        try:
            while now.active:
                if progress is not None:
                    progress(now)
                time.sleep(0.5)
                now = self.exact(now.id)
        except BaseException:
            with suppress(InputError):
                self.stop(now.id)
            raise
        if now.state != "completed":
            again = f"Go on with it: genlab match --resume {now.id}"
            error = now.error or {"message": f"The match {now.id} was {now.state}.", "hint": again}
            raise GenlabError(error["message"], error.get("hint") or again, kind=error.get("kind", now.state))
        return now

    def stop(self, key: str) -> Match:
        """Ask a match to end, its runs with a checkpoint; it can be resumed.

        Raises:
            InputError: When nothing of it is under way, or it came with genlab.
        """
        now = self._own_match(key)
        training = [run for run in self._runs_of(now) if run.active]
        if now.active:
            self._jobs.cancel(self._folder(now).job(self._workspace.jobs).path.name)
        elif training:
            # Its conductor is gone, and the runs that it had begun went on by themselves.
            for run in training:
                self.runs.stop(run)
        else:
            raise InputError(f"The match {now.id} is {now.state}, not running.", "`genlab matches` lists what runs.")
        return self.exact(now.id)

    def resume(self, key: str) -> Match:
        """Go on with a match that was stopped, cut off or failed.

        Raises:
            InputError: When it is still active, has completed, or came with genlab.
        """
        now = self._own_match(key)
        if now.active or now.state == "completed":
            raise InputError(f"The match {now.id} is {now.state}.", "Only a match that has ended early can be resumed.")
        self._conduct(self._folder(now))
        return self.exact(now.id)

    def delete(self, key: str) -> None:
        """Remove a match, damaged or not, with its verdicts; its runs stay.

        Raises:
            InputError: When it is still active, came with genlab, or may not be deleted.
        """
        lost = next((one for one in self.found().damaged if one.id == key), None)
        if lost is not None:
            if lost.shipped:
                raise InputError(SHIPPED.format(id=lost.id), kind="read_only")
            remove_folder(lost.path)
            return
        now = self._own_match(key)
        job = self._folder(now).job(self._workspace.jobs).path
        with suppress(OwnedError), ExitStack() as stack:
            if job.is_dir():
                stack.enter_context(owning(job, give_up=lambda: self.exact(now.id).active))
            if not self.exact(now.id).active:
                if job.is_dir():
                    remove(job)
                self._folder(now).remove()
                return
        raise InputError(f"The match {now.id} is {self.exact(now.id).state}.", "Stop it first.", kind="busy")

    def judge(self, key: str) -> Match:
        """Judge a match anew by what is known of its runs now; nothing is trained or measured.

        Raises:
            InputError: When it has no runs yet, some of them are gone, or it came with genlab.
        """
        from genlab.matches.gathering import judge

        now = self._own_match(key)
        if not now.entries:
            raise InputError(f"The match {now.id} has no runs yet.", "Resume it first.", kind="bad_value")
        gone = [entry.run for entry in now.entries if entry.run is not None and not self._is_there(entry.run)]
        if gone and now.claims is not None:
            raise InputError(
                f"{len(gone)} of the match's runs are gone, so that its verdicts would be lost.",
                "Keep them as they are, or run the match again.",
                kind="not_found",
            )
        judge(now, self)
        return self.exact(now.id)

    def judge_run(
        self,
        run: str | Run,
        request: EvaluationRequest,
        progress: Callable[[float, str], None] = lambda share, what: None,
        *,
        measures: bool = True,
    ) -> Mapping[str, Mapping[str, Any]]:
        """Evaluate a run and measure what claims need besides, in this process: its model is loaded once, with torch.

        Args:
            run: A run of images that has a checkpoint.
            request: Metrics, encoder, number of samples.
            progress: Told how far it is; may raise to cancel.
            measures: Whether to take the claims' measures as well.

        Returns:
            Name of a measure -> its line; empty without ``measures``.

        Raises:
            InputError: When the run has no checkpoint, or its data or their encoder cannot be had.
        """
        from genlab.matches.judging import judge_run

        return judge_run(self.runs.read(run), request, self._workspace, progress, measures=measures)

    def _conduct(self, folder: MatchDirectory) -> None:
        from genlab.matches.folder import KIND

        self._jobs.start(KIND, {"match": folder.path.name})

    def _folder(self, match: Match) -> MatchDirectory:
        from genlab.matches.folder import MatchDirectory

        return MatchDirectory(match.path)

    def _own_match(self, key: str) -> Match:
        now = self.find(key)
        if now.shipped:
            raise InputError(SHIPPED.format(id=now.id), "Start one of your own like it.", kind="read_only")
        return now

    def _is_there(self, run: str) -> bool:
        try:
            self.runs.exact(run)
        except InputError:
            return False
        return True

    def _runs_of(self, match: Match) -> list[Any]:
        found = []
        for entry in match.entries:
            if entry.run is not None and not entry.taken_over:
                with suppress(InputError):
                    found.append(self.runs.exact(entry.run))
        return found
