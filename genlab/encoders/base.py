"""What a feature encoder is: images in, feature vectors out, and an identity that scores carry. No torch at import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from genlab import kinds
from genlab.kinds.base import Taken
from genlab.registry import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[float, str], None]
"""``progress(share, what)`` with ``share`` from 0 to 1; may raise to cancel."""


@dataclass(frozen=True)
class Encoded:
    """What an encoder says of n items.

    Attributes:
        features: float32 [n, d].
        probabilities: Of the data set's classes, float32 [n, K]; None where the encoder is no classifier of them.
    """

    features: NDArray[np.float32]
    probabilities: NDArray[np.float32] | None = None


class FeatureEncoder(Protocol):
    """A feature encoder, ready for use.

    Attributes:
        identity: Changes whenever its features do.
        facts: What is known of it: ``dim`` and, where it was trained here, ``accuracy`` or ``error`` on held-out items.
        portion: Items that it takes at a time where it computes: few enough for a person to wait for, and its features
            are those of all items at once.
    """

    identity: str
    facts: dict[str, Any]
    portion: int

    def __call__(self, items: NDArray[np.float32]) -> Encoded:
        """Encode public values [n, *shape], e.g. images [n, C, H, W] in [0, 1]."""
        ...


def in_portions(encoder: FeatureEncoder, items: NDArray[np.float32], tell: Callable[[float], None]) -> Encoded:
    """What ``encoder`` says of ``items``, told portion by portion: a large network takes minutes for some thousands.

    Args:
        encoder: The encoder.
        items: Public values [n, *shape], e.g. images [n, C, H, W] in [0, 1].
        tell: Told the share that is done, before every portion; may raise to cancel.
    """
    import numpy as np

    parts = []
    for start in range(0, max(1, len(items)), encoder.portion):
        tell(start / max(1, len(items)))
        parts.append(encoder(items[start : start + encoder.portion]))
    known = [part.probabilities for part in parts if part.probabilities is not None]
    return Encoded(np.concatenate([part.features for part in parts]), np.concatenate(known) if known else None)


@dataclass(frozen=True)
class EncoderTask:
    """The data that an encoder is for.

    Attributes:
        kind: Name of the kind of data.
        shape: Shape of one item.
        classes: Number of classes; 0 where there are none.
        channel_classes: Number of classes of a single channel where every channel is a picture of its own and the class
            number is written in that base (Stacked MNIST: 10); else 0.
        fingerprint: Of the data set.
        train: Training items as stored, e.g. uint8 [N, C, H, W].
        train_labels: Their classes.
        test: Held-out items as stored.
        test_labels: Their classes.
        folder: Where trained weights are kept.
        progress: Told how far training has come.
    """

    kind: str
    shape: tuple[int, ...]
    classes: int
    channel_classes: int
    fingerprint: str
    train: NDArray[Any]
    train_labels: NDArray[np.int64] | None
    test: NDArray[Any]
    test_labels: NDArray[np.int64] | None
    folder: Path
    progress: Progress = lambda share, what: None


@dataclass(frozen=True, kw_only=True)
class EncoderSpec(Spec):
    """One kind of feature encoder.

    Attributes:
        build: ``build(task) -> FeatureEncoder``: trained or loaded; raises `InputError` of kind
            ``"encoder_unavailable"`` with the next step where weights are missing.
        takes: What it asks of the data: by default pictures; ``"any"`` for values of any kind.
        version: Changes whenever its features would, for the same data.
        available: ``available() -> None``, or the sentence why it cannot be had here; looks at files only.
    """

    noun: ClassVar[str] = "feature extractor"

    build: Callable[[EncoderTask], FeatureEncoder]
    takes: Taken = "pixels"
    version: int = 1
    available: Callable[[], str | None] = lambda: None


def default_encoder(kind: str) -> str:
    """The encoder that scores are computed with when none is chosen."""
    return kinds.get(kind).encoder
