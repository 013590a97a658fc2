"""Matches between families: started, watched, stopped, resumed, judged; a job conducts each in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from genlab.errors import GenlabError, InputError
from genlab.lab._matches_reader import MatchesReader
from genlab.lab.configs import Configs
from genlab.lab.data import DataReader
from genlab.lab.evaluations import EvaluationsReader
from genlab.lab.jobs import Jobs
from genlab.lab.runs import Runs
from genlab.store.atomic import remove_folder
from genlab.store.owner import OwnedError, owning, remove
from genlab.store.run import Run
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.evaluation.evaluation_request import EvaluationRequest
    from genlab.jobs.background import Job
    from genlab.matches.folder import Match, MatchDirectory
    from genlab.matches.judging import Judgement
    from genlab.matches.match_request import MatchRequest

__all__ = ["Matches", "MatchesReader"]

SHIPPED = "The match {id} comes with genlab and cannot be changed."


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

    def resume(self, key: str, seeds: int | None = None) -> Match:
        """Go on with a match that was stopped, cut off or failed; or with more seeds, whether it has ended or not.

        Args:
            key: The match.
            seeds: Runs of each family that it is to have; None for as many as were asked for. Those that it has are
                kept, and the verdicts stand until all have been judged together.

        Raises:
            InputError: When it is still active, has completed with as many seeds, came with genlab, or has runs of
                another version of genlab, which would not be comparable with further ones.
        """
        now = self._own_match(key)
        if now.active:
            raise InputError(f"The match {now.id} is {now.state}.", "Wait for its end, or stop it first.", kind="busy")
        wanted = now.request.seeds if seeds is None else seeds
        planned = len({entry.seed for entry in now.entries if entry.role == "seed"})
        if now.state == "completed" and wanted == planned:
            hint = f"Ask for more seeds than {planned} to go on with it."
            raise InputError(f"The match {now.id} has completed.", hint, kind="completed")
        if wanted != now.request.seeds:
            self._ask_for_seeds(now, wanted)
        self._conduct(self._folder(now))
        return self.exact(now.id)

    def _ask_for_seeds(self, now: Match, seeds: int) -> None:
        from genlab import __version__
        from genlab.matches.entries import with_seeds
        from genlab.matches.match_plan import MatchPlan

        if seeds < now.request.seeds:
            raise InputError(
                f"The match {now.id} has {now.request.seeds} seeds already.",
                f"Ask for more of them, or start a new match with {seeds}.",
                kind="bad_value",
            )
        asked = self.request(**{**now.request.model_dump(mode="json"), "seeds": seeds})
        folder = self._folder(now)
        with_seeds(folder.plan() or MatchPlan(), seeds)
        there = [self.runs.read(run.id).environment().get("genlab") for run in self._runs_of(now, own=False)]
        if others := sorted({str(version) for version in there if version} - {__version__}):
            raise InputError(
                f"Runs of the match {now.id} were trained by genlab {' and '.join(others)}, this is {__version__}: "
                "further seeds would not be comparable.",
                f"Start a match of its own for them: {asked.command()}",
                kind="other_version",
            )
        folder.ask_for_seeds(seeds)

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

        judge(self._judgeable(self._own_match(key)), self)
        return self.find(key)

    def judge_again(self, key: str, progress: Callable[[float, str], None] = lambda share, what: None) -> Match:
        """Judge a match anew, in this process, after evaluating what today's metrics and claims miss of its runs.

        Nothing is trained. The verdicts stand until the new ones are written. A match that comes with genlab is copied
        into the workspace first; of its runs that did not come, what was kept of them counts as far as it holds today.

        Args:
            key: The match.
            progress: Told how far it is; may raise to cancel.

        Raises:
            InputError: When it is under way, has no runs yet, or some of them are gone with their scores.
            GenlabError: When the disk is full.
        """
        from genlab.matches.again import judge_again, own_copy

        now = self._judgeable(self._ended(key))
        folder = own_copy(now, self._workspace)
        judge_again(folder.summary(self._workspace.jobs), self, self._workspace, progress)
        return self.exact(now.id)

    def start_judging(self, key: str) -> Job:
        """Begin to judge a match anew, as `judge_again`, in a job of its own; returns at once.

        Raises:
            InputError: As `judge_again`.
        """
        from genlab.matches.again import KIND

        return self._jobs.start(KIND, {"match": self._judgeable(self._ended(key)).id})

    def judge_run(
        self,
        run: str | Run,
        request: EvaluationRequest,
        progress: Callable[[float, str], None] = lambda share, what: None,
        *,
        measures: bool = True,
        faces: bool = False,
    ) -> Judgement:
        """Evaluate a run, measure what claims need besides and do their tasks, in this process, with torch.

        Args:
            run: A run of images that has a checkpoint.
            request: Metrics, encoder, number of samples.
            progress: Told how far it is; may raise to cancel.
            measures: Whether to take the claims' measures and do their tasks as well.
            faces: Whether its data are photographs of faces, of which more is asked.

        Returns:
            What was found besides the evaluation; nothing without ``measures``.

        Raises:
            InputError: When the run has no checkpoint, or its data or their encoder cannot be had.
        """
        from genlab.matches.judging import judge_run

        read = self.runs.read(run)
        return judge_run(read, request, self._workspace, progress, measures=measures, faces=faces)

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

    def _ended(self, key: str) -> Match:
        now = self.find(key)
        if now.active:
            raise InputError(f"The match {now.id} is {now.state}.", "It is judged when it ends.", kind="busy")
        return now

    def _judgeable(self, now: Match) -> Match:
        """The match, where judging it anew loses nothing."""
        from genlab.matches.folder import MatchDirectory

        if not now.entries:
            raise InputError(f"The match {now.id} has no runs yet.", "Resume it first.", kind="bad_value")
        kept = MatchDirectory(now.path).measures("evaluations")
        named = [entry.run for entry in now.entries if entry.run is not None and entry.role == "seed"]
        gone = [run for run in named if run not in kept and not self._is_there(run)]
        if gone and now.claims is not None:
            raise InputError(
                f"{len(gone)} of the match's runs are gone, so that its verdicts would be lost.",
                "Keep them as they are, or run the match again.",
                kind="not_found",
            )
        return now

    def _is_there(self, run: str) -> bool:
        try:
            self.runs.exact(run)
        except InputError:
            return False
        return True

    def _runs_of(self, match: Match, *, own: bool = True) -> list[Run]:
        """Its runs that are there; only those that it began itself, or all."""
        found = []
        for entry in match.entries:
            if entry.run is not None and not (own and entry.taken_over):
                with suppress(InputError):
                    found.append(self.runs.exact(entry.run))
        return found
