"""What every objective must keep to, whatever the data, the conditioning and the noise."""

from __future__ import annotations

import copy
import inspect
from itertools import product
from typing import Any

import pytest
import torch

from genlab.errors import InputError
from genlab.families.base import PARTS, FamilySpec
from genlab.objectives.base import Batch, Objective, ObjectiveSpec
from genlab.options import parse
from genlab.registry import registry
from genlab.training.seeding import SharedRandom
from tests.objectives.toys import CLASSES, Noise, batch, build, fit, parts, suits, take_turn

NAMES = registry("objectives").names()
SETTINGS = [setting for setting in product(NAMES, ["images", "points", "texts"], [0, CLASSES]) if suits(*setting)]
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("vae", {"importance_samples": 3}),
    ("vae", {"likelihood": {"name": "gaussian", "sigma": "learned"}, "free_bits": 0.1, "beta": 4.0}),
    ("gan", {"pack": 2, "spectral_norm": True, "critic_repeats": 3}),
    ("gan", {"augment": "diffaugment", "penalty": "gradient_penalty", "pack": 2}),
    ("vae_gan", {"augment": "diffaugment", "spectral_norm": True, "loss": "hinge"}),
    ("soft_intro_vae", {"warmup": 0.5}),
    ("vae", {"corruption": "noise", "corruption_least": 0.3, "importance_samples": 2}),
    ("vae_gan", {"corruption": {"name": "hole", "place": "anywhere"}, "corruption_least": 0.0}),
    ("soft_intro_vae", {"corruption": "low_resolution"}),
    ("cycle_gan", {"identity": 0.0, "to_class": "2", "augment": "diffaugment"}),
    ("cycle_gan", {"loss": "least_squares", "penalty": "none", "spectral_norm": True, "critic_repeats": 2}),
    ("restorer", {"adversarial": 0.0, "distance": "l2", "corruption": "grey"}),
    ("restorer", {"corruption": {"name": "hole", "place": "anywhere"}, "corruption_least": 0.2, "critic_repeats": 2}),
    ("restorer", {"corruption": "compressed", "loss": "wasserstein", "penalty": "gradient_penalty"}),
]


def check_turns(objective: Objective, data: Batch) -> None:
    """Every turn: finite losses, finite gradients of the player whose turn it is, none elsewhere, tidy logs."""
    for player, module in objective.players.items():
        terms = take_turn(objective, player, data)
        assert terms.loss.ndim == 1
        assert terms.loss.isfinite().all()
        for other, idle in objective.players.items():
            gradients = [p.grad for p in idle.parameters() if p.grad is not None]
            assert bool(gradients) == (other == player)
        own = [p.grad for p in module.parameters() if p.grad is not None]
        assert all(bool(gradient.isfinite().all()) for gradient in own)
        assert any(bool(gradient.any()) for gradient in own)
        for name, log in terms.logs.items():
            assert not log.requires_grad, name
            assert log.isfinite().all(), name
            assert log.ndim == 1 if name.startswith("vector/") else log.shape in {(), terms.loss.shape}, name
            assert not name.startswith(("loss/", "gradient_norm/")), name


@pytest.mark.parametrize(("name", "kind", "classes"), SETTINGS)
def test_only_the_player_whose_turn_it_is_learns(name: str, kind: Any, classes: int) -> None:
    of = parts(kind, classes)
    check_turns(build(name, of), batch(of.space))


@pytest.mark.parametrize(("name", "options"), VARIANTS)
@pytest.mark.parametrize("classes", [0, CLASSES])
def test_variants_keep_to_it_too(name: str, options: dict[str, Any], classes: int) -> None:
    of = parts("images", classes)
    if not suits(name, "images", classes):
        pytest.skip("not for such data")
    check_turns(build(name, of, **options), batch(of.space))


@pytest.mark.parametrize("loss", registry("losses").names())
@pytest.mark.parametrize("penalty", registry("penalties").names())
@pytest.mark.parametrize("name", ["gan", "vae_gan"])
def test_any_loss_goes_with_any_penalty(name: str, loss: str, penalty: str) -> None:
    of = parts()
    check_turns(build(name, of, loss=loss, penalty=penalty), batch(of.space))


@pytest.mark.parametrize(("name", "kind", "classes"), SETTINGS)
def test_the_assembled_model_samples_or_changes_items(name: str, kind: Any, classes: int) -> None:
    of = parts(kind, classes)
    objective = build(name, of)
    players = {player: copy.deepcopy(module).eval() for player, module in objective.players.items()}
    made = objective.assemble(players)
    y = torch.arange(5) % classes if classes else None
    family = registry("families").get(registry("objectives").get(name).family)
    assert (made.decoder is not None) == family.samples
    if made.decoder is not None:
        raw = made.decoder(torch.randn(5, objective.latent_dim), y)
        assert of.space.activate(raw).shape == (5, *of.space.shape)
    else:
        data = batch(of.space)
        shown = objective.show(made, data, Noise())
        assert len(shown) >= 2 and len({len(part) for part in shown}) == 1
        assert all(part.shape[1:] == of.space.shape and part.isfinite().all() for part in shown)
        with pytest.raises(InputError, match="draws none from noise"):
            _ = made.sampler
    assert made.networks
    copied = {id(parameter) for module in players.values() for parameter in module.parameters()}
    assert all(id(parameter) in copied for module in made.networks for parameter in module.parameters())
    made_of = {part for part in PARTS if getattr(made, part) is not None}
    assert made_of <= set(family.parts)


@pytest.mark.parametrize("family", registry("families"), ids=registry("families").names())
def test_the_model_of_a_familys_name_has_all_of_its_parts(family: FamilySpec) -> None:
    """Where there is one: it stands for the family in the Playground and in a match."""
    if family.name not in NAMES:
        pytest.skip("no objective of that name")
    assert registry("objectives").get(family.name).family == family.name
    objective = build(family.name, parts())
    made = objective.assemble(objective.players)
    assert {part for part in PARTS if getattr(made, part) is not None} == set(family.parts)


@pytest.mark.parametrize("name", NAMES)
def test_players_share_no_parameter_and_averages_name_players(name: str) -> None:
    objective = build(name, parts(classes=CLASSES))
    ids = [id(parameter) for module in objective.players.values() for parameter in module.parameters()]
    assert len(ids) == len(set(ids))
    assert set(objective.averaged) <= set(objective.players)
    assert set(objective.repeats) <= set(objective.players)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_noise_gives_the_same_losses_and_other_noise_others_where_any_is_drawn(name: str) -> None:
    class Asked(Noise):
        def normal(self, *shape: int) -> torch.Tensor:
            asked.add(player)
            return super().normal(*shape)

        def uniform(self, *shape: int) -> torch.Tensor:
            asked.add(player)
            return super().uniform(*shape)

    of, asked = parts("images", CLASSES), set[str]()
    objective, data = build(name, of), batch(of.space)
    for player in objective.players:
        first, second, other = (objective.terms(player, data, Asked(seed)).loss for seed in (1, 1, 2))
        assert torch.equal(first, second)
        assert torch.equal(first, other) == (player not in asked)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vae", {}),
        ("vae", {"importance_samples": 3, "binarise": True}),
        ("gan", {}),
        ("gan", {"pack": 2, "penalty": "gradient_penalty", "augment": "diffaugment"}),
        ("soft_intro_vae", {}),
        ("vae", {"corruption": "scattered", "corruption_least": 0.5}),
        ("restorer", {"corruption_least": 0.5, "adversarial": 0.0}),
    ],
)
def test_two_processes_see_the_losses_of_one(name: str, options: dict[str, Any]) -> None:
    of = parts("images")
    objective, whole = build(name, of, **options), batch(of.space)
    for player in objective.players:
        together = objective.terms(player, whole, SharedRandom(0, player)).loss
        halves = [
            objective.terms(player, Batch(whole.x[4 * r : 4 * r + 4]), SharedRandom(0, player, rank=r, world=2)).loss
            for r in range(2)
        ]
        torch.testing.assert_close(torch.cat(halves), together)


def energy_distance(a: torch.Tensor, b: torch.Tensor) -> float:
    """Zero when two sets of points are alike (Szekely and Rizzo, 2013)."""
    return float(2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean() - torch.cdist(b, b).mean())


@pytest.mark.parametrize("name", NAMES)
def test_a_corruption_is_one_that_the_data_can_have(name: str) -> None:
    spec: ObjectiveSpec = registry("objectives").get(name)
    if "corruption" not in spec.Options.model_fields:
        pytest.skip("corrupts nothing")
    options = parse(spec.Options, {"corruption": "hole"})
    spec.check(options, parts("images").space)
    with pytest.raises(InputError, match="corruption 'hole' is not for points"):
        spec.check(options, parts("points").space)
    with pytest.raises(InputError, match="has one strength only"):
        spec.check(parse(spec.Options, {"corruption": "grey", "corruption_least": 0.5}), parts("images").space)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vae", {}),
        ("gan", {}),
        ("vae_gan", {}),
        ("soft_intro_vae", {"beta_rec": 0.2, "beta_kl": 0.3, "beta_neg": 0.9}),
    ],
)
def test_it_learns_one_batch(name: str, options: dict[str, Any]) -> None:
    of = parts(width=48, latent_dim=2)
    objective = build(name, of, **options)
    angle = torch.arange(64) * (2 * torch.pi / 64)
    x = 3 * torch.stack([angle.cos(), angle.sin()], 1) + 1
    made = objective.assemble(objective.players)

    @torch.no_grad()
    def measure() -> tuple[float, float]:
        samples = of.space.activate(made.decoder(Noise(7).normal(512, objective.latent_dim)))
        again = of.space.activate(made.decoder(made.encoder(x)[0])) if made.encoder is not None else x
        return energy_distance(samples, x), float((again - x).square().mean())

    before, error_before = measure()
    fit(objective, Batch(x), steps=300)
    after, error_after = measure()
    assert after < 0.4 * before
    if made.encoder is not None:
        assert error_after < 0.3 * error_before


@pytest.mark.parametrize("spec", registry("objectives"), ids=NAMES)
def test_its_diagram_starts_with_data_and_names_few_blocks(spec: ObjectiveSpec) -> None:
    blocks = {name for source, target, _ in spec.diagram for name in (source, target)}
    assert {"data", "prior"} <= blocks or not registry("families").get(spec.family).samples
    assert "data" in blocks
    assert 4 <= len(blocks) <= 8
    assert all(len(label) <= 24 for _, _, label in spec.diagram)
    assert spec.paper and inspect.getdoc(spec.Options)
