"""What a match that is only asked for will take: images and seconds of every family, and all together. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from genlab.devices import at_once
from genlab.matches.entries import trial_length, trials_of
from genlab.matches.fair import Planning, base_configs
from genlab.matches.match_request import MatchRequest
from genlab.matches.pace import judging_seconds, together

if TYPE_CHECKING:
    from genlab.config import RunConfig
    from genlab.jobs.speed import MeasuredSpeed, Speed


class Expecting(Protocol):
    """What is asked about speeds."""

    def measured_speeds(self) -> list[MeasuredSpeed]:
        """How fast runs trained here."""

    def expected_speed(self, config: RunConfig, measured: Sequence[MeasuredSpeed] | None = None, /) -> Speed | None:
        """Images per second at which a configuration will train; None where nothing was ever measured."""


class Forecasting(Planning, Protocol):
    """What is asked of a lab."""

    @property
    def runs(self) -> Expecting:
        """Its runs."""


@dataclass(frozen=True)
class Expected:
    """What one judged run of a family is expected to take.

    Attributes:
        family: The family, or a contender of it.
        images: Images that it will be shown; None where that depends on speeds that nobody knows yet.
        seconds: How long that takes, at least and at most; None where no speed was ever measured.
    """

    family: str
    images: int | None
    seconds: tuple[float, float] | None


def equal_compute(images: int, batch: int, speeds: Mapping[str, float]) -> tuple[dict[str, int], float]:
    """How many images each family sees so that all compute for as long, and the seconds that this takes.

    The family whose image costs the most sees ``images``; the others as many as they see in the same time, in whole
    batches. So none trains less than it would in a match of equal images.

    Args:
        images: Length of a match of equal images.
        batch: Images per step.
        speeds: Family -> images per second of compute, above 0.
    """
    seconds = images / min(speeds.values())
    slowest = min(speeds, key=lambda family: speeds[family])
    whole = {family: max(batch, int(seconds * speed) // batch * batch) for family, speed in speeds.items()}
    return whole | {slowest: images}, seconds


def expected_runs(request: MatchRequest, lab: Forecasting) -> list[Expected]:
    """What a judged run of each family is expected to take.

    Raises:
        InputError: When the request cannot be met.
    """
    configs, _ = base_configs(request, lab)
    return _expected(request, configs, lab)


def _expected(request: MatchRequest, configs: Mapping[str, RunConfig], lab: Forecasting) -> list[Expected]:
    measured = lab.runs.measured_speeds()
    speeds = {family: lab.runs.expected_speed(config, measured) for family, config in configs.items()}
    known = {family: speed for family, speed in speeds.items() if speed is not None}
    lengths: dict[str, int] = {family: config.training.images for family, config in configs.items()}
    if request.fairness == "compute":
        first = next(iter(configs.values())).training
        middles = {family: speed.images_per_second for family, speed in known.items()}
        whole = len(known) == len(configs)
        lengths = equal_compute(first.images, first.batch_size, middles)[0] if whole else {}
    found = []
    for family in configs:
        images, speed = lengths.get(family), known.get(family)
        seconds = None if images is None or speed is None else speed.seconds(images)
        found.append(Expected(family, images, seconds))
    return found


def expected_seconds(request: MatchRequest, lab: Forecasting) -> tuple[float, float] | None:
    """Seconds that a match will take, at least and at most; None where no speed was ever measured.

    Raises:
        InputError: When the request cannot be met.
    """
    configs, _ = base_configs(request, lab)
    trials = trials_of(request)
    training: tuple[list[float], list[float]] = ([], [])
    for run in _expected(request, configs, lab):
        if run.seconds is None or run.images is None:
            return None
        for seconds, found in zip(run.seconds, training, strict=True):
            tried = trials if request.tuned or ":" not in run.family else 0
            found += [seconds] * request.seeds + [seconds * trial_length(run.images) / run.images] * tried
    first = next(iter(configs.values()))
    slots = at_once(first.training.device, first.training.threads)
    tried = trials * (len(configs) if request.tuned else len(request.families))
    judging = judging_seconds(len(configs) * request.seeds, tried, lab.data.describe(first.data).shape)
    low, high = (together(*parts, slots) for parts in zip(training, judging, strict=True))
    return low, high
