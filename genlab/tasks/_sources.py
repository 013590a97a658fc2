"""Pairs of items of which something is mixed, and which of the two a mix follows, in what respect.

Four respects: where dark and light are (coarse structure), how much of either and of detail there is (statistics), what
the data's own features see, and the class. Each but the class is a share: 1 where the mix is as the content source is,
0 where it is as the style source is, 1/2 where it is as far from the one as from the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.tasks._class_change import classifies, looks_real
from genlab.tasks._fidelity import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from genlab.encoders.base import Encoded
    from genlab.tasks.inputs import TaskInputs

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]
    Views = Mapping[str, NDArray[np.float64]]
    Scores = NDArray[np.floating] | NDArray[np.bool_]
    Follows = Mapping[str, Scores]

BLOCKS = 7
"""Blocks along a side, at most, whose means are the coarse structure."""

SMALLEST = 8
"""Values along the shorter side of what is divided into a coarser map and its detail, at least."""

ROUNDING = 1 / 255 / 12**0.5
"""Standard deviation of rounding to 8 bits: detail below it cannot be told from none."""


@dataclass(frozen=True)
class Sources:
    """Items in pairs: a mix is to have the content of the one and the style of the other.

    Attributes:
        inputs: What the task is done with.
        content: Items [n, *shape].
        style: Items [n, *shape], the second of each pair.
        labels: Classes [n] of the content sources and of the style sources; None where the classifier has to tell them.
    """

    inputs: TaskInputs
    content: Images
    style: Images
    labels: tuple[Classes, Classes] | None = None

    def follows(self, found: Images) -> Follows:
        """What mixes ``found`` [n, *shape] follow, in [0, 1] each: respect -> [n].

        ``structure`` and ``statistics``; with a feature extractor ``features`` and whether they look ``real``; with a
        classifier whether they are of the class of the content (``kept``) and of that of the style source (``taken``).
        """
        said = self.inputs.encode(found) if self.inputs.extractor else None
        seen = _views(self.inputs, found, said)
        shares: dict[str, Scores] = {
            name: _share(view, self._of_content[name], self._of_style[name]) for name, view in seen.items()
        }
        if said is None:
            return shares
        shares["real"] = looks_real(self.inputs, said.features)
        if self._classes is not None and said.probabilities is not None:
            told = said.probabilities.argmax(axis=1)
            shares |= {"kept": told == self._classes[0], "taken": told == self._classes[1]}
        return shares

    @cached_property
    def _said(self) -> tuple[Encoded, Encoded] | None:
        if not self.inputs.extractor:
            return None
        return self.inputs.encode(self.content), self.inputs.encode(self.style)

    @cached_property
    def _of_content(self) -> Views:
        return _views(self.inputs, self.content, self._said and self._said[0])

    @cached_property
    def _of_style(self) -> Views:
        return _views(self.inputs, self.style, self._said and self._said[1])

    @cached_property
    def _classes(self) -> tuple[Classes, Classes] | None:
        if self.labels is not None or self._said is None or not classifies(self.inputs):
            return self.labels
        first, second = (said.probabilities for said in self._said)
        return None if first is None or second is None else (first.argmax(axis=1), second.argmax(axis=1))


def scores(follows: Follows) -> dict[str, Scores]:
    """What a task tells of mixes that follow their sources so: measure -> [n]."""
    import numpy as np

    structure = np.asarray(follows["structure"], np.float64)
    style = 1 - np.asarray(follows["statistics"], np.float64)
    found: dict[str, Scores] = {name: values for name, values in follows.items() if name != "taken"}
    found["statistics"] = style
    if "real" in follows:
        found["mixed"] = follows["real"] * 2 * structure * style / np.maximum(structure + style, 1e-12)
    return found


def partners(labels: Classes | None, count: int) -> Classes:
    """For each of ``count`` items another one [count]: the next of another class, or just the next where there is none.

    Raises:
        InputError: When there is only one item.
    """
    import numpy as np

    if count < 2:
        raise InputError("One item alone cannot be mixed.", "Give at least two.", kind="bad_value")
    found = (np.arange(count) + 1) % count
    if labels is not None:
        for item in range(count):
            order = (item + np.arange(1, count)) % count
            others = order[labels[order] != labels[item]]
            found[item] = others[0] if len(others) else found[item]
    return np.asarray(found, np.int64)


def sources(inputs: TaskInputs) -> tuple[Sources, NDArray[np.int64]]:
    """The inputs, each with the item that it is mixed with, and the positions of these [n].

    They are positions in a second set where one was given, else in the inputs themselves.
    """
    import numpy as np

    if inputs.other:
        index = np.arange(len(inputs.items)) % len(inputs.others)
        return Sources(inputs, inputs.items, inputs.others[index]), index
    index = partners(inputs.labels, len(inputs.items))
    found = Sources(inputs, inputs.items, inputs.items[index])
    labels = inputs.labels
    return (found if labels is None else replace(found, labels=(labels, labels[index]))), index


def _views(inputs: TaskInputs, items: Images, said: Encoded | None) -> Views:
    """Items [n, *shape] in each respect in which they are compared: [n, d]."""
    import numpy as np

    statistics = _statistics(items) / _spread(inputs)
    found = {"structure": _structure(items), "statistics": statistics}
    return found if said is None else {**found, "features": np.asarray(said.features, np.float64)}


def _share(found: NDArray[np.float64], content: NDArray[np.float64], style: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much nearer ``found`` [n, d] is to ``content`` than to ``style``: 1 for the content itself, [n]."""
    import numpy as np

    from_content, from_style = (np.linalg.norm(found - other, axis=1) for other in (content, style))
    together = from_content + from_style
    return np.asarray(np.where(together > 0, from_style / np.where(together > 0, together, 1), 0.5), np.float64)


def _structure(items: Images) -> NDArray[np.float64]:
    """Means of blocks of each channel [n, d], without the channel's brightness and contrast."""
    import numpy as np
    import torch
    from torch.nn.functional import adaptive_avg_pool2d

    height, width = (min(BLOCKS, side) for side in items.shape[2:])
    means = adaptive_avg_pool2d(torch.as_tensor(items).double(), (height, width))
    centred = means - means.mean(dim=(2, 3), keepdim=True)
    scaled = centred / (centred.square().mean(dim=(2, 3), keepdim=True).sqrt() + ROUNDING)
    return np.asarray(scaled.flatten(1).numpy(), np.float64)


def _statistics(items: Images) -> NDArray[np.float64]:
    """Of each channel its mean, and the logarithms of its contrast and of the detail in each octave [n, d].

    Detail is what means of 2 × 2 blocks lack, then the same of these means, until a side has fewer than `SMALLEST`.
    """
    import numpy as np
    import torch
    from torch.nn.functional import avg_pool2d

    x = torch.as_tensor(items).double()
    found = [x.mean(dim=(2, 3)), (x.std(dim=(2, 3), correction=0) + ROUNDING).log()]
    while min(x.shape[2:]) >= SMALLEST:
        coarse = avg_pool2d(x, 2, ceil_mode=True)
        again = coarse.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)[..., : x.shape[2], : x.shape[3]]
        found.append(((x - again).square().mean(dim=(2, 3)).sqrt() + ROUNDING).log())
        x = coarse
    return np.asarray(torch.cat(found, dim=1).numpy(), np.float64)


def _spread(inputs: TaskInputs) -> NDArray[np.float64]:
    """How much each of these statistics differs between training items, as a standard deviation [d]."""
    import numpy as np

    def measured() -> NDArray[np.float32]:
        return np.asarray(_statistics(inputs.training(REFERENCE)[0]).std(axis=0), np.float32)

    return np.maximum(inputs.kept("spread of statistics", measured), 1e-6).astype(np.float64)
