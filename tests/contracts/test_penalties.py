"""What every penalty must keep to."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.options import parse
from genlab.registry import registry
from tests.objectives.toys import Noise, batch, parts

NAMES = registry("penalties").names()
FLAT = [name for name in ("r1", "r2", "r1_r2") if name in NAMES]
SLOPE_ONE = [name for name in ("gradient_penalty", "dragan") if name in NAMES]


class Linear(nn.Module):
    """Scores w . x in the space networks see, or in packs of them; its gradient is w everywhere."""

    def __init__(self, weight: list[float], scale: float = 2.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))
        self.scale = scale

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return (x / self.scale).reshape(-1, len(self.weight)) @ self.weight


class Quadratic(nn.Module):
    """Scores |x|^2 / 2 in the space networks see; its gradient is the place itself."""

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return 0.5 * (x / 2.0).square().sum(1)


def adversary(penalty: object, critic: nn.Module | None = None, pack: int = 1, **options: object) -> Adversary:
    made = Adversary(parts(), parse(AdversarialOptions, {"penalty": penalty, **options}), pack)
    if critic is not None:
        made.critic = critic
    return made


def penalty_of(made: Adversary, real: Tensor, fake: Tensor, seed: int = 0) -> Tensor:
    logged = made.critic_terms(real, [fake], None, Noise(seed)).logs
    return logged.get("penalty", torch.zeros(real.shape[0] // made.pack))


@pytest.mark.parametrize("pack", [1, 2])
@pytest.mark.parametrize("kind", ["images", "points"])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_per_sample_not_negative_and_trains_the_critic(name: str, kind: str, pack: int) -> None:
    torch.manual_seed(0)
    of = parts(kind)
    made = Adversary(of, parse(AdversarialOptions, {"penalty": name}), pack)
    real, fake = batch(of.space, seed=1).x, batch(of.space, seed=2).x
    penalty = penalty_of(made, real, fake)
    assert penalty.shape == (8 // pack,)
    assert penalty.isfinite().all()
    assert (penalty >= 0).all()

    terms = made.critic_terms(real, [fake], None, Noise())
    without = Adversary(of, parse(AdversarialOptions, {"penalty": "none"}), pack)
    without.critic = made.critic
    bare = without.critic_terms(real, [fake], None, Noise())
    torch.testing.assert_close(terms.loss, bare.loss + penalty)
    weights = [p for p in made.critic.parameters() if p.ndim == 2]
    slopes = torch.autograd.grad((terms.loss - bare.loss).sum(), weights, allow_unused=True)
    assert all(slope is None or bool(slope.isfinite().all()) for slope in slopes)
    assert (name == "none") == all(slope is None or not slope.any() for slope in slopes)


@pytest.mark.parametrize("name", FLAT)
def test_flatness_costs_half_the_weight_times_the_squared_gradient(name: str) -> None:
    made = adversary({"name": name, "weight": 3.0}, Linear([0.6, 0.8]))
    penalty = penalty_of(made, torch.randn(5, 2), torch.randn(5, 2))
    torch.testing.assert_close(penalty, torch.full((5,), 3.0 if name == "r1_r2" else 1.5))
    flat = adversary(name, Linear([0.0, 0.0]))
    assert not penalty_of(flat, torch.randn(5, 2), torch.randn(5, 2)).any()


@pytest.mark.parametrize(("name", "expected"), [("r1", 0.5 * 25), ("r2", 0.5 * 4), ("r1_r2", 0.5 * 29)])
def test_flatness_is_asked_for_at_the_right_place(name: str, expected: float) -> None:
    real, fake = torch.tensor([[6.0, 8.0]]), torch.tensor([[0.0, 4.0]])
    penalty = penalty_of(adversary({"name": name, "weight": 1.0}, Quadratic()), real, fake)
    assert penalty.item() == pytest.approx(expected)


@pytest.mark.parametrize("name", SLOPE_ONE)
def test_a_slope_of_one_costs_nothing_and_others_by_their_distance(name: str) -> None:
    real, fake = torch.randn(5, 2), torch.randn(5, 2)
    assert penalty_of(adversary(name, Linear([0.6, 0.8])), real, fake).abs().max() < 1e-6
    steep = penalty_of(adversary({"name": name, "weight": 10.0}, Linear([3.0, 4.0])), real, fake)
    torch.testing.assert_close(steep, torch.full((5,), 160.0))


@pytest.mark.parametrize("name", SLOPE_ONE)
def test_a_dead_critic_still_gets_a_finite_gradient(name: str) -> None:
    critic = Linear([0.0, 0.0])
    terms = adversary(name, critic).critic_terms(torch.randn(4, 2), [torch.randn(4, 2)], None, Noise())
    terms.loss.mean().backward()
    assert critic.weight.grad is not None
    assert critic.weight.grad.isfinite().all()


def test_the_gradient_penalty_is_taken_between_real_and_fake() -> None:
    real, fake = torch.tensor([[6.0, 0.0]]).repeat(200, 1), torch.tensor([[12.0, 0.0]]).repeat(200, 1)
    penalty = penalty_of(adversary({"name": "gradient_penalty", "weight": 1.0}, Quadratic()), real, fake)
    places = penalty.sqrt() + 1
    assert 3 <= places.min() < 3.2
    assert 5.8 < places.max() <= 6


def test_dragan_is_taken_around_real_samples() -> None:
    real, fake = torch.tensor([[10.0, 10.0], [14.0, 14.0]]).repeat(100, 1), torch.zeros(200, 2)
    penalty = penalty_of(adversary({"name": "dragan", "weight": 1.0}, Quadratic()), real, fake)
    distance = (penalty.sqrt() + 1).view(100, 2)[:, 0] * 2 / 2**0.5
    assert 10 <= distance.min() < 10.4
    assert 10.6 < distance.max() <= 11


@pytest.mark.parametrize("name", FLAT)
def test_images_are_measured_from_minus_one_to_one(name: str) -> None:
    of = parts("images")
    made = Adversary(of, parse(AdversarialOptions, {"penalty": {"name": name, "weight": 2.0}}))
    weight = [0.01] * of.space.size
    made.critic = Linear(weight, scale=0.5)
    penalty = penalty_of(made, batch(of.space).x, batch(of.space, seed=1).x)
    once = of.space.size * 0.01**2
    torch.testing.assert_close(penalty, torch.full((8,), once * (2 if name == "r1_r2" else 1)))


@pytest.mark.parametrize(("name", "expected"), [("r1_r2", 25.0), ("gradient_penalty", 10 * 16.0)])
def test_a_pack_has_one_gradient(name: str, expected: float) -> None:
    weight = 10.0 if name == "gradient_penalty" else 1.0
    made = adversary({"name": name, "weight": weight}, Linear([3.0, 0.0, 0.0, 4.0]), pack=2)
    penalty = penalty_of(made, torch.randn(6, 2), torch.randn(6, 2))
    torch.testing.assert_close(penalty, torch.full((3,), expected))


def test_several_kinds_of_fakes_count_equally() -> None:
    made = adversary({"name": "r1_r2", "weight": 2.0}, Quadratic())
    real, one, other = torch.tensor([[2.0, 0.0]]), torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 8.0]])
    logs = made.critic_terms(real, [one, other], None, Noise()).logs
    assert logs["penalty"].item() == pytest.approx(1 + (4 + 16) / 2)
    assert logs["gradient/real"].item() == pytest.approx(1)
    assert logs["gradient/fake"].item() == pytest.approx(3)


def test_a_pack_moves_as_one_between_real_and_fake() -> None:
    made = adversary("gradient_penalty", pack=2)
    seen: list[Tensor] = []
    made.critic.register_forward_pre_hook(lambda _, args: seen.append(args[0].detach()))
    penalty_of(made, torch.zeros(6, 2), torch.ones(6, 2))
    shares = seen[1][:, 0]
    torch.testing.assert_close(shares[0::2], shares[1::2])
    assert len(shares.unique()) == 3


@pytest.mark.parametrize("policy", ["none", "diffaugment"])
def test_a_random_step_estimates_what_the_gradient_costs(policy: str) -> None:
    """A linear critic has the same slope everywhere, so that the mean over many steps is R1 + R2's cost."""
    of = parts("images")
    settings = {"augment": policy, "augment_policy": ["colour"]}
    torch.manual_seed(1)
    critic = Linear((torch.randn(of.space.size) / of.space.size**0.5).tolist(), scale=0.5)
    found = []
    for penalty in ({"name": "r1_r2", "weight": 2.0}, {"name": "first_order", "weight": 2.0, "step": 0.01}):
        made = Adversary(of, parse(AdversarialOptions, {"penalty": penalty, **settings}))
        made.critic = critic
        real, fake = batch(of.space, seed=1).x, batch(of.space, seed=2).x
        seeds = range(400 if penalty["name"] == "first_order" else 1)
        found.append(torch.stack([penalty_of(made, real, fake, seed).mean() for seed in seeds]).mean().item())
    if policy == "none":
        assert found[1] == pytest.approx(found[0], rel=0.05)
    else:  # what is drawn for the colours differs from seed to seed, but not between a sample and its moved twin
        assert found[1] == pytest.approx(found[0], rel=0.3)


def test_a_step_differentiates_nothing_twice() -> None:
    made = adversary({"name": "first_order", "step": 0.1})
    seen: list[Tensor] = []
    made.critic.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    made.critic_terms(torch.randn(4, 2), [torch.randn(4, 2)], None, Noise())
    assert len(seen) == 2 and not any(inputs.requires_grad for inputs in seen)
    assert 0.05 < float((seen[1] - seen[0]).std()) / 2.0 < 0.2, "points are divided by their scale of 2"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "none"])
def test_a_lazy_penalty_is_due_every_kth_turn_with_k_times_its_weight(name: str) -> None:
    torch.manual_seed(0)
    of = parts("points")
    made = Adversary(of, parse(AdversarialOptions, {"penalty": name, "penalty_every": 4}))
    always = Adversary(of, parse(AdversarialOptions, {"penalty": name}))
    always.critic = made.critic
    real, fake = batch(of.space, seed=1).x, batch(of.space, seed=2).x
    for turn in range(9):
        lazy = made.critic_terms(real, [fake], None, Noise(turn), turn=turn)
        usual = always.critic_terms(real, [fake], None, Noise(turn), turn=turn).logs["penalty"]
        assert ("penalty" in lazy.logs) == (turn % 4 == 0)
        if turn % 4 == 0:
            torch.testing.assert_close(lazy.logs["penalty"], 4 * usual)


def test_no_gradient_of_the_critics_turn_reaches_the_generator() -> None:
    fake = torch.randn(4, 2, requires_grad=True)
    for name in NAMES:
        adversary(name).critic_terms(torch.randn(4, 2), [fake], None, Noise()).loss.mean().backward()
    assert fake.grad is None
