"""Lab: the verbs that pages, command line and notebooks use. The one door; imports no torch until a model is needed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from genlab.config import DataConfig, RunConfig, change, load_config, merge
from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job, JobDirectory
from genlab.jobs.launcher import Launcher, default_launcher
from genlab.jobs.sizes import SIZES, Sizes
from genlab.registry import registry
from genlab.space import Space
from genlab.store.index import find_run, list_runs, new_id
from genlab.store.run import RESUMABLE, Run, RunDirectory
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.store import Dataset, DatasetInfo
    from genlab.evaluation.request import EvaluationRequest
    from genlab.models.generative import GenerativeModel

Progress = Callable[[float, str], None]


def _request(request: EvaluationRequest | None) -> EvaluationRequest:
    from genlab.evaluation.request import EvaluationRequest

    return request or EvaluationRequest()


class Lab:
    """One workspace and what can be done in it.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    def __init__(self, workspace: str | os.PathLike[str] | None = None, launcher: Launcher | None = None) -> None:
        self.workspace = Workspace.open(workspace)
        self.launcher = launcher or default_launcher()

    # Data

    def datasets(self) -> list[DatasetInfo]:
        """All data sets, built-in and added."""
        from genlab.datasets.store import list_datasets

        return list_datasets(self.workspace.datasets, self.workspace.source)

    def describe(self, data: str | DataConfig) -> DatasetInfo:
        """What a data set is, without decoding it.

        Raises:
            InputError: When there is no data set of that name, or an option of it is unknown.
        """
        from genlab.datasets.store import describe

        config = DataConfig(name=data) if isinstance(data, str) else data
        return describe(config, self.workspace.datasets, self.workspace.source)

    def dataset(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set, decoded into the workspace on first use and memory-mapped."""
        from genlab.datasets.store import prepare

        config = DataConfig(name=data) if isinstance(data, str) else data
        self.workspace.create()
        return prepare(config, self.workspace.datasets, self.workspace.source, progress)

    def add_dataset(self, path: str | os.PathLike[str], name: str, **options: Any) -> DatasetInfo:
        """Import a folder, zip or npz as data set ``name``; options as in `genlab.datasets.importer.add`."""
        from genlab.datasets.importer import add

        self.workspace.create()
        return add(Path(path).expanduser(), name, self.workspace.datasets, **options)

    def remove_dataset(self, name: str) -> None:
        """Delete a data set that was added. Runs trained on it stay."""
        from genlab.datasets.importer import remove

        remove(name, self.workspace.datasets)

    # Configurations

    def configure(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """A complete configuration: defaults, then the preset, then ``settings`` (paths or their ends).

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        config = self.draft(model, data, preset, settings)
        self.check(config)
        return config

    def draft(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """As `configure`, but not yet checked against the data: what a form begins with.

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        from genlab.presets.base import preset_document

        info = self.describe(data)
        document = preset_document(preset, model, info.kind) if preset else {"model": model}
        chosen = {"name": data} if isinstance(data, str) else data.model_dump()
        base = RunConfig(model=model).model_dump()
        config = load_config(merge(merge(base, document), {"data": chosen, "preset": preset}))
        return change(config, settings or {})

    def check(self, config: RunConfig) -> None:
        """Refuse what cannot be trained, before anything is written.

        Raises:
            InputError: With the reason and what to change.
        """
        from genlab.jobs.checks import check

        check(config, self.describe(config.data))

    def sizes(self, config: RunConfig) -> Sizes | None:
        """Parameters of each part, or None while they are being counted (in another process): ask again soon."""
        info = self.describe(config.data)
        classes = len(info.classes or ()) if config.conditional else 0
        return SIZES.look(config, Space(info.kind, info.shape, classes))

    # Runs

    def submit(self, config: RunConfig) -> Run:
        """Queue a run; a worker starts when a slot is free. Returns at once.

        Raises:
            InputError: When the configuration cannot be trained or the workspace cannot be written to.
        """
        from genlab.datasets.store import settled

        self.check(config)
        self.workspace.create()
        data = settled(config.data, self.workspace.datasets, self.workspace.source)
        config = config.model_copy(update={"data": data})
        model = config.model.name
        path = self.workspace.runs / new_id(model, config.data.name)
        directory = RunDirectory.create(path, config, registry("objectives").get(model).family)
        self.launcher.launch(directory)
        return directory.summary()

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return list_runs(self.workspace.runs)

    def run(self, key: str) -> Run:
        """The run with that identifier (its beginning is enough) or name."""
        return self.directory(key).summary()

    def directory(self, run: str | Run) -> RunDirectory:
        """The run's directory: its curves, samples, checkpoints and log."""
        return RunDirectory(run.path) if isinstance(run, Run) else find_run(self.workspace.runs, run)

    def stop(self, run: str | Run) -> Run:
        """End a run at its next step, with a checkpoint; it can be resumed."""
        return self._ask(run, "stop")

    def pause(self, run: str | Run) -> Run:
        """Let a run go to sleep at its next step, with a checkpoint, and free its slot."""
        return self._ask(run, "pause")

    def resume(self, run: str | Run) -> Run:
        """Continue a run that is paused, stopped, interrupted, failed or diverged from its newest checkpoint.

        Raises:
            InputError: When it is still active or has completed.
        """
        directory = self.directory(run)
        now = directory.summary()
        if now.state not in RESUMABLE:
            raise InputError(f"The run {now.id} is {now.state}.", "Only a run that has ended early can be resumed.")
        directory.config()
        directory.clear_requests()
        directory.update_status(state="queued", phase="starting", pid=None, process_started=None, error=None)
        self.launcher.launch(directory)
        return directory.summary()

    def delete(self, run: str | Run) -> None:
        """Remove a run and all it made.

        Raises:
            InputError: When it is still active.
        """
        now = self.directory(run).summary()
        if now.active:
            raise InputError(f"The run {now.id} is {now.state}.", f"Stop it first: genlab stop {now.id}.", kind="busy")
        shutil.rmtree(now.path)

    def follow(self, run: str | Run, every: float = 0.5) -> Iterator[Run]:
        """The run's state again and again until it is no longer active."""
        directory = self.directory(run)
        while True:
            now = directory.summary()
            yield now
            if not now.active:
                return
            time.sleep(every)

    # Models

    def load_model(self, run: str | Run, images: int | None = None, *, averaged: bool = True) -> GenerativeModel:
        """The trained model at a checkpoint (the newest by default)."""
        from genlab.models.checkpoint import load_model

        return load_model(self.directory(run), images, averaged=averaged)

    # Evaluation

    def evaluate(
        self,
        runs: Sequence[str | Run],
        request: EvaluationRequest | None = None,
        progress: Callable[[Job], None] | None = None,
    ) -> list[Mapping[str, Any]]:
        """Judge trained models, in another process, and wait for it; what is known already is not computed again.

        Args:
            runs: Runs, or their identifiers or names.
            request: Metrics, encoder, number of samples.
            progress: Called now and then with the state of the job.

        Returns:
            One document per run, as in its ``evaluations/`` folder.

        Raises:
            InputError: When a run has no checkpoint, a name is unknown, or an encoder cannot be had.
            GenlabError: When it was cancelled or failed.
        """
        request = _request(request)
        job = self.start_evaluation(runs, request)
        while job is not None and job.active:
            if progress is not None:
                progress(job)
            time.sleep(0.2)
            job = self.job(job.id)
        if job is not None and job.state != "completed":
            error = job.error or {"message": f"The evaluation was {job.state}.", "hint": "Start it again."}
            raise GenlabError(error["message"], error.get("hint", ""), kind=error.get("kind", job.state))
        documents = [self.evaluation(run, request) for run in runs]
        return [document for document in documents if document is not None]

    def start_evaluation(self, runs: Sequence[str | Run], request: EvaluationRequest | None = None) -> Job | None:
        """Begin to judge trained models; returns the job, or None when everything is known already.

        Raises:
            InputError: When a run has no checkpoint, or a name is unknown.
        """
        request = _request(request)
        missing = [self.directory(run).path.name for run in runs if self.evaluation(run, request) is None]
        if not missing:
            return None
        return self._start_job("evaluate", {"runs": missing, "request": request.model_dump(mode="json")})

    def evaluation(self, run: str | Run, request: EvaluationRequest | None = None) -> Mapping[str, Any] | None:
        """The results for a request that has been computed, or None.

        Raises:
            InputError: When the run has no checkpoint, or a name is unknown.
        """
        from genlab.evaluation.request import cached

        return cached(self.directory(run), _request(request))

    def evaluations(self, run: str | Run) -> list[Mapping[str, Any]]:
        """All results of a run so far, by images seen."""
        from genlab.evaluation.request import evaluations

        return evaluations(self.directory(run))

    def start_portraits(self, runs: Sequence[str | Run], *, seed: int = 0, every: bool = False) -> Job | None:
        """Begin to draw pictures of models on the same latents and held-out images; None when all are there.

        Args:
            runs: Whose.
            seed: Of the latents.
            every: All checkpoints, not only the newest.

        Raises:
            InputError: When a run has no checkpoint.
        """
        missing = []
        for run in map(self.directory, runs):
            steps = [checkpoint.images for checkpoint in run.checkpoints()] if every else [None]
            if any(self.portrait(run.summary(), step, seed=seed) is None for step in steps):
                missing.append(run.path.name)
        if not missing:
            return None
        return self._start_job("portrait", {"runs": missing, "request": {"seed": seed, "every": every}})

    def portrait(self, run: str | Run, images: int | None = None, *, seed: int = 0) -> Mapping[str, Any] | None:
        """What the pictures of a checkpoint (at or before ``images``) are, with their folder; None if not drawn yet.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        from genlab.evaluation.request import portrait

        return portrait(self.directory(run), images, seed)

    def start_sandbox(self, data: DataConfig, damage: str, request: EvaluationRequest | None = None) -> Job | None:
        """Begin to measure what metrics say of damaged real items; None when it is known already."""
        if self.sandbox(data, damage, request) is not None:
            return None
        asked = _request(request).model_dump(mode="json")
        return self._start_job("sandbox", {"data": data.model_dump(mode="json"), "damage": damage, "request": asked})

    def sandbox(
        self, data: DataConfig, damage: str, request: EvaluationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """Every metric's response to growing damage, with the folder of its pictures; None if not measured yet."""
        from genlab.evaluation.request import sandbox_file
        from genlab.store.atomic import read_json

        document = read_json(sandbox_file(self.workspace.encoders, data, damage, _request(request)))
        return None if document is None else {**document, "folder": str(self.workspace.encoders)}

    def job(self, name: str) -> Job | None:
        """What is known of a job, or None when there is none of that name."""
        return JobDirectory(self.workspace.jobs / name).summary()

    def cancel_job(self, name: str) -> None:
        """Ask a job to end."""
        JobDirectory(self.workspace.jobs / name).cancel()

    def _start_job(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        self.workspace.create()
        directory = JobDirectory.of(self.workspace.jobs, kind, arguments)
        now = directory.summary()
        if now is None or not now.active:
            directory.create(kind, arguments)
            self.launcher.launch_job(directory.path)
        summary = directory.summary()
        assert summary is not None
        return summary

    # Help

    def doctor(self) -> list[dict[str, Any]]:
        """What works here: versions, device, data sets, workspace."""
        from genlab.jobs.doctor import examine

        return examine(self)

    def _ask(self, run: str | Run, what: Literal["stop", "pause"]) -> Run:
        directory = self.directory(run)
        now = directory.summary()
        if not now.active:
            raise InputError(f"The run {now.id} is {now.state}, not running.", "`genlab runs` lists what runs.")
        directory.ask(what)
        return directory.summary()
