"""Truncation: nothing at one end, the centre at the other, and what lies between."""

from __future__ import annotations

import pytest
import torch

from genlab.errors import InputError
from genlab.latent.truncate import CLAMP_AT, truncate


def test_scaling_goes_from_the_centre_to_the_latent():
    z, centre = torch.randn(5, 3), torch.randn(3)
    torch.testing.assert_close(truncate(z, 1.0, centre), z)
    torch.testing.assert_close(truncate(z, 0.0, centre), centre.expand(5, 3))
    torch.testing.assert_close(truncate(z, 0.25, centre), 0.75 * centre + 0.25 * z)
    torch.testing.assert_close(truncate(z, 0.5), z / 2)


def test_clamping_cuts_what_is_far_out_and_leaves_the_rest():
    z = torch.tensor([[-5.0, 0.3, 1.9]])
    assert truncate(z, 1.0, variant="clamp").tolist() == [[-CLAMP_AT, pytest.approx(0.3), pytest.approx(1.9)]]
    assert truncate(z, 0.5, variant="clamp").tolist() == [[-1.0, pytest.approx(0.3), 1.0]]
    centre = torch.tensor([-5.0, 0.0, 0.0])
    assert truncate(z, 0.5, centre, "clamp").tolist() == [[-5.0, pytest.approx(0.3), 1.0]]
    torch.testing.assert_close(truncate(z, 0.0, centre, "clamp"), centre[None])


@pytest.mark.parametrize("psi", [-0.1, 1.1, float("nan")])
def test_psi_is_a_share(psi):
    with pytest.raises(InputError, match="not between 0 and 1"):
        truncate(torch.zeros(1, 2), psi)


def test_an_unknown_variant_is_refused():
    with pytest.raises(InputError, match="no truncation 'round'"):
        truncate(torch.zeros(1, 2), 0.5, variant="round")  # type: ignore[arg-type]
