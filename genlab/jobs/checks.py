"""What can be said against a configuration before anything is written. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab import kinds
from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.objectives.base import ObjectiveSpec
from genlab.registry import Choice, registry
from genlab.space import Space

if TYPE_CHECKING:
    from genlab.datasets.store import DatasetInfo


def check(config: RunConfig, info: DatasetInfo) -> None:
    """Refuse what cannot be trained.

    Raises:
        InputError: With the reason and what to change.
    """
    _check_parts(config, info)
    _check_batch(config, info)
    kinds.require("network", registry("networks").get(config.network.name), registry("networks"), info.kind)
    likelihood = getattr(config.model.options, "likelihood", None)
    if isinstance(likelihood, Choice):
        entries = registry("likelihoods")
        kinds.require("likelihood", entries.get(likelihood.name), entries, info.kind)
    _check_latent(config, info)
    classes = len(info.classes or ()) if config.conditional else 0
    objective: ObjectiveSpec = registry("objectives").get(config.model.name)
    objective.check(config.model.options, Space(info.kind, info.shape, classes, symbols=info.symbols))
    if config.conditional and not info.classes:
        raise InputError(
            f"The data set {info.name!r} has no classes, so a model cannot be conditional on them.",
            "Leave `conditional` off, or sort the images into one folder per class.",
            kind="bad_value",
        )


def _check_parts(config: RunConfig, info: DatasetInfo) -> None:
    if not info.test:
        raise InputError(
            f"The data set {info.name!r} has no test part, so nothing that is learned from it can be judged.",
            f"Set data.split_seed to {config.data.split_seed + 1}, which splits it again, or add it again.",
            kind="bad_value",
        )


def _check_batch(config: RunConfig, info: DatasetInfo) -> None:
    batch, pack = config.training.batch_size, int(getattr(config.model.options, "pack", 1))
    count = min(info.train, (config.data.limit or info.train) - (config.data.validation or 0))
    if batch > count:
        raise InputError(
            f"A batch of {batch:,} is larger than the {count:,} training items of {info.name!r}.",
            f"Set batch_size to {count} or less.",
            kind="bad_value",
        )
    if batch % pack:
        raise InputError(
            f"A batch of {batch} cannot be cut into packs of {pack}.",
            f"Make batch_size a multiple of {pack}.",
            kind="bad_value",
        )


def _check_latent(config: RunConfig, info: DatasetInfo) -> None:
    spec: ObjectiveSpec = registry("objectives").get(config.model.name)
    size = spec.latent_size(info.shape, config.latent_dim)
    if size != config.latent_dim:
        raise InputError(
            f"The latent space of {spec.title} has the size that the data give it: latent_dim is {size} for "
            f"{info.name!r}, not {config.latent_dim}.",
            f"Leave latent_dim out, or set it to {size}.",
            kind="bad_value",
        )
