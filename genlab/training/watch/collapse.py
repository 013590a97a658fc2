"""The collapse watch: takes in the rows of a run's curves one by one and raises alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from genlab.config import RunConfig
from genlab.training.watch.advice import advise
from genlab.training.watch.alarm import Alarm, Symptom
from genlab.training.watch.rules import RULES, History, RuleFinding, gradient_explosion

ACTIVE = 0.01
"""A latent dimension is active when it carries more than this many nats (cf. Burda et al. 2016, section 5.2)."""

GRACE = 0.2
"""Share of a run in which nothing is alarming: everything begins collapsed."""

LEAST_STEPS = 300
"""Steps that it takes at least: before them a model has hardly begun."""

LONGEST_WARMUP = 0.75
"""A model is judged when what it warms up is warm, or after this share of the run."""


def least_images(config: RunConfig) -> int:
    """Images from which on a run is judged: before them it is too early to tell.

    Every model starts out collapsed. A GAN on mnist-5k that ends with all ten digits drew only one of them after 128
    steps, all of them after 192; other healthy runs of the presets had reached their modes after 64 to 256 steps, by
    then with a third of a pass through the data (Fashion-MNIST) or with several (mnist-5k). So steps count, and not
    passes. Where a run is long, its schedules (learning rate, fading penalties, warm-up of the KL) are stretched with
    it, so that a share of its length counts as well.
    """
    options = config.model.options
    warmups = [getattr(options, name, 0.0) for name in ("kl_warmup", "warmup")]
    share = max(GRACE, min(LONGEST_WARMUP, max(warmups)))
    # The first player takes fresh images at each of its updates.
    a_step = config.training.batch_size * getattr(options, "critic_repeats", 1)
    return ceil(max(share * config.training.images, LEAST_STEPS * a_step))


def active_units(kl: Sequence[float]) -> float:
    """Number of latent dimensions that carry anything, from their divergences in nats."""
    return float(sum(value > ACTIVE for value in kl))


class CollapseWatch:
    """Judges a run by its curves.

    Args:
        config: How the run was set up: what an alarm advises depends on it.
        facts: What real data give, `Reference.facts`; empty when samples are not held against data.

    Attributes:
        alarms: What has been raised so far, one per symptom, oldest first.
    """

    def __init__(self, config: RunConfig, facts: Mapping[str, Any]) -> None:
        self.config = config
        self.alarms: tuple[Alarm, ...] = ()
        loss = getattr(config.model.options, "loss", None)
        self._history = History(loss=getattr(loss, "name", ""), facts=facts)
        self._least = least_images(config)

    def look(self, row: Mapping[str, Any]) -> list[Alarm]:
        """Take in one row.

        Returns:
            The alarms that it raises; one that has been raised before only lasts longer.
        """
        over = row["images"] >= self._least
        counts = over and any(name.startswith("watch/") for name in row)
        self._history.add(row, counts=counts)
        found: dict[Symptom, RuleFinding] = {}
        if counts:
            judged = {symptom: rule(self._history) for symptom, rule in RULES.items()}
            found = {symptom: finding for symptom, finding in judged.items() if finding is not None}
            if "posterior_collapse" in found:
                found.pop("mode_collapse", None)
        explosion = gradient_explosion(self._history) if not self.config.optimiser.clip_norm else None
        if explosion is not None and over:
            found["gradient_explosion"] = explosion
        return [alarm for symptom, finding in found.items() if (alarm := self._raise(symptom, finding, row["images"]))]

    def _raise(self, symptom: Symptom, finding: RuleFinding, images: int) -> Alarm | None:
        known = next((alarm for alarm in self.alarms if alarm.symptom == symptom), None)
        if known is not None:
            self.alarms = tuple(replace(a, last=images) if a is known else a for a in self.alarms)
            return None
        alarm = Alarm(symptom, images, images, finding.seen, finding.numbers, advise(symptom, self.config))
        self.alarms = (*self.alarms, alarm)
        return alarm
