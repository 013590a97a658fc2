"""The VAE's own settings."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch

from genlab.errors import InputError
from genlab.models.factory import parameter_counts
from genlab.objectives._variational import draw, kl_standard_normal
from genlab.objectives.base import Batch
from tests.objectives.toys import Noise, batch, build, fit, parts, reading_parts, take_turn


@pytest.mark.parametrize(
    ("options", "loss_of"),
    [
        ({}, lambda logs: -logs["elbo"]),
        ({"beta": 3.0}, lambda logs: logs["reconstruction/nats"] + 3 * logs["kl/total"]),
        ({"beta": 3.0, "kl_warmup": 0.0}, lambda logs: logs["reconstruction/nats"] + 3 * logs["kl/total"]),
    ],
)
def test_the_loss_is_reconstruction_plus_beta_kl(options: dict[str, Any], loss_of: Any) -> None:
    of = parts("images")
    terms = build("vae", of, **options).terms("vae", batch(of.space), Noise())
    torch.testing.assert_close(terms.loss.detach(), loss_of(terms.logs))
    assert terms.logs["vector/kl"].shape == (of.latent_dim,)
    torch.testing.assert_close(terms.logs["vector/kl"].sum(), terms.logs["kl/total"].mean())


@pytest.mark.parametrize(("progress", "beta"), [(0.0, 0.0), (0.1, 0.8), (0.25, 2.0), (1.0, 2.0)])
def test_beta_rises_over_the_warm_up(progress: float, beta: float) -> None:
    of = parts("images")
    objective = build("vae", of, beta=2.0, kl_warmup=0.25)
    terms = objective.terms("vae", batch(of.space, progress=progress), Noise())
    assert terms.logs["beta"].item() == pytest.approx(beta)
    torch.testing.assert_close(
        terms.loss.detach(), terms.logs["reconstruction/nats"] + beta * terms.logs["kl/total"], rtol=1e-5, atol=1e-4
    )


def test_free_bits_hold_the_kl_of_quiet_dimensions() -> None:
    of = parts("images")
    objective = build("vae", of, free_bits=0.5)
    terms = objective.terms("vae", batch(of.space), Noise())
    assert terms.logs["vector/kl"].max() < 0.5
    held = terms.loss.detach() - terms.logs["reconstruction/nats"]
    torch.testing.assert_close(held, torch.full((8,), 0.5 * of.latent_dim), rtol=0, atol=1e-4)
    encoder: Any = objective.players["vae"]["encoder"]
    with torch.no_grad():
        encoder.head.bias[0] = 4.0
    terms = objective.terms("vae", batch(of.space), Noise())
    loud = 0.5 * (of.latent_dim - 1) + terms.logs["vector/kl"][0]
    assert (terms.loss.detach() - terms.logs["reconstruction/nats"]).mean() == pytest.approx(loud.item(), abs=1e-3)


def test_free_bits_look_at_the_mean_over_the_batch() -> None:
    objective: Any = build("vae", parts("images"), free_bits=0.5)
    held = objective._with_free_bits(torch.tensor([[0.0, 0.6], [1.2, 0.2]]))
    torch.testing.assert_close(held, torch.tensor([[0.0, 0.5], [1.2, 0.5]]))


def test_units_are_counted_as_active() -> None:
    of = parts("images")
    objective = build("vae", of)
    encoder: Any = objective.players["vae"]["encoder"]
    with torch.no_grad():
        encoder.head.weight.zero_()
        encoder.head.bias.zero_()
        encoder.head.bias[:2] = 1.0
    logs = objective.terms("vae", batch(of.space), Noise()).logs
    assert logs["units/active"].item() == 2
    torch.testing.assert_close(logs["vector/kl"], torch.tensor([0.5, 0.5, 0.0, 0.0]))


def test_binarised_pixels_are_black_and_white_and_new_at_every_step() -> None:
    of = parts("images")
    objective = build("vae", of, binarise=True)
    seen: list[torch.Tensor] = []
    objective.players["vae"]["encoder"].register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    grey = torch.full((64, 3, 8, 8), 0.3)
    for seed in (0, 1):
        objective.terms("vae", Batch(grey), Noise(seed))
    assert set(seen[0].unique().tolist()) == {0.0, 1.0}
    assert seen[0].mean().item() == pytest.approx(0.3, abs=0.02)
    assert not torch.equal(seen[0], seen[1])


def test_more_importance_samples_give_a_higher_bound() -> None:
    of = parts("images")
    few, many = (
        build("vae", of, importance_samples=k).terms("vae", batch(of.space, 32), Noise()).logs for k in (2, 64)
    )
    assert many["bound"].mean() > few["bound"].mean() > few["elbo"].mean()


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("points", {"likelihood": "bernoulli"}, "'bernoulli' is not for points"),
        ("points", {"binarise": True}, "binarise draws binary pixels"),
        ("images", {"free_bits": 0.1, "importance_samples": 5}, "cannot be combined"),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        build("vae", parts(kind), **options)
    assert refused.value.hint.startswith("Set ")


def stirred(size: int) -> Any:
    """A flow whose layers do something."""
    from genlab.objectives._flow import Flow

    torch.manual_seed(3)
    flow = Flow(size)
    for weights in flow.parameters():
        torch.nn.init.normal_(weights, std=0.2)
    return flow


def test_a_flow_goes_back_the_way_it_came_and_knows_how_much_it_stretches() -> None:
    flow, drawn = stirred(5), Noise(1).normal(4, 5)
    there = flow(drawn)
    assert (there - drawn).abs().max() > 0.1
    again, _, determinant = flow.back(there, torch.zeros(4, 5))
    torch.testing.assert_close(again, drawn, atol=1e-4, rtol=1e-4)
    exact = torch.func.vmap(torch.func.jacrev(lambda z: flow(z[None])[0]))(drawn)
    torch.testing.assert_close(determinant, -torch.linalg.slogdet(exact)[1], atol=1e-4, rtol=1e-4)


def test_a_learned_prior_is_a_density() -> None:
    """Its integral over the plane is 1."""
    flow, side = stirred(2), torch.linspace(-12, 12, 401)
    plane = torch.cartesian_prod(side, side)
    unit = torch.zeros_like(plane)
    with torch.no_grad():
        # At z = mean and a variance of 1 log q is that of a normal distribution at its mean.
        log_density = -flow.divergence(plane, plane, unit) - math.log(2 * math.pi)
    total = log_density.exp().sum() * (side[1] - side[0]) ** 2
    assert total.item() == pytest.approx(1, abs=0.01)


def test_an_untrained_flow_is_the_normal_prior() -> None:
    of = parts("images")
    plain, learned = (build("vae", of, prior=prior, kl_warmup=0.0) for prior in ("normal", "flow"))
    mean, log_variance = Noise(2).normal(4_000, 4), torch.full((4_000, 4), -1.0)
    z = mean + math.exp(-0.5) * Noise(3).normal(4_000, 4)
    estimate = learned.flow.divergence(z, mean, log_variance).mean()  # type: ignore[attr-defined]
    exact = kl_standard_normal(mean, log_variance).sum(1).mean()
    assert estimate.item() == pytest.approx(exact.item(), rel=0.03)
    assert set(plain.players["vae"].state_dict()) < set(learned.players["vae"].state_dict())  # type: ignore[arg-type]


def test_whoever_has_the_model_sees_normal_latents_and_the_bound_stays_one() -> None:
    of = parts("images")
    objective: Any = build("vae", of, prior="flow", beta=2.0, kl_warmup=0.0)
    objective.players["vae"]["prior"].load_state_dict(stirred(4).state_dict())
    terms = objective.terms("vae", batch(of.space), Noise())
    loss = terms.logs["reconstruction/nats"] + 2 * terms.logs["kl/total"]
    torch.testing.assert_close(terms.loss.detach(), loss)
    assembly, x = objective.assemble(objective.players), batch(of.space).x
    drawn, _ = assembly.encoder(x)
    inner, _ = objective.encoder(x)
    torch.testing.assert_close(objective.flow(drawn), inner, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(assembly.sampler(drawn), objective.decoder(inner), atol=1e-4, rtol=1e-4)
    terms.loss.mean().backward()
    assert all(weights.grad is not None for weights in objective.flow.parameters())
    counts = parameter_counts(objective)
    assert counts["total"] == sum(weights.numel() for weights in objective.players["vae"].parameters())


@pytest.mark.parametrize("options", [{"free_bits": 0.1}, {"importance_samples": 5}])
def test_a_learned_prior_has_the_plain_bound_only(options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="A learned prior is for the plain bound"):
        build("vae", parts("images"), prior="flow", **options)
    with pytest.raises(InputError, match="two latent dimensions or more"):
        build("vae", parts("images", latent_dim=1), prior="flow")


@pytest.mark.parametrize("prior", ["normal", "flow"])
def test_a_decoder_that_reads_is_trained_on_true_symbols(prior: str) -> None:
    of = reading_parts()
    objective: Any = build("vae", of, prior=prior, kl_warmup=0.0)
    data, decoder = batch(of.space), objective.decoder
    with torch.no_grad():
        decoder.body.read.weight.normal_()
        decoder.body.last.weight.normal_()
    logs = objective.terms("vae", data, Noise()).logs
    z = draw(*objective.encoder(data.x), Noise())
    given = decoder.given(z, data.x)
    torch.testing.assert_close(logs["reconstruction/nats"], -objective.likelihood.log_prob(data.x, given))
    free = -objective.likelihood.log_prob(data.x, decoder(z))
    assert (logs["reconstruction/nats"] - free).abs().max() > 0.1, "left to itself it reads other symbols"
    assembly = objective.assemble(objective.players)
    if prior == "flow":
        drawn = objective.flow.back(z, torch.zeros_like(z))[0]
        torch.testing.assert_close(assembly.sampler.given(drawn, data.x), given, rtol=1e-3, atol=1e-3)
        assert assembly.sampler.draws == 0


def test_a_learned_prior_leaves_what_is_drawn_to_the_decoder() -> None:
    objective: Any = build("vae", reading_parts(decoding="sampled"), prior="flow")
    sampler, drawn, uniform = objective.assemble(objective.players).sampler, Noise(1).normal(3, 4), torch.rand(3, 6)
    assert sampler.draws == 6
    assert torch.equal(sampler.drawn(drawn, uniform), objective.decoder.drawn(objective.flow(drawn), uniform))


def test_hidden_words_cost_a_decoder_that_has_learned_to_read() -> None:
    """Texts whose symbols all follow from the first one: only reading tells the others."""
    of = reading_parts(word_dropout=0.9, told="start")
    x = torch.eye(5)[:, :, None].expand(-1, -1, 6).repeat(4, 1, 1)
    data = Batch(x)
    learned: Any = build("vae", replace(of, network=reading_parts(told="start").network), beta=20.0, kl_warmup=0.0)
    fit(learned, data, 150, lr=1e-2)
    reads = learned.terms("vae", data, Noise()).logs
    assert reads["kl/total"].mean() < 0.3 and reads["reconstruction/nats"].mean() < 1.2 * math.log(5)
    learned.decoder.body.dropout = 0.9
    assert learned.terms("vae", data, Noise()).logs["reconstruction/nats"].mean() > 2 * math.log(5)
    learned.decoder.eval()
    assert torch.equal(learned.terms("vae", data, Noise()).logs["elbo"], reads["elbo"])
    learned.decoder.train()


@pytest.mark.parametrize("name", ["gan", "vae_gan", "soft_intro_vae"])
def test_other_families_train_a_decoder_that_reads_its_own_symbols(name: str) -> None:
    of = reading_parts()
    objective = build(name, of)
    for player, module in objective.players.items():
        take_turn(objective, player, batch(of.space))
        assert any(weight.grad is not None and weight.grad.any() for weight in module.parameters()), player
    maker = next(player for player, module in objective.players.items() if "body.read.weight" in module.state_dict())
    take_turn(objective, maker, batch(of.space))
    assert objective.players[maker].get_parameter("body.read.weight").grad.abs().sum() > 0  # type: ignore[union-attr]
