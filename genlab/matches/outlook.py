"""What a match that is only asked for will take: seconds of training and of judging, as a range. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from genlab.devices import at_once
from genlab.matches.entries import FACTORS, TRIAL_SHARE
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


def expected_seconds(request: MatchRequest, lab: Forecasting) -> tuple[float, float] | None:
    """Seconds that a match will take, at least and at most; None where no speed was ever measured.

    Raises:
        InputError: When the request cannot be met.
    """
    configs, _ = base_configs(request, lab)
    measured, trials = lab.runs.measured_speeds(), len(FACTORS) if request.trials else 0
    training: tuple[list[float], list[float]] = ([], [])
    for config in configs.values():
        speed = lab.runs.expected_speed(config, measured)
        if speed is None:
            return None
        for seconds, found in zip(speed.seconds(config.training.images), training, strict=True):
            found += [seconds] * request.seeds + [seconds / TRIAL_SHARE] * trials
    first = next(iter(configs.values()))
    slots = at_once(first.training.device, first.training.threads)
    judging = judging_seconds(len(configs) * request.seeds, len(configs) * trials, lab.data.describe(first.data).shape)
    low, high = (together(*parts, slots) for parts in zip(training, judging, strict=True))
    return low, high
