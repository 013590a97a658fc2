"""Restoration where the answer is known: by the measurement, not by the truth; several solutions where several fit."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from genlab.corruptions.build import Masked, Measuring, Untouched, gaussian_sums, masked
from genlab.errors import InputError
from genlab.latent import restore as module
from genlab.latent._descent import Target
from genlab.latent.invert import PRIOR, invert
from genlab.latent.restore import prior_weight, restore
from genlab.space import Space
from tests.latent.test_invert import WEIGHT, conditional
from tests.latent.toys import Cancelled, cancel_at, fresh, linear

ROW = Space("images", (1, 1, 8))


def half(count: int, kept: int = 4) -> Measuring:
    """The first ``kept`` of eight values are known."""
    mask = torch.zeros(count, 1, 1, 8)
    mask[..., :kept] = 1
    return Measuring(masked(ROW, mask))


def whole(model) -> Measuring:
    return Measuring(Untouched(model.image_shape))


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_of_whole_items_without_noise_it_is_inversion(name: str):
    model, x = fresh(name, latent_dim=4), torch.rand(7, 1, 8, 8)
    found, expected = restore(model, x, whole(model), steps=20, restarts=1), invert(model, x, steps=20)
    assert torch.equal(found.z, expected.z) and torch.equal(found.misfit, expected.residual)
    assert torch.equal(found.images, expected.images)


@pytest.mark.parametrize("encoder", [None, 0.5 * WEIGHT.T.clone()], ids=["decoder", "encoder"])
def test_what_the_model_drew_is_found_from_half_of_it(encoder: Tensor | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PRIOR", 0.0)
    model, seen = linear(WEIGHT, encoder=encoder), half(5)
    z = model.sample_latents(5, seed=3)
    x = model.decode(z)
    found = restore(model, seen(x), seen, steps=400)
    torch.testing.assert_close(found.images, x, atol=5e-3, rtol=0)
    assert found.misfit.max() < 1e-6


def test_a_few_random_sums_are_enough_where_they_are_more_than_latents(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PRIOR", 0.0)
    model = linear(WEIGHT)
    x = model.decode(model.sample_latents(5, seed=3))
    errors = {}
    for measurements in (2, 6):
        seen = Measuring(gaussian_sums(measurements, (1, 1, 8), 1))
        found = restore(model, seen(x), seen, steps=400)
        errors[measurements] = float((found.images - x).square().mean())
    assert errors[6] < 1e-3 < 1e-2 < errors[2]


def test_the_best_descent_is_chosen_by_the_measurement_and_not_by_the_truth(monkeypatch: pytest.MonkeyPatch):
    model, seen = linear(torch.eye(8)[:, :2].clone()), half(2, 1)
    ends = torch.tensor([[0.9, 0.0], [0.5, 0.0], [0.8, 3.0], [1.0, 0.0]])

    class Fixed:
        """Ends where it is told: two descents for each of two items."""

        def __init__(self, steps: int, prior: float = 0.0) -> None:
            return

        def run(self, model, target: Target, z, y, tell, anchor) -> tuple[Tensor, Tensor]:
            return ends, target.errors(model.decode(ends))

    monkeypatch.setattr(module, "Descent", Fixed)
    truth = torch.tensor([[0.81, 3.0], [0.95, 0.0]])
    found = restore(model, seen(model.decode(truth)), seen, restarts=2)
    # Rows are [restart, item]: of the first item 0.9 and 0.8, and the second is nearer to 0.81.
    torch.testing.assert_close(found.z, torch.tensor([[0.8, 3.0], [1.0, 0.0]]))
    far = torch.tensor([[0.9, 3.0], [0.95, 0.0]])
    # The truth is nearer to (0.8, 3) as a whole, but only the first value was measured, and there 0.9 fits exactly.
    assert restore(model, seen(model.decode(far)), seen, restarts=2).z[0].tolist() == pytest.approx([0.9, 0.0])


def test_more_restarts_agree_no_worse():
    model = fresh(latent_dim=4)
    mask = torch.zeros(6, 1, 8, 8)
    mask[:, :, :4] = 1
    seen = Measuring(Masked((1, 8, 8), mask))
    y = seen(torch.rand(6, 1, 8, 8))
    one, more = restore(model, y, seen, steps=30, restarts=1), restore(model, y, seen, steps=30, restarts=4)
    assert (more.misfit <= one.misfit + 1e-5).all()
    torch.testing.assert_close(seen.misfit(more.images, y), more.misfit)


def test_under_a_hole_several_solutions_differ_and_all_agree():
    model, seen = linear(torch.eye(8)[:, :6].clone()), half(4, 3)
    y = seen(model.decode(model.sample_latents(4, seed=1)))
    found = restore(model, y, seen, steps=300, others=(5, 3))
    assert found.others.shape == (5, 3, 1, 1, 8)
    for other in found.others:
        assert seen.rows(torch.arange(3)).misfit(other, y[:3]).max() < 1e-3
    # Three latents are seen, and three are not: of these nothing is known but the prior.
    lost = found.others[..., 3:6]
    assert 0.4 < float(lost.std(dim=0).mean()) < 1.6
    assert float(found.images[..., 3:6].abs().max()) < 0.1
    assert float(found.others[..., :3].std(dim=0).max()) < 0.05


def test_noise_that_is_known_is_not_believed():
    model, noise = linear(torch.eye(8)), 0.5
    x = torch.zeros(64, 1, 1, 8)
    seen = Measuring(Untouched((1, 1, 8)), noise * torch.randn(64, 1, 1, 8, generator=torch.Generator().manual_seed(0)))
    y = seen(x)
    told, untold = restore(model, y, seen, noise=noise), restore(model, y, seen)
    # The most probable value of N(0, 1) seen with noise s is y / (1 + s²).
    torch.testing.assert_close(told.images, y / (1 + noise**2), atol=0.02, rtol=0.02)
    assert untold.images.square().mean() > 1.4 * told.images.square().mean()


def test_the_prior_weighs_more_the_less_is_measured():
    model = linear(torch.linalg.qr(torch.randn(64, 4, generator=torch.Generator().manual_seed(1)))[0])
    x = model.sample(8)
    assert prior_weight(model, Target.of(x), 0.0) == PRIOR
    assert prior_weight(model, Target.of(x), 0.5) == pytest.approx(PRIOR + 0.25 * 4 / 64)
    sums = Measuring(gaussian_sums(16, (1, 1, 64), 0))
    # Sums of unit length see 64 / 16 of a difference each, and there are as many times fewer of them.
    assert prior_weight(model, Target(sums(x), sums), 0.0) == pytest.approx(16 * PRIOR, rel=0.5)


def test_classes_that_are_not_known_are_found_from_what_is_left():
    model, y = conditional(), torch.tensor([2, 0, 1, 1])
    mask = torch.ones(4, 1, 1, 6)
    mask[..., 0] = 0
    seen = Measuring(Masked((1, 1, 6), mask))
    x = model.decode(model.sample_latents(4), y)
    found = restore(model, seen(x), seen)
    assert found.labels is not None and torch.equal(found.labels, y)
    given = restore(model, seen(x), seen, y=(y + 1) % 3)
    assert given.misfit.min() > 1


def test_it_can_be_cancelled_and_repeats_itself():
    model, seen = conditional(), Measuring(Untouched((1, 1, 6)))
    x = torch.rand(3, 1, 1, 6)
    told: list[float] = []
    first = restore(model, x, seen, seed=4, others=(2, 2), progress=lambda share, what: told.append(share))
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1
    again = restore(model, x, seen, seed=4, others=(2, 2))
    assert torch.equal(first.others, again.others) and torch.equal(first.images, again.images)
    with pytest.raises(Cancelled):
        restore(model, x, seen, steps=100_000, progress=cancel_at(0.0001))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: restore(fresh(), torch.zeros(2, 1, 9, 9), Measuring(Untouched((1, 9, 9)))), "not one of the model's"),
        (lambda: restore(fresh(), torch.zeros(2, 5), Measuring(Untouched((1, 8, 8)))), "not one of the model's"),
        (lambda: restore(fresh(), torch.zeros(0, 1, 8, 8), Measuring(Untouched((1, 8, 8)))), "not one of the model's"),
        (lambda: restore(fresh(), torch.zeros(1, 1, 8, 8), Measuring(Untouched((1, 8, 8))), restarts=0), "cannot be 0"),
    ],
)
def test_what_cannot_be_restored_is_refused(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        wrong()


def test_further_solutions_have_noise_and_an_anchor_of_their_own_and_descents_to_the_best_have_none():
    measured, sampled = torch.rand(3, 1, 1, 8), 6
    index = torch.cat([torch.arange(3).repeat(2), torch.arange(3).repeat(400)])
    target, start = Target(measured, Measuring(Untouched((1, 1, 8)))), torch.full((3, 4), 9.0)
    z, anchor, rows = module._begun(target, index, start, sampled, 0.3, torch.Generator().manual_seed(0))
    assert (z[:3] == 9).all() and (z[3:] != 9).all(), "one descent from the start, the others from samples"
    assert not anchor[:sampled].any() and float(anchor[sampled:].std()) == pytest.approx(1, abs=0.05)
    assert torch.equal(rows.measured[:sampled], measured[index[:sampled]])
    off = rows.measured[sampled:] - measured[index[sampled:]]
    assert float(off.std()) == pytest.approx(0.3, rel=0.05)
