"""Features portion by portion, and the feature extractor that is taken when nobody chooses one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genlab import kinds
from genlab.encoders.base import Encoded, EncoderSpec, default_encoder, in_portions
from genlab.registry import registry


class Sums:
    """The sum of each item; as many classes as there are halves."""

    identity, facts, portion = "sums", dict[str, Any](), 4

    def __init__(self, classifies: bool) -> None:
        self.classifies = classifies
        self.sizes: list[int] = []

    def __call__(self, items: np.ndarray) -> Encoded:
        self.sizes.append(len(items))
        sums = items.sum(axis=tuple(range(1, items.ndim)))[:, None]
        return Encoded(sums, np.hstack([sums, -sums]) if self.classifies else None)


@pytest.mark.parametrize("classifies", [False, True])
@pytest.mark.parametrize("n", [1, 4, 10])
def test_portions_together_are_the_whole(n: int, classifies: bool):
    items = np.random.default_rng(0).random((n, 1, 2, 2), dtype=np.float32)
    encoder, told = Sums(classifies), list[float]()
    found, whole = in_portions(encoder, items, told.append), Sums(classifies)(items)
    np.testing.assert_array_equal(found.features, whole.features)
    if classifies:
        assert found.probabilities is not None and whole.probabilities is not None
        np.testing.assert_array_equal(found.probabilities, whole.probabilities)
    else:
        assert found.probabilities is None
    assert max(encoder.sizes) <= 4 and sum(encoder.sizes) == n
    assert told == [start / n for start in range(0, n, 4)]


def test_no_items_have_no_features():
    assert in_portions(Sums(True), np.empty((0, 1, 2, 2), np.float32), lambda share: None).features.shape == (0, 1)


def test_who_cancels_waits_for_one_portion_at_most():
    encoder = Sums(False)

    def cancel(share: float) -> None:
        if share > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        in_portions(encoder, np.zeros((100, 1), np.float32), cancel)
    assert sum(encoder.sizes) == 32


@pytest.mark.parametrize("kind", kinds.REGISTRY.names())
def test_the_usual_extractor_of_a_kind_is_one_that_takes_it(kind: str):
    spec: EncoderSpec = registry("encoders").get(default_encoder(kind))
    assert kinds.fits(spec, kind)


def test_an_extractor_that_says_nothing_else_takes_pictures():
    plain = EncoderSpec(title="Plain", summary="None", build=lambda task: Sums(False))
    assert [kinds.fits(plain, kind) for kind in ("images", "points")] == [True, False]
    assert plain.available() is None
