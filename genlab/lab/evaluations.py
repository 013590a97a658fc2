"""Evaluations of trained models: asked for, computed by jobs in other processes, and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genlab.families import may_sample, require_samples
from genlab.jobs.background import Job
from genlab.lab.jobs import Jobs
from genlab.lab.runs import RunsReader
from genlab.store.run import Run, RunReader

if TYPE_CHECKING:
    from genlab.evaluation.evaluation_request import EvaluationRequest


class EvaluationsReader:
    """What is known of how good models are.

    Args:
        runs: The runs that trained them.
    """

    def __init__(self, runs: RunsReader) -> None:
        self._runs = runs

    def request(self, **settings: Any) -> EvaluationRequest:
        """What is to be evaluated: metrics, encoder, number of samples, checkpoint.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.evaluation.evaluation_request import EvaluationRequest
        from genlab.options import parse

        return parse(EvaluationRequest, settings)

    def course_request(self) -> EvaluationRequest:
        """What training itself would record over time: cheap scores that tell early, from fewer samples."""
        from genlab.evaluation.evaluation_request import OVER_TIME, OVER_TIME_SAMPLES

        return self.request(metrics=OVER_TIME, samples=OVER_TIME_SAMPLES)

    def known(self, run: str | Run, request: EvaluationRequest | None = None) -> Mapping[str, Any] | None:
        """The results for a request that has been computed, or None.

        Raises:
            InputError: When the run has no checkpoint, or a name is unknown.
        """
        from genlab.evaluation.evaluation_request import cached

        return cached(self._runs.read(run), request or self.request())

    def standing(self, run: str | Run, request: EvaluationRequest | None = None) -> Mapping[str, Mapping[str, Any]]:
        """Metric -> line, of what has been computed for a request and holds today; of the rest why there is none.

        Where all of it holds these are the lines that `known` gives.

        Raises:
            InputError: When the run has no checkpoint, or a name is unknown.
        """
        from genlab.evaluation.evaluation_request import standing

        return standing(self._runs.read(run), request or self.request())

    def all(self, run: str | Run) -> list[Mapping[str, Any]]:
        """All results of a run so far, by images seen."""
        from genlab.evaluation.evaluation_request import evaluations

        return evaluations(self._runs.read(run))

    def count(self, run: str | Run) -> int:
        """How many results of a run are kept, damaged ones too; reads none of them."""
        return self._runs.read(run).evaluation_count()

    def over_seeds(
        self, runs: Sequence[str | Run], request: EvaluationRequest | None = None
    ) -> list[Mapping[str, Any]]:
        """What has been found, pooled: one entry for each set of runs that differ only in their seeds.

        Args:
            runs: Runs that have been judged by ``request``, or have diverged before they could be; others are left out.
            request: As for `make`.

        Returns:
            For each set its runs, seeds, divergence rate, and per metric the mean over seeds with its interval and
            spread.
        """
        from genlab.evaluation.seeds import over_seeds

        known: list[tuple[RunReader, Mapping[str, Any] | None]] = []
        for run in map(self._runs.read, runs):
            fell = self._fell_early(run.summary())
            document = None if fell else self.known(run.summary(), request)
            if document is not None or fell:
                known.append((run, document))
        return list(over_seeds([directory for directory, _ in known], [document for _, document in known]))

    def unjudged(self, run: str | Run, request: EvaluationRequest) -> tuple[int, int]:
        """How many checkpoints of a run ``request`` has not been answered for, and how many there are.

        Raises:
            InputError: When the run has no checkpoint.
        """
        asked = self._asked_of(run, request, every=True)
        return sum(self.known(run, one) is None for one in asked), len(asked)

    def _unjudged(self, run: str | Run, request: EvaluationRequest, every: bool) -> bool:
        """Whether something is not known yet, or has failed."""
        found = [self.known(run, one) for one in self._asked_of(run, request, every)]
        return any(document is None or _has_failed(document, request) for document in found)

    def _sampling(self, runs: Sequence[str | Run]) -> list[str | Run]:
        """Those of ``runs`` whose models draw samples.

        Raises:
            InputError: When there are runs, and none of them does.
        """
        families = [self._runs.read(run).summary().family for run in runs]
        found = [run for run, family in zip(runs, families, strict=True) if may_sample(family)]
        if families and not found:
            require_samples(families[0])
        return found

    def _fell_early(self, run: str | Run) -> bool:
        """Whether it has diverged before there was anything to judge."""
        directory = self._runs.read(run)
        return directory.summary().state == "diverged" and not directory.checkpoints()

    def _asked_of(self, run: str | Run, request: EvaluationRequest, every: bool) -> list[EvaluationRequest]:
        from genlab.evaluation.evaluation_request import at_checkpoints

        return at_checkpoints(self._runs.read(run), request) if every else [request]


class Evaluations(EvaluationsReader):
    """How good models are.

    Args:
        runs: The runs that trained them.
        jobs: Where they are evaluated.
    """

    def __init__(self, runs: RunsReader, jobs: Jobs) -> None:
        super().__init__(runs)
        self._jobs = jobs

    def make(
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
            that diverged before their first checkpoint or draw no samples have none.

        Raises:
            InputError: When a run has no checkpoint, a name is unknown, or an encoder cannot be had.
            GenlabError: When it was cancelled or failed.
        """
        request = request or self.request()
        runs = self._sampling([run for run in runs if not self._fell_early(run)] or runs)
        self._jobs.wait_for(self.start(runs, request, every=every), progress)
        documents = [self.known(run, one) for run in runs for one in self._asked_of(run, request, every)]
        return [document for document in documents if document is not None]

    def start(
        self, runs: Sequence[str | Run], request: EvaluationRequest | None = None, *, every: bool = False
    ) -> Job | None:
        """Begin to judge trained models; returns the job, or None when everything is known already.

        Args:
            runs: Whose.
            request: Metrics, encoder, number of samples.
            every: All checkpoints, not only the one that ``request`` names.

        Raises:
            InputError: When a run has no checkpoint, a name is unknown, or none of the models draws samples.
        """
        request = request or self.request()
        runs = self._sampling(runs)
        missing = [self._runs.read(run).path.name for run in runs if self._unjudged(run, request, every)]
        if not missing:
            return None
        asked: dict[str, Any] = {"runs": missing, "request": request.model_dump(mode="json")}
        return self._jobs.start("evaluate", asked | ({"every": True} if every else {}))


def _has_failed(document: Mapping[str, Any], request: EvaluationRequest) -> bool:
    wanted = request.metrics or document["metrics"]
    return any(document["metrics"].get(name, {}).get("failed") for name in wanted)
