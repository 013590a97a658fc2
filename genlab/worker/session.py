"""One session of training: from the configuration to a state, through the loop, to the last checkpoint."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import InitProcessGroupKwargs, broadcast

from genlab import __version__
from genlab.config import RunConfig
from genlab.datasets.store import Dataset, prepare
from genlab.devices import place
from genlab.errors import DivergedError, GenlabError, InputError
from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.evaluation_request import OVER_TIME, OVER_TIME_SAMPLES, EvaluationRequest, cached
from genlab.jobs.checks import check
from genlab.jobs.queue import Cancelled
from genlab.models.checkpoint import restore_checkpoint
from genlab.models.factory import build_objective, parameter_counts
from genlab.store.atomic import read_json
from genlab.store.checkpoints import META
from genlab.store.run import Checkpoint
from genlab.store.run_directory import RunDirectory
from genlab.store.workspace import Workspace
from genlab.training.engine import train, untrained_losses
from genlab.training.seeding import derive
from genlab.training.state import TrainState
from genlab.training.stream import batches_of
from genlab.training.watch import DivergenceWatch
from genlab.worker.lookout import Lookout
from genlab.worker.recorder import Recorder
from genlab.worker.sampling import WatchedItems, draws_samples
from genlab.worker.threads import computing, threads_of
from genlab.worker.trackers import tracking

LIBRARIES = ("torch", "torchvision", "accelerate", "numpy", "safetensors")
JOIN_TIMEOUT = timedelta(days=7)
"""How long the processes of a launch wait for the first one, which waits for its turn in the queue."""

NOT_ONE = "There is no checkpoint from before."

CONTROL_SECONDS = 0.2
"""How often the worker looks for requests."""


class Session:
    """Trains one run directory in this process.

    Args:
        run: The run.
        interrupted: Whether the process has been asked to end.
    """

    def __init__(self, run: RunDirectory, interrupted: Callable[[], bool]) -> None:
        self.run, self.interrupted = run, interrupted
        self.config = run.config()
        self._looked = self._told = 0.0
        self._stop = False

    def train(self) -> Literal["completed", "stopped", "paused"]:
        """Prepare, restore, train, and return the state in which the run ends."""
        with computing(threads_of(self.run)):
            return self._train()

    def _train(self) -> Literal["completed", "stopped", "paused"]:
        config = self.config
        accelerator = make_accelerator(config)
        main = accelerator.is_main_process
        with accelerator.main_process_first():
            data = self._prepare_data(main)
        space = data.space(config.conditional)
        state = TrainState.fresh(build_objective(config, space), config, accelerator)
        stream = batches_of(
            data.items("train"),
            data.labels("train") if config.conditional else None,
            state.objective.pair,
            seed=derive(config.training.seed, "data"),
            device=accelerator.device,
            memory=config.training.memory * 2**20,
        )
        watch = DivergenceWatch(untrained_losses(state, stream))
        seconds = self._restore(state, watch)
        if main:
            self._write_environment(state, data)
        with tracking(config, accelerator, self.run) as track:
            items = WatchedItems.of(data, "test", state) if main and not draws_samples(state) else None
            lookout = Lookout(self.run, state, data) if main and config.watch.collapse else None
            recorder = Recorder(
                self.run,
                state,
                seconds=seconds,
                track=track,
                watch=watch,
                lookout=lookout,
                evaluate=self._evaluate if main else None,
                items=items,
            )
            recorder.begin()
            if main:
                self._catch_up(recorder)
            try:
                train(state, stream, recorder.on_step, self._should_stop)
                recorder.end()
            except DivergedError as error:
                good = self._good(watch)
                newest = f"The newest good checkpoint is that of {good[-1].images:,} images." if good else NOT_ONE
                raise DivergedError(f"{error.message} {newest}", error.hint) from error
            if main and state.objective.space.spec.pictured and draws_samples(state):
                self._export_decoder()
                self._follow()
        if state.images >= state.target:
            return "completed"
        return "paused" if self.run.asked() == "pause" else "stopped"

    def _export_decoder(self) -> None:
        """Write the decoder for browsers, so that sliders need not wait for it; a run can end well without one."""
        from genlab.exploration.decoder import prepare_decoder

        try:
            prepare_decoder(self.run, None, lambda share, what: self.run.update_status(phase=what))
        except (GenlabError, OSError) as error:
            print(f"no decoder for browsers: {error}", file=sys.stderr, flush=True)

    def _follow(self) -> None:
        """Follow data through the model, so that the Guide shows it at once; a run can end well without that."""
        from genlab.evaluation.flow import follow
        from genlab.evaluation.flow_request import FlowRequest

        workspace = Workspace(self.run.path.parent.parent)
        try:
            follow(self.run, FlowRequest(), workspace, lambda share, what: self.run.update_status(phase=what))
        except (GenlabError, OSError) as error:
            print(f"data not followed: {error}", file=sys.stderr, flush=True)
        except Exception as error:
            print("data not followed:", file=sys.stderr)
            traceback.print_exception(error, file=sys.stderr)

    def _catch_up(self, recorder: Recorder) -> None:
        """Judge the checkpoints that an earlier session was to judge and did not come to."""
        for checkpoint in self.run.checkpoints():
            if recorder.judges_at(checkpoint.images) and cached(self.run, _over_time(checkpoint.images)) is None:
                recorder.judge(checkpoint.images)

    def _evaluate(self, images: int) -> None:
        """Judge the checkpoint of so many images; training goes on where that cannot be done."""
        workspace = Workspace(self.run.path.parent.parent)
        try:
            evaluate(self.run, _over_time(images), workspace, self._tell)
        except Cancelled:
            self._looked = 0.0  # the loop looks at what was asked before its next step
        except GenlabError as error:
            print(f"not evaluated: {error.message} {error.hint}", file=sys.stderr, flush=True)
        except Exception as error:
            print("not evaluated:", file=sys.stderr)
            traceback.print_exception(error, file=sys.stderr)

    def _tell(self, share: float, what: str) -> None:
        """Say now and then what an evaluation is doing.

        Raises:
            Cancelled: When the run is to end: that does not wait for an evaluation.
        """
        now = time.monotonic()
        if now - self._told > 1.0:
            self._told = now
            self.run.update_status(phase=f"evaluating: {what}")
        if self.interrupted() or self.run.asked() is not None:
            raise Cancelled

    def _prepare_data(self, main: bool) -> Dataset:
        workspace = Workspace(self.run.path.parent.parent)
        told = 0.0

        def tell(share: float, what: str) -> None:
            nonlocal told
            if main and time.monotonic() - told > 0.5:
                told = time.monotonic()
                self.run.update_status(phase=f"preparing data: {what} {share:.0%}")

        if main:
            self.run.update_status(phase="preparing data")
        data = prepare(self.config.data, workspace.datasets, workspace.source, tell)
        check(self.config, data.info)
        return data

    def _restore(self, state: TrainState, watch: DivergenceWatch) -> float:
        """Continue from the newest good checkpoint, if any; returns the seconds trained so far.

        Raises:
            InputError: When there are checkpoints, but none that is good.
        """
        main, refusal = state.accelerator.is_main_process, None
        for checkpoint in reversed(self._good(watch)):
            try:
                restore_checkpoint(self.run.path, checkpoint.path, state)
            except InputError as error:
                refusal = refusal or error
                continue
            if main and refusal is not None:
                images = f"{checkpoint.images:,} images"
                print(f"{refusal.message} Training goes on from the one of {images}.", file=sys.stderr, flush=True)
                self.run.update_status(phase=f"going on from {images}: a newer checkpoint is damaged")
            state.accelerator.wait_for_everyone()
            if main:
                self.run.rewind(checkpoint.images)
            meta = read_json(checkpoint.path / META) or {}
            return float(meta.get("seconds", 0.0))
        if refusal is not None:
            hint = "None of its checkpoints can be gone on from: start a new run with these settings."
            raise InputError(refusal.message, hint, kind=refusal.kind)
        if main:
            self.run.rewind(-1)
        return 0.0

    def _good(self, watch: DivergenceWatch) -> list[Checkpoint]:
        """Checkpoints that were not written after a loss had exploded, oldest first; none is written today."""
        rows = {row.get("images"): row for row in self.run.metrics()[0]}
        return [one for one in self.run.checkpoints() if watch.exploded(rows.get(one.images, {})) is None]

    def _write_environment(self, state: TrainState, data: Dataset) -> None:
        before = self.run.environment()
        fingerprint = data.fingerprint
        known = before.get("data", {}).get("fingerprint", fingerprint)
        if known != fingerprint:
            raise InputError(
                f"The data set {self.config.data.name!r} has changed since this run began.",
                "Restore the old data, or start a new run.",
                kind="data_changed",
            )
        space = state.objective.space
        self.run.write_environment(
            {
                "genlab": __version__,
                "versions": {name: _version(name) for name in LIBRARIES},
                "device": str(state.accelerator.device),
                "precision": state.accelerator.mixed_precision,
                "processes": state.accelerator.num_processes,
                "threads": torch.get_num_threads(),
                "parameters": parameter_counts(state.objective),
                "space": {
                    "kind": space.kind,
                    "shape": list(space.shape),
                    "classes": space.classes,
                    "scale": space.scale,
                    **({"symbols": list(space.symbols)} if space.symbols else {}),
                },
                "data": {**data.info.as_json(), "fingerprint": fingerprint},
            }
        )

    def _should_stop(self, state: TrainState) -> bool:
        now = time.monotonic()
        if now - self._looked >= CONTROL_SECONDS:
            self._looked = now
            self._stop = self.interrupted() or self.run.asked() is not None
        if state.accelerator.num_processes == 1:
            return self._stop
        flag = torch.tensor([int(self._stop)], device=state.accelerator.device)
        return bool(broadcast(flag).item())


def _over_time(images: int) -> EvaluationRequest:
    """What the checkpoint of so many images is judged by while its run trains."""
    return EvaluationRequest(metrics=OVER_TIME, samples=OVER_TIME_SAMPLES, images=images)


def make_accelerator(config: RunConfig) -> Accelerator:
    """Device, precision and processes as the configuration asks and the hardware allows.

    Raises:
        InputError: When a device is asked for that is not there.
    """
    training = config.training
    cpu = place(training.device).type == "cpu"
    bf16 = training.precision == "bf16" or (training.precision == "auto" and computes_bf16(cpu))
    AcceleratorState._reset_state(reset_partial_state=True)
    patience = InitProcessGroupKwargs(timeout=JOIN_TIMEOUT)
    accelerator = Accelerator(cpu=cpu, mixed_precision="bf16" if bf16 else "no", kwargs_handlers=[patience])
    if training.batch_size % accelerator.num_processes:
        raise InputError(
            f"A batch of {training.batch_size} cannot be shared by {accelerator.num_processes} processes.",
            f"Make batch_size a multiple of {accelerator.num_processes}.",
            kind="bad_value",
        )
    return accelerator


def computes_bf16(cpu: bool) -> bool:
    """Whether the hardware computes in bf16 (rather than emulating it)."""
    if cpu:
        capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
