"""One interface for every family: shapes, ranges, chunks, and what a family does not have."""

from __future__ import annotations

import pytest
import torch

from genlab.config import RunConfig, change
from genlab.errors import InputError
from genlab.models.factory import build_objective, parameter_counts
from genlab.models.generative import CHUNK, GenerativeModel
from genlab.space import Space
from genlab.training.seeding import SharedRandom
from tests.objectives.toys import build, reading_parts

SPACE = Space("images", (1, 8, 8))
FAMILIES = ("vae", "gan", "vae_gan", "soft_intro_vae")


def _model(name: str, space: Space = SPACE, **settings: object) -> GenerativeModel:
    config = change(RunConfig(model=name), {"network": "mlp", "latent_dim": 3, **settings})
    objective = build_objective(config, space)
    return GenerativeModel(objective.assemble(objective.players), space, config.latent_dim)


@pytest.mark.parametrize("name", FAMILIES)
def test_samples_are_images_reproducible_from_their_seed(name):
    model = _model(name)
    images = model.sample(5, seed=1)
    assert images.shape == (5, 1, 8, 8)
    assert images.min() >= 0 and images.max() <= 1
    assert torch.equal(images, model.sample(5, seed=1))
    assert not torch.equal(images, model.sample(5, seed=2))


def test_large_numbers_are_computed_in_chunks_with_the_same_result():
    model = _model("vae")
    z = model.sample_latents(CHUNK + 3)
    assert torch.allclose(model.decode(z)[-3:], model.decode(z[-3:]), atol=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_decoding_with_a_gradient_is_decoding(name):
    model = _model(name)
    z = model.sample_latents(4).requires_grad_()
    images = model.decode_with_gradient(z)
    torch.testing.assert_close(images.detach(), model.decode(z.detach()))
    images.sum().backward()
    assert z.grad is not None and (z.grad != 0).any(dim=1).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_what_it_has_and_says_so_otherwise(name):
    model, x = _model(name), torch.rand(4, 1, 8, 8)
    assert model.can_encode == (name != "gan")
    assert model.can_score == (name in {"gan", "vae_gan"})
    assert model.has_likelihood == (name == "vae")
    if model.can_encode:
        posterior = model.encode(x)
        assert posterior.mean.shape == posterior.log_variance.shape == (4, 3)
    else:
        with pytest.raises(InputError, match="no encoder"):
            model.encode(x)
    if model.can_score:
        assert model.critic_scores(x).shape == (4,)
    else:
        with pytest.raises(InputError, match="no critic"):
            model.critic_scores(x)
    if model.has_likelihood:
        assert model.log_likelihood_bound(x).shape == (4,)
    else:
        with pytest.raises(InputError, match="no likelihood"):
            model.log_likelihood_bound(x)


def test_more_importance_samples_tighten_the_bound():
    model, x = _model("vae"), torch.rand(64, 1, 8, 8)
    elbo, tighter = (model.log_likelihood_bound(x, samples).mean() for samples in (1, 64))
    assert tighter > elbo


def test_a_packed_critic_scores_single_images():
    assert _model("gan", pack=2).critic_scores(torch.rand(3, 1, 8, 8)).shape == (3,)


def test_classes_of_a_conditional_model():
    model = _model("gan", Space("images", (1, 8, 8), classes=4))
    assert model.sample(6, label=2).shape == (6, 1, 8, 8)
    labels = model.labels(6)
    assert labels is not None and labels.tolist() == [0, 1, 2, 3, 0, 1]
    with pytest.raises(InputError, match="no class 4"):
        model.sample(2, label=4)
    with pytest.raises(InputError, match="not conditional"):
        _model("gan").sample(2, label=0)


def test_parameter_counts_add_up():
    objective = build_objective(change(RunConfig(model="vae_gan"), {"network": "mlp"}), SPACE)
    counts = parameter_counts(objective)
    assert set(counts) == {"encoder", "decoder", "critic", "total"}
    assert counts["total"] == counts["encoder"] + counts["decoder"] + counts["critic"]


def test_the_same_seed_builds_the_same_weights():
    config = change(RunConfig(model="gan"), {"network": "mlp"})
    one, two = (build_objective(config, SPACE).players["generator"].state_dict() for _ in range(2))
    other = build_objective(change(config, {"seed": 1}), SPACE).players["generator"].state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", FAMILIES)
def test_drawing_the_styles_of_latents_is_decoding_them(name):
    model = _model(name, Space("images", (1, 8, 8), classes=3), network="style")
    z, y = model.sample_latents(CHUNK + 3), model.labels(CHUNK + 3)
    styles = model.styles(z, y)
    assert styles.shape[:2] == (CHUNK + 3, len(model.style_layers)) and not styles.requires_grad
    torch.testing.assert_close(model.draw(styles), model.decode(z, y))
    assert torch.equal(model.draw(styles), model.draw(styles))


def test_styles_of_a_learned_prior_begin_with_it():
    model, z = _model("vae", network="style", prior="flow"), torch.randn(4, 3)
    with torch.no_grad():
        for weight in model.assembly.decoder.parameters():
            weight.add_(0.1 * torch.randn(weight.shape))
    torch.testing.assert_close(model.draw(model.styles(z)), model.decode(z))
    assert not model.styles(z).allclose(model.assembly.decoder.decoder.styles(z), atol=1e-3)


def test_a_decoder_without_styles_says_which_networks_have_them():
    model = _model("gan")
    assert model.style_layers == ()
    for ask in (lambda: model.styles(model.sample_latents(2)), lambda: model.draw(torch.zeros(2, 2, 2))):
        with pytest.raises(InputError, match="told no styles") as caught:
            ask()
        assert "Style-based" in caught.value.hint


def _reading(decoding: str = "sampled", model: str = "vae", seed: int = 0) -> GenerativeModel:
    """A model of texts whose decoder reads what it writes, with larger weights than a fresh one."""
    of = reading_parts(decoding=decoding)
    objective = build(model, of)
    assembly = objective.assemble(objective.players)
    with torch.no_grad():
        assembly.sampler.body.last.weight.normal_()
    return GenerativeModel(assembly, of.space, of.latent_dim)


@pytest.mark.parametrize("model", ["vae", "gan"])
def test_samples_are_drawn_symbol_by_symbol_where_the_decoder_draws(model: str):
    sampled, greedy = _reading(model=model), _reading("greedy", model)
    one, again, other = sampled.sample(40, 1), sampled.sample(40, 1), sampled.sample(40, 2)
    assert one.shape == (40, 5, 6) and set(one.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(one, again) and not torch.equal(one, other)
    z = sampled.sample_latents(1).expand(200, -1)
    choices = sampled.choices(200)
    assert choices is not None and len(sampled.decode(z, None, choices).unique(dim=0)) > 20
    assert greedy.choices(200) is None and len(greedy.decode(z, None, greedy.choices(200)).unique(dim=0)) == 1


def test_a_latent_alone_has_one_text_however_samples_are_drawn():
    sampled, greedy = _reading(), _reading("greedy")
    z = sampled.sample_latents(5)
    torch.testing.assert_close(sampled.decode(z), greedy.decode(z))
    torch.testing.assert_close(sampled.decode_with_gradient(z).detach(), greedy.decode(z))


def test_what_is_drawn_does_not_depend_on_the_chunk():
    model = _reading()
    z, choices = model.sample_latents(CHUNK + 3), model.choices(CHUNK + 3)
    assert choices is not None
    assert torch.equal(model.decode(z, None, choices)[-3:], model.decode(z[-3:], None, choices[-3:]))


def test_bounds_of_a_decoder_that_reads_are_computed_from_the_true_symbols():
    model = _reading()
    x = model.sample(30, 4)
    bound = model.log_likelihood_bound(x, 1, seed=3)
    posterior = model.encode(x)
    noise = SharedRandom(3, "bound").normal(30, 1, model.latent_dim)[:, 0]
    z = posterior.mean + (0.5 * posterior.log_variance).exp() * noise
    given = model.assembly.sampler.given(z, x)
    ratio = 0.5 * (noise.square() + posterior.log_variance - z.square()).sum(1)
    torch.testing.assert_close(bound, (x * given.log_softmax(dim=1)).sum((1, 2)) + ratio, rtol=1e-4, atol=1e-4)
