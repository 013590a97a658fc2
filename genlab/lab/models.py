"""Trained models: loaded, drawn on the same latents and images, and written out for browsers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genlab.jobs.background import Job
from genlab.lab.jobs import Jobs
from genlab.lab.runs import RunsReader
from genlab.store.run import Run

if TYPE_CHECKING:
    from genlab.exploration.explored import BrowserDecoder
    from genlab.models.generative import GenerativeModel


class ModelsReader:
    """The models that runs trained, for looking.

    Args:
        runs: The runs.
    """

    def __init__(self, runs: RunsReader) -> None:
        self._runs = runs

    def load(
        self, run: str | Run, images: int | None = None, *, averaged: bool = True, device: str = "auto"
    ) -> GenerativeModel:
        """The trained model at a checkpoint (the newest by default), on a device as `genlab.devices.place` takes it."""
        from genlab.models.checkpoint import load_model

        return load_model(self._runs.read(run), images, averaged=averaged, device=device)

    def portrait(self, run: str | Run, images: int | None = None, *, seed: int = 0) -> Mapping[str, Any] | None:
        """What the pictures of a checkpoint (at or before ``images``) are, with their folder; None if not drawn yet.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        from genlab.evaluation.evaluation_request import portrait

        return portrait(self._runs.read(run), images, seed)

    def decoder(self, run: str | Run, images: int | None = None) -> BrowserDecoder | None:
        """How the decoder of a checkpoint (at or before ``images``) is run in a browser; None if not prepared yet.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        from genlab.exploration.exploration_request import kept_decoder
        from genlab.exploration.explored import BrowserDecoder
        from genlab.store.checkpoints import pick_checkpoint

        directory = self._runs.read(run)
        return BrowserDecoder.of(kept_decoder(directory, pick_checkpoint(directory, images)))

    def flow(self, run: str | Run, images: int | None = None, *, seed: int = 0) -> Mapping[str, Any] | None:
        """What flows through a checkpoint (at or before ``images``), step by step; None if not followed yet.

        Raises:
            InputError: When the run has no such checkpoint, its items have no pictures, or it draws no samples.
        """
        from genlab.evaluation.flow_request import flow, require_flow

        directory = self._runs.read(run)
        require_flow(directory)
        return flow(directory, images, seed)


class Models(ModelsReader):
    """The models that runs trained.

    Args:
        runs: The runs.
        jobs: Where pictures are drawn and decoders written.
    """

    def __init__(self, runs: RunsReader, jobs: Jobs) -> None:
        super().__init__(runs)
        self._jobs = jobs

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
        return self._jobs.start("portrait", {"runs": missing, "request": {"seed": seed, "every": every}})

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
        return self._jobs.start("neighbours", {"runs": missing, "request": {"seed": seed, "every": every}})

    def start_decoder(self, run: str | Run, images: int | None = None) -> Job | None:
        """Begin to write a decoder for browsers, which takes seconds and no data; None when it is there.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        if self.decoder(run, images) is not None:
            return None
        return self._jobs.start("decoder", {"run": self._runs.read(run).path.name, "images": images})

    def start_flow(self, run: str | Run, images: int | None = None, *, seed: int = 0) -> Job | None:
        """Begin to follow data through a model, which takes moments; None when that has been done.

        Raises:
            InputError: When the run has no such checkpoint, its items have no pictures, or it draws no samples.
        """
        if self.flow(run, images, seed=seed) is not None:
            return None
        request = {"seed": seed, "images": images}
        return self._jobs.start("flow", {"run": self._runs.read(run).path.name, "request": request})

    def _without(self, runs: Sequence[str | Run], every: bool, lacks: Callable[[Run, int | None], bool]) -> list[str]:
        """Those of ``runs`` whose newest checkpoint (or with ``every`` any of them) ``lacks`` something."""
        missing = []
        for run in map(self._runs.read, runs):
            steps = [checkpoint.images for checkpoint in run.checkpoints()] if every else [None]
            if any(lacks(run.summary(), step) for step in steps):
                missing.append(run.path.name)
        return missing
