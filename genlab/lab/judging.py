"""Evaluations of trained models, their portraits, and the sandbox: work that jobs in other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genlab.config import DataConfig
from genlab.errors import GenlabError
from genlab.jobs import asking
from genlab.jobs.background import Job, JobDirectory
from genlab.jobs.waiting import explained
from genlab.lab.changes import changes, looks
from genlab.lab.running import Running
from genlab.store.run import Run, RunDirectory

if TYPE_CHECKING:
    from genlab.datasets.base import DatasetInfo
    from genlab.evaluation.damage import Kind
    from genlab.evaluation.measurable import Measurable
    from genlab.evaluation.request import EvaluationRequest
    from genlab.metrics.base import Damage


class Judging(Running):
    """What is known of how good the models of a workspace are."""

    @looks
    def request(self, **settings: Any) -> EvaluationRequest:
        """What is to be evaluated: metrics, encoder, number of samples, checkpoint.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.evaluation.request import EvaluationRequest
        from genlab.options import parse

        return parse(EvaluationRequest, settings)

    @looks
    def course_request(self) -> EvaluationRequest:
        """What training itself would record over time: cheap scores that tell early, from fewer samples."""
        from genlab.evaluation.request import OVER_TIME, OVER_TIME_SAMPLES

        return self.request(metrics=OVER_TIME, samples=OVER_TIME_SAMPLES)

    @looks
    def unjudged(self, run: str | Run, request: EvaluationRequest) -> tuple[int, int]:
        """How many checkpoints of a run ``request`` has not been answered for, and how many there are.

        Raises:
            InputError: When the run has no checkpoint.
        """
        asked = self._asked_of(run, request, every=True)
        return sum(self.evaluation(run, one) is None for one in asked), len(asked)

    @looks
    def judged_from(self, run: str | Run) -> int:
        """Images from which on the collapse watch judges a run: before them it is too early to tell."""
        from genlab.training.watch.collapse import least_images

        return least_images(self.directory(run).config())

    @staticmethod
    @looks
    def standing(name: str, value: float, facts: Mapping[str, Any]) -> str | None:
        """How one number of the collapse watch is to be read by itself: good, doubtful, bad; None without a verdict.

        Args:
            name: Its name in the curves, e.g. ``"watch/modes"``.
            value: The number.
            facts: What real data give, as ``status.json`` of the run has it under ``watch``.
        """
        from genlab.training.watch.rules import standing

        return standing(name, value, facts)

    @looks
    def measurable(self, info: DatasetInfo) -> Measurable:
        """Which metrics a data set is large enough for, with sentences for those that it is not."""
        from genlab.evaluation.measurable import measurable

        return measurable(info)

    @looks
    def damages(self) -> Mapping[Damage, Kind]:
        """What the sandbox can do to real items: name -> title, summary and whether it needs classes."""
        from genlab.evaluation.damage import DAMAGES

        return DAMAGES

    @changes
    def evaluate(
        self,
        runs: Sequence[str | Run],
        request: EvaluationRequest | None = None,
        progress: Callable[[Job], None] | None = None,
        *,
        every: bool = False,
    ) -> list[Mapping[str, Any]]:
        """Judge trained models, in another process, and wait for it; what is known already is not computed again.

        Ctrl-C, or an error in ``progress``, cancels it.

        Args:
            runs: Runs, or their identifiers or names.
            request: Metrics, encoder, number of samples.
            progress: Called now and then with the state of the job.
            every: All checkpoints of the runs, not only the one that ``request`` names.

        Returns:
            One document per run (with ``every`` per checkpoint), as in its ``evaluations/`` folder. Of several, those
            that diverged before their first checkpoint have none.

        Raises:
            InputError: When a run has no checkpoint, a name is unknown, or an encoder cannot be had.
            GenlabError: When it was cancelled or failed.
        """
        request = request or self.request()
        runs = [run for run in runs if not self._fell_early(run)] or runs
        self.wait_for(self.start_evaluation(runs, request, every=every), progress)
        documents = [self.evaluation(run, one) for run in runs for one in self._asked_of(run, request, every)]
        return [document for document in documents if document is not None]

    @changes
    def start_evaluation(
        self, runs: Sequence[str | Run], request: EvaluationRequest | None = None, *, every: bool = False
    ) -> Job | None:
        """Begin to judge trained models; returns the job, or None when everything is known already.

        Args:
            runs: Whose.
            request: Metrics, encoder, number of samples.
            every: All checkpoints, not only the one that ``request`` names.

        Raises:
            InputError: When a run has no checkpoint, or a name is unknown.
        """
        request = request or self.request()
        missing = [self.directory(run).path.name for run in runs if self._unjudged(run, request, every)]
        if not missing:
            return None
        asked: dict[str, Any] = {"runs": missing, "request": request.model_dump(mode="json")}
        return self._start_job("evaluate", asked | ({"every": True} if every else {}))

    def _unjudged(self, run: str | Run, request: EvaluationRequest, every: bool) -> bool:
        """Whether something is not known yet, or has failed."""
        found = [self.evaluation(run, one) for one in self._asked_of(run, request, every)]
        return any(document is None or _has_failed(document, request) for document in found)

    def _fell_early(self, run: str | Run) -> bool:
        """Whether it has diverged before there was anything to judge."""
        directory = self.directory(run)
        return directory.summary().state == "diverged" and not directory.checkpoints()

    def _asked_of(self, run: str | Run, request: EvaluationRequest, every: bool) -> list[EvaluationRequest]:
        from genlab.evaluation.request import at_checkpoints

        return at_checkpoints(self.directory(run), request) if every else [request]

    @looks
    def evaluation(self, run: str | Run, request: EvaluationRequest | None = None) -> Mapping[str, Any] | None:
        """The results for a request that has been computed, or None.

        Raises:
            InputError: When the run has no checkpoint, or a name is unknown.
        """
        from genlab.evaluation.request import cached

        return cached(self.directory(run), request or self.request())

    @looks
    def over_seeds(
        self, runs: Sequence[str | Run], request: EvaluationRequest | None = None
    ) -> list[Mapping[str, Any]]:
        """What has been found, pooled: one entry for each set of runs that differ only in their seeds.

        Args:
            runs: Runs that have been judged by ``request``, or have diverged before they could be; others are left out.
            request: As for `evaluate`.

        Returns:
            For each set its runs, seeds, divergence rate, and per metric the mean over seeds with its interval and
            spread.
        """
        from genlab.evaluation.seeds import over_seeds

        known: list[tuple[RunDirectory, Mapping[str, Any] | None]] = []
        for run in map(self.directory, runs):
            fell = self._fell_early(run.summary())
            document = None if fell else self.evaluation(run.summary(), request)
            if document is not None or fell:
                known.append((run, document))
        return list(over_seeds([directory for directory, _ in known], [document for _, document in known]))

    @looks
    def evaluations(self, run: str | Run) -> list[Mapping[str, Any]]:
        """All results of a run so far, by images seen."""
        from genlab.evaluation.request import evaluations

        return evaluations(self.directory(run))

    @changes
    def start_portraits(self, runs: Sequence[str | Run], *, seed: int = 0, every: bool = False) -> Job | None:
        """Begin to draw pictures of models on the same latents and held-out images; None when all are there.

        Args:
            runs: Whose.
            seed: Of the latents.
            every: All checkpoints, not only the newest.

        Raises:
            InputError: When a run has no checkpoint.
        """
        missing = self._without(runs, every, lambda run, step: self.portrait(run, step, seed=seed) is None)
        if not missing:
            return None
        return self._start_job("portrait", {"runs": missing, "request": {"seed": seed, "every": every}})

    @changes
    def start_neighbours(self, runs: Sequence[str | Run], *, seed: int = 0, every: bool = False) -> Job | None:
        """Begin to look for the training images nearest to the samples of portraits; None when all are known.

        It takes a feature encoder of the data, which is trained first where there is none yet.

        Args:
            runs: Whose, models of images.
            seed: Of the latents.
            every: All checkpoints, not only the newest.

        Raises:
            InputError: When a run has no checkpoint.
        """

        def lacks(run: Run, step: int | None) -> bool:
            known = self.portrait(run, step, seed=seed)
            return known is None or "neighbours" not in known["sheets"]

        missing = self._without(runs, every, lacks)
        if not missing:
            return None
        return self._start_job("neighbours", {"runs": missing, "request": {"seed": seed, "every": every}})

    def _without(self, runs: Sequence[str | Run], every: bool, lacks: Callable[[Run, int | None], bool]) -> list[str]:
        """Those of ``runs`` whose newest checkpoint (or with ``every`` any of them) ``lacks`` something."""
        missing = []
        for run in map(self.directory, runs):
            steps = [checkpoint.images for checkpoint in run.checkpoints()] if every else [None]
            if any(lacks(run.summary(), step) for step in steps):
                missing.append(run.path.name)
        return missing

    @looks
    def portrait(self, run: str | Run, images: int | None = None, *, seed: int = 0) -> Mapping[str, Any] | None:
        """What the pictures of a checkpoint (at or before ``images``) are, with their folder; None if not drawn yet.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        from genlab.evaluation.request import portrait

        return portrait(self.directory(run), images, seed)

    @changes
    def start_sandbox(self, data: DataConfig, damage: str, request: EvaluationRequest | None = None) -> Job | None:
        """Begin to measure what metrics say of damaged real items; None when it is known already."""
        if self.sandbox(data, damage, request) is not None:
            return None
        asked = (request or self.request()).model_dump(mode="json")
        return self._start_job("sandbox", {"data": data.model_dump(mode="json"), "damage": damage, "request": asked})

    @looks
    def sandbox(
        self, data: DataConfig, damage: str, request: EvaluationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """Every metric's response to growing damage, with the folder of its pictures; None if not measured yet."""
        from genlab.evaluation.request import kept_sandbox

        document = kept_sandbox(self.workspace.encoders, data, damage, request or self.request()).read()
        return None if document is None else {**document, "folder": str(self.workspace.encoders)}

    @looks
    def wait_for(self, job: Job | None, progress: Callable[[Job], None] | None = None) -> None:
        """Wait until a job has ended; Ctrl-C, or an error in ``progress``, cancels it.

        Args:
            job: The job; with None there is nothing to wait for.
            progress: Called now and then with the state of the job.

        Raises:
            GenlabError: When it was cancelled or failed.
        """
        try:
            while job is not None and job.active:
                if progress is not None:
                    progress(job)
                time.sleep(0.1)
                job = self.job(job.id)
        except BaseException:
            if job is not None:
                self.cancel_job(job.id)
            raise
        if job is not None and job.state != "completed":
            error = job.error or {"message": f"The job was {job.state}.", "hint": "Start it again."}
            raise GenlabError(error["message"], error.get("hint", ""), kind=error.get("kind", job.state))

    @looks
    def job(self, name: str) -> Job | None:
        """What is known of a job, or None when there is none of that name; of one that waits also what it waits for."""
        found = JobDirectory(self.workspace.jobs / name).summary()
        return None if found is None else explained(found)

    @changes
    def cancel_job(self, name: str) -> None:
        """Ask a job to end."""
        JobDirectory(self.workspace.jobs / name).cancel()

    @looks
    def under_way(self, kind: str, runs: Collection[str] = (), **asked: Any) -> Job | None:
        """The job of a kind that waits or works now, whoever started it; None where there is none.

        Args:
            kind: ``"evaluate"``, ``"explore"`` …: an entry of the registry ``derivations``.
            runs: Identifiers: it is about any of them; none for any job of that kind.
            **asked: What else it was asked for.
        """
        return asking.under_way(self.workspace.jobs, kind, runs, asked)

    @looks
    def jobs_about(self, kinds: Collection[str], runs: Collection[str]) -> list[Job]:
        """Those of the newest jobs of some kinds that are about any of these runs, ended or not, the newest first."""
        return [explained(job) for job in asking.about(self.workspace.jobs, kinds, runs)]

    @changes
    def start_job(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        """Begin work of any kind, unless the same is under way; what is known already is for the work itself to see.

        Args:
            kind: An entry of the registry ``derivations``.
            arguments: What it is to do: for most ``run`` or ``runs``, identifiers, and ``request``.

        Raises:
            InputError: When there is no such kind, or the workspace cannot be written to.
        """
        return self._start_job(kind, arguments)

    def _start_job(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        """The job, started unless it is under way; of several who ask at once one starts it."""
        return asking.start(self.workspace, self.launcher, kind, arguments)


def _has_failed(document: Mapping[str, Any], request: EvaluationRequest) -> bool:
    wanted = request.metrics or document["metrics"]
    return any(document["metrics"].get(name, {}).get("failed") for name in wanted)
