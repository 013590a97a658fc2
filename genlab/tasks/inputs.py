"""What a task is done with: the same items for every model and every baseline, and the model itself."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.config import DataConfig
from genlab.datasets.foreign.single import unpacked
from genlab.datasets.store import Dataset, Split
from genlab.encoders.base import Encoded, FeatureEncoder, Progress, in_portions
from genlab.errors import InputError
from genlab.evaluation.inputs import StagedProgress
from genlab.evaluation.reals import open_encoder
from genlab.exploration.coded import Opened, open_inverter
from genlab.kinds.base import as_public
from genlab.latent.inverter import Inverter
from genlab.models.generative import GenerativeModel


@dataclass
class TaskInputs:
    """Items, data and feature extractor of a task.

    Attributes:
        data: The data set that the model learned from.
        options: What was chosen, an object of the task's ``Options``.
        count: Held-out items that are wanted.
        own: A person's own items instead, each as `genlab.datasets.foreign.single.FittedItem.text`; empty for none.
        other: A second set of them, which the first is to become like; empty for none.
        extractor: Name of the feature extractor; "" for none.
        folder: Where feature extractors are kept.
        seed: Of the choice of items and of all that is random.
        progress: Told the share of the present stage; may raise to cancel.
        brief: Whether it is an attempt on a few items, for which nothing is trained and nothing long is done.
        classes: Classes that the items are to be of; empty for all.
        units: What measures have worked out once for all methods, by their name.
        config: How the data were asked for.
        reach: Opens other data, or the same with other settings.
    """

    data: Dataset
    options: Any
    count: int
    own: tuple[str, ...]
    extractor: str
    folder: Path
    seed: int
    progress: StagedProgress
    brief: bool = False
    classes: tuple[int, ...] = ()
    units: dict[str, float] = field(default_factory=dict)
    config: DataConfig = field(default_factory=DataConfig)
    reach: Callable[[DataConfig], Dataset] | None = None
    other: tuple[str, ...] = ()
    _kept: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False)

    @cached_property
    def items(self) -> NDArray[np.float32]:
        """Public values [n, *shape]: held-out items, or a person's own."""
        if self.own:
            return np.stack([self._own(one) for one in self.own])
        return as_public(self.data.items("test")[self.index])

    @cached_property
    def others(self) -> NDArray[np.float32]:
        """Public values [m, *shape] of the second set of a person's own items."""
        return np.stack([self._own(one) for one in self.other])

    @cached_property
    def labels(self) -> NDArray[np.int64] | None:
        """Their classes [n]; None where they are not known."""
        labels = None if self.own else self.data.labels("test")
        return None if labels is None else labels[self.index]

    @cached_property
    def index(self) -> NDArray[np.int64]:
        """Positions [n] of the held-out items, in an order of which the first ``n`` are a fair choice for any ``n``."""
        order, labels = self.generator("items").permutation(self.data.info.test), self.data.labels("test")
        if self.classes and labels is not None:
            order = order[np.isin(labels[order], self.classes)]
        return order[: self.count]

    def training(self, most: int) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """Public values [m, *shape] of at most ``most`` training items, and their classes [m]."""
        index = np.sort(self.generator("training").permutation(self.data.info.train)[:most])
        return self.part("train", index)

    def part(self, split: Split, index: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """Public values [m, *shape] and classes [m] of the items at ``index``."""
        labels = self.data.labels(split)
        return as_public(self.data.items(split)[index]), None if labels is None else labels[index]

    def generator(self, purpose: str) -> np.random.Generator:
        """Random numbers that depend on the request's seed and on what they are for."""
        return np.random.default_rng([self.seed, *purpose.encode()])

    @cached_property
    def encoder(self) -> FeatureEncoder:
        """The feature extractor, trained now if need be.

        Raises:
            InputError: When its weights are missing and cannot be downloaded.
        """
        return open_encoder(self.data, self.extractor, self.folder, self.progress)

    def encode(self, items: NDArray[np.float32]) -> Encoded:
        """Features [n, d], and class probabilities [n, K] where there are classes, of public values [n, *shape]."""
        return in_portions(self.encoder, items, lambda share: self.progress(share, "looking at features"))

    @cached_property
    def encoded(self) -> Encoded:
        """The same of the inputs themselves."""
        return self.encode(self.items)

    def kept(self, name: str, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
        """What ``make`` gives, which is called once for all methods that ask for ``name``."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def _own(self, text: str) -> NDArray[np.float32]:
        info = self.data.info
        try:
            return unpacked(base64.b64decode(text, validate=True), info.spec, info.shape)
        except binascii.Error as error:
            one = "picture" if info.spec.pixels else info.spec.one
            raise InputError(f"That is no {one}.", "Choose a file that holds one.", kind="bad_file") from error


@dataclass
class TaskSubject:
    """The model that is to do a task.

    Attributes:
        opened: The model, its checkpoint and data.
        seed: Of what is fitted to it.
        brief: Whether it is an attempt on a few items, for which nothing is trained.
        progress: Told how far that is.
    """

    opened: Opened
    seed: int
    brief: bool
    progress: Progress

    @property
    def model(self) -> GenerativeModel:
        """The model."""
        return self.opened.model

    @cached_property
    def inverter(self) -> Inverter | None:
        """What finds codes of items for a model without an encoder, trained now if need be; None for others.

        In an attempt there is none either: codes are then looked for from random latents.
        """
        return None if self.model.can_encode or self.brief else open_inverter(self.opened, self.seed, self.progress)
