"""How fast a configuration will train here: a range of images per second, from runs that were measured. No torch.

The nearest evidence counts: runs here of the same kind; else runs here of any kind, by how much more or less arithmetic
an image costs; else the runs that come with genlab, which another machine trained. The farther, the wider the range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from genlab import cores
from genlab.config import DataConfig, RunConfig, leaves
from genlab.errors import GenlabError
from genlab.jobs.work import work

if TYPE_CHECKING:
    from genlab.store.run import Run, RunReader

Evidence = Literal["same", "similar", "elsewhere"]

LOOKED_AT = 5
"""Newest runs of each sort whose speed counts."""

MOST_READ = 40
"""Newest runs whose settings are read for it."""

WIDTH: Mapping[Evidence, float] = {"same": 1.2, "similar": 2.0, "elsewhere": 3.0}
"""What the range is wider by on each side than what was measured, as a factor."""

OVERHEAD = 2e6
"""What an image costs beside its arithmetic, in multiply-adds: a small network is not as much faster as it is smaller.
With it, speeds of thirteen configurations (VAE and GAN; perceptron, convolutional and residual networks; 8 to 128 px;
one thread) lay between 0.64 and 1.01 times what one of them predicted."""


@dataclass(frozen=True)
class Speed:
    """A range of images per second.

    Attributes:
        low: The least that is to be expected.
        high: The most.
        runs: Number of runs it was measured on.
        evidence: Which runs those were: here and of the ``"same"`` kind, here and of a ``"similar"`` one, or
            ``"elsewhere"``.
    """

    low: float
    high: float
    runs: int
    evidence: Evidence

    @property
    def images_per_second(self) -> float:
        """The middle of the range, on a logarithmic scale."""
        return float((self.low * self.high) ** 0.5)

    def seconds(self, images: float) -> tuple[float, float]:
        """The shortest and the longest time that so many images are to take."""
        return images / self.high, images / self.low


@dataclass(frozen=True)
class MeasuredSpeed:
    """The speed of one run, and what it was measured on."""

    config: RunConfig
    shape: tuple[int, ...]
    images_per_second: float
    shipped: bool


def expected(measured: Iterable[MeasuredSpeed], config: RunConfig, shape: tuple[int, ...]) -> Speed | None:
    """The speed of ``config`` on items of ``shape``, by the nearest of what was ``measured``; None without any.

    Args:
        measured: Runs, newest first.
        config: What is to be trained.
        shape: Shape of an item as networks see it.
    """
    found = [one for one in measured if _as_many(one.shape, shape)]
    device = config.training.device
    own = [one for one in found if not one.shipped and one.config.training.device == device]
    wanted = what_costs_time(config)
    same = [one.images_per_second for one in own if one.shape == shape and what_costs_time(one.config) == wanted]
    if same:
        return _range(same[:LOOKED_AT], "same")
    cost = work(config, shape) + OVERHEAD
    for evidence, ones in (("similar", own), ("elsewhere", [one for one in found if one.shipped])):
        kin = [one for one in ones if one.config.model.name == config.model.name] or ones
        speeds = [one.images_per_second * (work(one.config, one.shape) + OVERHEAD) / cost for one in kin]
        if speeds:
            return _range(speeds[:LOOKED_AT], "similar" if evidence == "similar" else "elsewhere")
    return None


def measured_among(
    runs: Iterable[tuple[Run, RunReader]], shape_of: Callable[[DataConfig], tuple[int, ...]]
) -> list[MeasuredSpeed]:
    """Speeds of the newest of ``runs``, with what they were measured on; runs that cannot be read say nothing.

    Args:
        runs: Runs and where they are, newest first.
        shape_of: Shape of an item of some data, for runs that do not say what theirs was.
    """
    found: list[MeasuredSpeed] = []
    read = {False: 0, True: 0}
    for run, directory in runs:
        if not run.images_per_second or read[run.shipped] >= MOST_READ:
            continue
        read[run.shipped] += 1
        try:
            config = directory.config()
            shape = _shape(directory) or shape_of(config.data)
        except GenlabError:
            continue
        if run.images >= 10 * config.training.batch_size:
            found.append(MeasuredSpeed(config, shape, run.images_per_second, run.shipped))
    return found


def _shape(directory: RunReader) -> tuple[int, ...]:
    """The shape of an item that a run has noted; empty where it has not, or where that cannot be read."""
    try:
        space = directory.environment().get("space")
    except GenlabError:
        return ()
    shape = space.get("shape") if isinstance(space, Mapping) else None
    sound = isinstance(shape, list) and shape and all(type(side) is int and side > 0 for side in shape)
    return tuple(shape) if sound and isinstance(shape, list) else ()


def what_costs_time(config: RunConfig) -> Mapping[str, Any]:
    """Settings that change the time a step takes: all choices and whole numbers, no weights."""
    document = config.model_dump(mode="json", include={"model", "network", "data", "latent_dim", "conditional"})
    document["data"] = {key: document["data"][key] for key in ("name", "size", "channels")}
    hardware = config.model_dump(mode="json", include={"training": {"batch_size", "device", "precision", "threads"}})
    settings = leaves(document) | leaves(hardware)
    settings["training.threads"] = config.training.threads or cores.per_run()
    return {path: value for path, value in settings.items() if not isinstance(value, float)}


def _as_many(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether both are pictures, or both points: their speeds have nothing to do with each other."""
    return len(one) == len(other)


def _range(speeds: list[float], evidence: Evidence) -> Speed:
    middle, width = median(speeds), WIDTH[evidence]
    return Speed(min([*speeds, middle / width]), max([*speeds, middle * width]), len(speeds), evidence)
