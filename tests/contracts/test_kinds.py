"""What every kind of data is held to, plug-ins included."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from genlab import kinds
from genlab.errors import InputError
from genlab.evaluation.damage import DAMAGES
from genlab.kinds.base import Fitting, KindSpec, as_public, as_stored
from genlab.registry import registry
from genlab.store.run_files import Environment

SHAPES = {"images": (3, 12, 20), "points": (2,), "film": (3, 5, 12, 20), "sound": (1, 32, 24)}
KINDS = [pytest.param(kind, id=kind.name) for kind in kinds.REGISTRY]


def shape_of(kind: KindSpec) -> tuple[int, ...]:
    return SHAPES.get(kind.name) or (32,) * kind.axes


def items_of(kind: KindSpec, count: int = 5) -> np.ndarray:
    low, high = kind.bounds or (-2, 2)
    values = np.random.default_rng(0).uniform(low, high, (count, *shape_of(kind))).astype(np.float32)
    # Shares of symbols are distributions: they sum to 1 at each place.
    return values / values.sum(axis=1, keepdims=True) if "symbols" in kind.gives else values


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_names_is_there_and_fits_it(kind: KindSpec) -> None:
    for what, name in (("networks", kind.network), ("likelihoods", kind.likelihood), ("encoders", kind.encoder)):
        assert kinds.fits(registry(what).get(name), kind.name)
    assert set(kind.damages) <= set(DAMAGES)
    assert not kind.like or kind.like in kinds.REGISTRY
    assert kind.one and kind.many and kind.holding and kind.words(shape_of(kind)) and kind.labelled(shape_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_who_chooses_a_file_of_their_own_is_told_what_becomes_of_it(kind: KindSpec) -> None:
    assert bool(kind.suffixes) == kind.from_files
    if kind.pixels or kind.read_like is not None:
        assert kind.fits[:1].isupper() and kind.fits.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_items_survive_the_store(kind: KindSpec) -> None:
    stored = as_stored(kind.conform(kind.given(as_stored(items_of(kind), kind.dtype)), Fitting()), kind.dtype)
    assert stored.shape == (5, *shape_of(kind)) and stored.dtype == kind.dtype
    np.testing.assert_allclose(as_public(stored), items_of(kind), atol=0.51 / 255)
    np.testing.assert_array_equal(as_stored(as_public(stored), kind.dtype), stored)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_drawn(kind: KindSpec) -> None:
    if not kind.pictured:
        assert shape_of(kind) == (2,)
        with pytest.raises(InputError, match="no pictures of their own"):
            kind.pictures(items_of(kind))
        return
    tiles = kind.tiles(items_of(kind))
    assert tiles.dtype == np.uint8 and len(tiles) == 5 and tiles.shape[1] in {1, 3} and tiles.ndim == 4
    assert tiles.shape[1:] == kind.picture_shape(shape_of(kind))
    assert tiles.std() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_networks_see_values_about_zero_and_give_values_within_the_bounds(kind: KindSpec) -> None:
    x = torch.from_numpy(items_of(kind))
    assert abs(float(kind.centre(x, 1.0).mean())) < 0.5
    data = kind.activate(100 * torch.randn(64, *shape_of(kind)), 1.0)
    assert data.shape == (64, *shape_of(kind)) and torch.isfinite(data).all()
    if kind.bounds is not None:
        assert float(data.min()) >= kind.bounds[0] and float(data.max()) <= kind.bounds[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_a_shape_that_items_cannot_have_is_damaged(kind: KindSpec) -> None:
    shape = list(shape_of(kind))
    assert Environment.model_validate({"space": {"kind": kind.name, "shape": shape}}).space is not None
    with pytest.raises(ValidationError, match="axes"):
        Environment.model_validate({"space": {"kind": kind.name, "shape": [*shape, 1]}})
