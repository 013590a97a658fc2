"""How stored values become public ones and back, and what entries of other registries ask of a kind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import as_bytes, as_public, as_stored
from genlab.registry import registry
from genlab.training.stream import public as public_tensor


def test_a_kind_that_is_not_registered_is_one_sentence() -> None:
    with pytest.raises(InputError, match="kind of data 'smells' is not registered here") as caught:
        kinds.get("smells")
    assert caught.value.kind == "not_registered" and "GENLAB_PLUGINS" in caught.value.hint


def test_entries_say_what_they_take() -> None:
    assert kinds.get("images").gives == {"any", "grid", "lattice", "unit", "pixels"}
    assert kinds.get("points").gives == {"any"}
    with pytest.raises(InputError, match="network 'conv' is not for points") as caught:
        kinds.require("network", registry("networks").get("conv"), registry("networks"), "points")
    assert "mlp" in caught.value.hint and "resnet" not in caught.value.hint


@given(st.lists(st.integers(0, 255), min_size=1, max_size=30))
def test_bytes_are_shares_of_255(values: list[int]) -> None:
    stored = np.array(values, np.uint8)
    public = as_public(stored)
    assert public.dtype == np.float32 and public.tobytes() == (stored.astype(np.float32) / np.float32(255)).tobytes()
    assert torch.equal(public_tensor(torch.from_numpy(stored)), torch.from_numpy(public))
    np.testing.assert_array_equal(as_stored(public, "uint8"), stored)


def test_other_integers_are_shares_of_their_largest_value_and_floats_are_themselves() -> None:
    assert as_public(np.array([-32_767, 0, 32_767], np.int16)).tolist() == [-1, 0, 1]
    assert as_stored(np.array([-2.0, -1.0, 0.5, 3.0], np.float32), "int16").tolist() == [
        -32_768,
        -32_767,
        16_384,
        32_767,
    ]
    assert as_public(np.array([3.5, -7.0])).tolist() == [3.5, -7.0]
    assert public_tensor(torch.tensor([3.5])).tolist() == [3.5]


def test_what_is_not_finite_is_drawn_within_the_range() -> None:
    values = np.array([np.nan, -np.inf, np.inf, 0.5], np.float32)
    assert as_bytes(values).tolist() == [0, 0, 255, 128]
