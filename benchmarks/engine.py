"""What a step costs beside the objective: the loop and its recorder against a bare loop, on the smallest networks.

``python -m benchmarks.engine`` prints a table, writes ``results/engine.json`` and ``.md``, and exits with 1 when a bar
is missed. A module of its own: `benchmarks.throughput` measures whole runs by the clock, this one single steps in
seconds of a processor, which other work on the machine hardly disturbs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from benchmarks._common import RESULTS, Bar, Spread, describe, machine, positive, progress, table, write
from genlab.config import RunConfig
from genlab.lab import Lab

DATA = "ring"
TITLE = "Milliseconds of a processor that a step costs beside the objective, a player."
MODELS = ("vae", "gan", "vae_gan", "restorer")
"""One of each family."""

BAR = 0.5
BATCH = 8
STEPS_PER_ROW = 16
"""As the presets have it: 1,024 images in batches of 64."""

BEGUN = 2**20
"""Images that have been seen when it begins: the first pictures of a run, which come close together, are over."""

WARMING = 100
NEVER = 2**40
SMALLEST = {
    **{"network": "mlp", "width": 4, "layers": 1, "batch_size": BATCH, "images": 2 * BEGUN},
    **{"device": "cpu", "threads": 1, "log_every": STEPS_PER_ROW * BATCH, "collapse": False},
    **{"sample_every": NEVER, "checkpoint_every": NEVER, "evaluate_every": 0},
}
"""Networks so small that nothing else counts; a row of the curves as often as presets have it, and nothing rarer."""

PARTS = ("objective", "backward", "optimiser", "data", "seeds", "norms", "checks", "averages", "numbers", "rows")
"""What a step is made of; the rest is the loop itself."""


@dataclass
class Training:
    """A training whose steps are done one by one.

    Attributes:
        players: Number of players.
        step: Does one.
        places: Part of a step -> (owner, name) of each function that does it.
    """

    players: int
    step: Callable[[], object]
    places: dict[str, list[tuple[Any, str]]]


@dataclass(frozen=True)
class Found:
    """What was measured of one family in one precision, in milliseconds a step and player.

    Attributes:
        model: The model.
        precision: ``"fp32"`` or ``"bf16"``.
        players: Number of its players.
        bare: The bare loop, turn by turn.
        engine: The engine, turn by turn.
        parts: Part of a step -> what it takes in the engine more than in the bare loop, by timers around each.
    """

    model: str
    precision: str
    players: int
    bare: tuple[float, ...]
    engine: tuple[float, ...]
    parts: dict[str, float]

    @property
    def own(self) -> Spread:
        """The engine's own work: the differences of neighbours, so that a machine that slows down slows both."""
        return Spread.of(ours - theirs for ours, theirs in zip(self.engine, self.bare, strict=True))

    def bar(self) -> Bar:
        """Whether the engine's own work is little enough."""
        name = f"own work, {self.model}, {self.precision}"
        return Bar(name, f"{self.own.median:.2f} ms", f"<= {BAR} ms", self.own.median <= BAR)

    def row(self) -> tuple[str, ...]:
        """A line of the table."""
        spreads = (Spread.of(self.bare), Spread.of(self.engine), self.own)
        return (self.model, self.precision, str(self.players), *(spread.text(2) for spread in spreads))

    def part_row(self) -> tuple[str, ...]:
        """A line of the table of parts."""
        return (self.model, self.precision, *(f"{more:+.3f}" for more in self.parts.values()))


def config_of(lab: Lab, model: str, precision: str) -> RunConfig:
    """The quick preset with the smallest network; the latent space of a restorer is its data's."""
    fixed = lab.configs.draft(model, DATA, "quick").latent_dim if model == "restorer" else 2
    return lab.configs.make(model, DATA, "quick", {**SMALLEST, "latent_dim": fixed, "precision": precision})


def engine_training(lab: Lab, config: RunConfig, folder: Path) -> Training:
    """A run as a worker trains it, without pictures, checkpoints and looks."""
    from genlab.models.factory import build_objective
    from genlab.registry import registry
    from genlab.store.run_directory import RunDirectory
    from genlab.training import ema, engine
    from genlab.training.state import TrainState
    from genlab.training.stream import batches_of
    from genlab.training.watch import DivergenceWatch
    from genlab.worker.recorder import Recorder
    from genlab.worker.session import Session, make_accelerator

    data = lab.data.open(config.data)
    state = TrainState.fresh(build_objective(config, data.space()), config, make_accelerator(config))
    stream = batches_of(data.items("train"), seed=0)
    watch = DivergenceWatch(engine.untrained_losses(state, stream))
    state.images = BEGUN
    run = RunDirectory.create(folder, config, registry("objectives").get(config.model.name).family)
    recorder = Recorder(run, state, seconds=0.0, track=lambda row, images: None, watch=watch)
    session = Session(run, lambda: False)

    def step() -> None:
        session._should_stop(state)
        recorder.on_step(state, engine.step(state, stream))

    places = _common(state.objective, state.optimisers.values()) | {
        "data": [(engine, "_next_batch")],
        "seeds": [(engine, "_seed_modules"), (engine, "SharedRandom")],
        "norms": [(engine, "_clip")],
        "checks": [(engine, "require_finite")],
        "averages": [(ema, "update")],
        "numbers": [(recorder._gathered, "add")],
        "rows": [(recorder, "_write_row"), (recorder, "_heartbeat"), (session, "_should_stop")],
    }
    return Training(len(state.objective.players), step, places)


def bare_training(lab: Lab, config: RunConfig) -> Training:
    """The same objective in the shortest loop there is."""
    from benchmarks._loops import bare_steps, plain_optimisers
    from benchmarks._score import train_items
    from genlab.models.factory import build_objective

    objective = build_objective(config, lab.data.open(config.data).space())
    optimisers = plain_optimisers(objective, config)
    bf16 = config.training.precision == "bf16"
    steps = bare_steps(objective, optimisers, config, train_items(lab, config), bf16)
    places = _common(objective, optimisers.values())
    return Training(len(objective.players), lambda: next(steps), places)


def _common(objective: Any, optimisers: Iterable[Any]) -> dict[str, list[tuple[Any, str]]]:
    """What both loops do."""
    import torch

    return {
        "objective": [(objective, "terms")],
        "backward": [(torch.Tensor, "backward")],
        "optimiser": [(one, name) for one in optimisers for name in ("step", "zero_grad")],
    }


@contextmanager
def timed(training: Training) -> Iterator[dict[str, float]]:
    """Seconds of this thread in each part of a step while the context is open; each timer takes about a microsecond."""
    seconds: dict[str, float] = dict.fromkeys(PARTS, 0.0)

    def watched(part: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def timer(*args: Any, **more: Any) -> Any:
            started = time.thread_time()
            try:
                return original(*args, **more)
            finally:
                seconds[part] += time.thread_time() - started

        return timer

    with ExitStack() as stack:
        for part, places in training.places.items():
            for owner, name in places:
                stack.enter_context(patch.object(owner, name, watched(part, getattr(owner, name))))
        yield seconds


def milliseconds(training: Training, steps: int) -> float:
    """Of this thread, a step and player."""
    started = time.thread_time()
    for _ in range(steps):
        training.step()
    return 1_000 * (time.thread_time() - started) / steps / training.players


def parts_of(training: Training, steps: int) -> dict[str, float]:
    """Part of a step -> milliseconds a step and player; under ``rest`` what no timer stands around."""
    with timed(training) as seconds:
        whole = milliseconds(training, steps)
    found = {part: 1_000 * taken / steps / training.players for part, taken in seconds.items()}
    return found | {"rest": whole - sum(found.values())}


def measure(lab: Lab, model: str, precision: str, turns: int, steps: int) -> Found:
    """Engine and bare loop by turns in one process, and then by turns with timers around the parts of a step."""
    import torch

    from genlab.worker.threads import computing

    config = config_of(lab, model, precision)
    with computing(1), torch.random.fork_rng(devices=[]), tempfile.TemporaryDirectory() as folder:
        ours, theirs = engine_training(lab, config, Path(folder) / "run"), bare_training(lab, config)
        for each in (ours, theirs):
            milliseconds(each, WARMING)
        found = [(milliseconds(ours, steps), milliseconds(theirs, steps)) for _ in range(turns)]
        parts = [(parts_of(ours, steps), parts_of(theirs, steps)) for _ in range(turns)]
    engine, bare = zip(*found, strict=True)
    more = {name: median(one[name] - other[name] for one, other in parts) for name in parts[0][0]}
    made = Found(model, precision, ours.players, bare, engine, more)
    progress(f"{model:9} {precision} {made.own.text(2)} ms")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=TITLE)
    parser.add_argument("--turns", type=positive, default=40, help="turns of each loop (default 40)")
    parser.add_argument("--steps", type=positive, default=16, help="steps of a turn (default 16)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder) / "workspace")
        found = [
            measure(lab, model, precision, chosen.turns, chosen.steps)
            for precision in ("fp32", "bf16")
            for model in MODELS
        ]
    about["load_at_end"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    command = f"python -m benchmarks.engine --turns {chosen.turns} --steps {chosen.steps}"
    return write("engine", chosen.out, *_report(found, about, command), [each.bar() for each in found])


def _report(found: Sequence[Found], about: Mapping[str, Any], command: str) -> tuple[dict[str, Any], str]:
    """The document and its words."""
    heading = ("model", "precision", "players", "bare loop", "engine", "own work")
    names = (*PARTS, "rest")
    text = "\n".join(
        [
            describe("The engine's own work", about, command),
            "Milliseconds of a processor a step and player, on one thread; median (range) over turns of both loops in "
            f"one process. The data are the points of `{DATA}` in batches of {BATCH}, the networks perceptrons of one "
            "layer of 4 units. Own work is the difference of neighbouring turns: all that the loop and its recorder do "
            f"and the bare loop does not, with a row of the curves every {STEPS_PER_ROW} steps, and without pictures, "
            f"checkpoints and looks for collapse. Load average at the end {about['load_at_end']}. A CPU without bf16 "
            "computes it all the same, only slowly.",
            "",
            table(heading, [each.row() for each in found]),
            "",
            "The same by parts: the engine's milliseconds less the bare loop's, medians of turns with timers around "
            "each part of both loops. The timers take about a microsecond each; `rest` is the loop itself, and holds "
            "them too.",
            "",
            table(("model", "precision", *names), [each.part_row() for each in found]),
        ]
    )
    document = {
        "machine": dict(about),
        "command": command,
        "found": [{**asdict(each), "own": asdict(each.own)} for each in found],
    }
    return document, text


if __name__ == "__main__":
    sys.exit(main())
