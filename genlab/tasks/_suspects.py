"""Whom a detector of anomalies judges: held-out items that are as what was learned, and others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlab.config import DataConfig
from genlab.errors import GenlabError, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.datasets.store import Dataset
    from genlab.tasks.inputs import TaskInputs

STAND_INS = (DataConfig(name="mnist-5k"), DataConfig(name="shapes", options={"count": 2_000, "colour": False}))
"""Where the anomalies come from when a model learned all there is: the first of these that shares no class with it."""

REFERENCE = 300
"""Normal items beside a person's own."""

FEW = 64
"""Normal items in an attempt: of fewer no threshold could be made."""


@dataclass(frozen=True)
class Suspects:
    """Items to be judged.

    Attributes:
        normal: Held-out items of what the model learned, public values [n, *shape].
        others: Anomalies, or a person's own items, [m, *shape].
        own: Whether nobody knows what the others are.
        about: What the others are, in a few words.
    """

    normal: NDArray[np.float32]
    others: NDArray[np.float32]
    own: bool
    about: str

    @property
    def every(self) -> NDArray[np.float32]:
        """All of them, normal ones first, [n + m, *shape]."""
        import numpy as np

        return np.concatenate([self.normal, self.others])

    def shown(self, of_all: NDArray[np.float32], most: int) -> NDArray[np.float32]:
        """Of what a method gives for `every`, that of the items that are drawn: half normal, half not; or all own."""
        import numpy as np

        half = 0 if self.own else most // 2
        n = len(self.normal)
        return np.concatenate([of_all[: min(half, n)], of_all[n : n + most - half]])

    def captions(self, most: int) -> tuple[str, ...]:
        """What each of the items is that are drawn."""
        if self.own:
            return ()
        half = most // 2
        return ("normal",) * min(half, len(self.normal)) + ("anomaly",) * min(most - half, len(self.others))


def suspects(inputs: TaskInputs) -> Suspects:
    """The normal items and the others of a task.

    Raises:
        InputError: When the anomalies would be of another shape, or of what the model learned.
    """
    fair = inputs.generator("items").permutation(inputs.data.info.test)
    if inputs.own:
        normal, _ = inputs.part("test", fair[: FEW if inputs.brief else REFERENCE])
        return Suspects(normal, inputs.items, own=True, about="your own")
    normal, _ = inputs.part("test", fair[: max(inputs.count, FEW) if inputs.brief else inputs.count])
    others, about = _anomalies(inputs)
    return Suspects(normal, others, own=False, about=about)


def _anomalies(inputs: TaskInputs) -> tuple[NDArray[np.float32], str]:
    """Held-out items of other classes, or of other data, as many as are asked for at most."""
    import numpy as np

    from genlab.kinds.base import as_public

    rng = inputs.generator("anomalies")
    whole = _reach(inputs, inputs.config.model_copy(update={"classes": (), "limit": None, "validation": None}))
    learned = _learned(inputs, whole)
    if learned and not inputs.options.against:
        labels = whole.labels("test")
        assert labels is not None and whole.info.classes is not None
        rows = np.flatnonzero(~np.isin(labels, learned))
        about = f"the other {len(whole.info.classes) - len(learned)} classes of {whole.info.title}"
        return as_public(whole.items("test")[rng.permutation(rows)[: inputs.count]]), about
    other = _reach(inputs, _other(inputs))
    if other.info.shape != inputs.data.info.shape or other.info.kind != inputs.data.info.kind:
        raise InputError(
            f"Items of {other.info.name} cannot be brought to the model's shape.",
            "Choose other data.",
            kind="bad_value",
        )
    rows = rng.permutation(other.info.test)[: inputs.count]
    return as_public(other.items("test")[rows]), other.info.title


def _learned(inputs: TaskInputs, whole: Dataset) -> tuple[int, ...]:
    """The classes that the model learned; empty where these are all."""
    from genlab.datasets.store import chosen

    return chosen(inputs.config, whole.info.classes)


def _other(inputs: TaskInputs) -> DataConfig:
    """The data whose items are anomalies, as they fit the model."""
    base = DataConfig(name=inputs.options.against) if inputs.options.against else _stand_in(inputs)
    if inputs.options.against == inputs.config.name:
        raise InputError(
            f"The model learned from {inputs.config.name}, so its items are no anomalies.",
            "Choose other data, or train with data.classes.",
            kind="bad_value",
        )
    if inputs.data.info.spec.resized is None:
        return base  # what it is stored as decides whether it fits
    channels, *sides = inputs.data.info.shape
    wanted = {"size": max(sides), "channels": channels if channels in {1, 3} else None, "fit": "pad"}
    return base.model_copy(update=wanted)


def _stand_in(inputs: TaskInputs) -> DataConfig:
    from genlab.datasets import REGISTRY

    spec = inputs.data.info.spec
    if not spec.pixels:
        raise InputError(
            f"The model learned all classes there are, and no {spec.many} of another kind are at hand.",
            "Name other data in `against`, or train a model with data.classes.",
            kind="bad_value",
        )
    known = set(inputs.data.info.classes or ())
    for config in STAND_INS:
        if config.name != inputs.config.name and not known & set(REGISTRY.get(config.name).class_names or ()):
            return config
    raise InputError("No data at hand are unlike these.", "Name other data in `against`.", kind="bad_value")


def _reach(inputs: TaskInputs, config: DataConfig) -> Dataset:
    if inputs.reach is None:
        raise GenlabError("Other data cannot be opened from here.", "Carry out the task in a workspace.")
    return inputs.reach(config)
