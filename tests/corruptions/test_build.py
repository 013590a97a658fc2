"""What is measured, against formulas and worked numbers."""

from __future__ import annotations

import pytest
import torch

from genlab.corruptions.build import LUMA, BlockMeans, Luma, Masked, Measuring, Untouched, gaussian_sums, masked, noisy
from genlab.kinds._pixels import to_channels
from genlab.space import Space
from tests.objectives.toys import Noise

SPACE = Space("images", (1, 4, 4))


def test_means_of_blocks_are_those_of_what_there_is_at_an_edge() -> None:
    blocks = BlockMeans((1, 3, 2), 2)
    x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0], [5.0, 7.0]]]])
    assert blocks.shape == (1, 2, 1)
    assert blocks(x).tolist() == [[[[3.0], [6.0]]]]
    assert blocks.as_items(blocks(x)).tolist() == [[[[3.0, 3.0], [3.0, 3.0], [6.0, 6.0]]]]


def test_grey_is_that_of_stored_pictures() -> None:
    stored = (Noise(2).uniform(5, 6, 6, 3) * 255).round().byte()
    grey = Luma((3, 6, 6))(stored.movedim(-1, 1) / 255.0) * 255
    expected = torch.from_numpy(to_channels(stored.numpy(), 1)).movedim(-1, 1)
    assert sum(LUMA) == pytest.approx(1)
    assert float((grey - expected).abs().max()) <= 0.51


def test_sums_have_unit_length_on_average_and_a_pseudo_inverse() -> None:
    sums = gaussian_sums(20, (1, 10, 10), 3)
    assert sums.shape == (20,)
    assert float(sums.matrix.square().sum(0).mean()) == pytest.approx(1, abs=0.05)
    torch.testing.assert_close(sums.inverse, torch.linalg.pinv(sums.matrix), atol=1e-5, rtol=1e-4)
    x = Noise(1).uniform(3, 1, 10, 10)
    shown = sums.as_items(sums(x))
    torch.testing.assert_close(sums(shown), sums(x))
    assert (shown.flatten(1).norm(dim=1) < x.flatten(1).norm(dim=1)).all()
    assert not torch.equal(gaussian_sums(20, (1, 10, 10), 4).matrix, sums.matrix)


def test_lost_values_are_shown_as_the_middle_and_do_not_count() -> None:
    kept = torch.ones(2, 1, 4, 4)
    kept[1, :, :, 2:] = 0
    done = Measuring(masked(SPACE, kept))
    x = torch.full((2, 1, 4, 4), 0.9)
    y = done(x)
    assert done.as_items(y)[1, 0, 0].tolist() == pytest.approx([0.9, 0.9, 0.5, 0.5])
    other = x.clone()
    other[:, :, :, 2:] = 0.1
    assert done.misfit(x, y).tolist() == [0, 0]
    assert done.misfit(other, y).tolist() == pytest.approx([0.32, 0])
    other[:, :, :, :2] = 0.8
    assert done.misfit(other, y)[1] == pytest.approx(0.01)


def test_noise_is_a_share_of_the_range_and_none_where_nothing_is_left() -> None:
    strength = torch.tensor([0.0, 0.5, 1.0])
    points = noisy(Untouched((2_000,)), 0.2, strength, Space("points", (2_000,), scale=3.0), Noise())
    assert points.noise is not None
    torch.testing.assert_close(points.noise.std(1), torch.tensor([0.0, 0.3, 0.6]), rtol=0.05, atol=0)
    mask = Masked((1, 4, 4), torch.zeros(3, 1, 4, 4))
    hidden = noisy(mask, 0.2, strength, SPACE, Noise())
    assert hidden.noise is not None and not hidden.noise.any()
    assert noisy(mask, 0.0, strength, SPACE, Noise()).noise is None


def test_rows_repeat_for_several_attempts() -> None:
    space = Space("images", (1, 4, 4))
    done = noisy(masked(space, Noise(1).uniform(3, 1, 4, 4) > 0.5), 0.1, torch.ones(3), space, Noise())
    x = Noise(2).uniform(3, 1, 4, 4)
    index = torch.tensor([2, 2, 0])
    assert torch.equal(done.rows(index)(x[index]), done(x)[index])
    assert torch.equal(done.rows(index).misfit(x[index], done(x)[index]), done.misfit(x, done(x))[index])
