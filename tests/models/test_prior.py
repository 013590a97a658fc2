"""A prior fitted to codes: it has their shape, and samples from it come from where the decoder has been."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel, Posterior
from genlab.models.prior import fit_prior


class Coder(GenerativeModel):
    """A model whose codes are its data, with hardly any noise."""

    def __init__(self, spread: float = 1e-3) -> None:
        self.spread = spread

    def encode(self, x: Tensor, y: Tensor | None = None) -> Posterior:
        return Posterior(x, torch.full_like(x, 2 * float(np.log(self.spread))))


def two_clouds(n: int = 2_000) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    side = (torch.rand(n, 1, generator=generator) < 0.25).float() * 8 - 4
    return torch.cat([side, torch.zeros(n, 1)], dim=1) + 0.3 * torch.randn(n, 2, generator=generator)


def test_it_has_the_shape_of_the_codes_and_leaves_out_what_is_between():
    prior = fit_prior(Coder(), two_clouds(), components=2)
    assert prior is not None
    z = prior.sample(4_000, seed=1)
    assert z.shape == (4_000, 2) and z.dtype == torch.float32
    assert (z[:, 0].abs() < 2).float().mean() < 0.001
    assert (z[:, 0] > 0).float().mean().item() == pytest.approx(0.25, abs=0.03)
    assert z[:, 1].std().item() == pytest.approx(0.3, rel=0.05)
    # The order says nothing of the component.
    assert (z[:2_000, 0] > 0).float().mean().item() == pytest.approx(0.25, abs=0.04)


def test_what_is_fitted_are_draws_from_the_posteriors():
    prior = fit_prior(Coder(spread=2.0), two_clouds(), components=2)
    assert prior is not None
    assert prior.sample(4_000)[:, 1].std().item() == pytest.approx((0.3**2 + 2.0**2) ** 0.5, rel=0.05)


def test_the_same_seed_gives_the_same_latents():
    once, again = (fit_prior(Coder(), two_clouds(300), seed=3) for _ in range(2))
    assert once is not None and again is not None
    assert torch.equal(once.sample(50, 7), again.sample(50, 7))
    assert not torch.equal(once.sample(50, 7), once.sample(50, 8))


def test_fewer_codes_than_components_are_enough():
    prior = fit_prior(Coder(), two_clouds(4))
    assert prior is not None and prior.sample(9).isfinite().all()


@pytest.mark.parametrize("codes", [torch.full((20, 2), float("nan")), torch.zeros(1, 2)])
def test_where_there_are_no_codes_to_speak_of_there_is_no_prior(codes: Tensor):
    assert fit_prior(Coder(), codes) is None


def test_a_model_without_an_encoder_is_refused(tmp_path):
    from genlab.lab import Lab
    from genlab.worker.inline import InlineLauncher
    from tests.evaluation.conftest import TINY

    lab = Lab(tmp_path, launcher=InlineLauncher())
    model = lab.models.load(lab.runs.submit(lab.configs.make("gan", "digits", "quick", TINY)))
    with pytest.raises(InputError, match="no encoder"):
        fit_prior(model, torch.zeros(3, 1, 8, 8))
