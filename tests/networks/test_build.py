"""Encoder, decoder and critic around a network: heads, classes, packs, and counting without values."""

from __future__ import annotations

import pytest
import torch

from genlab.errors import InputError
from genlab.networks.build import Parts, ReadingDecoder, WeightlessParts, count_parameters
from genlab.options import parse
from genlab.registry import Choice, registry
from genlab.space import Space
from tests.objectives.toys import Noise

SPACE = Space("images", (1, 8, 8))
CONDITIONAL = Space("images", (1, 8, 8), classes=3)
DIM = 4


def parts(space: Space = SPACE, network: str = "mlp", made: type[Parts] = Parts) -> Parts:
    return made(space, DIM, Choice(name=network, options=registry("networks").get(network).Options()))


def test_heads_are_as_wide_as_the_latent_space():
    x = torch.rand(5, 1, 8, 8)
    mean, log_variance = parts().encoder()(x)
    assert mean.shape == log_variance.shape == (5, DIM)
    assert parts().decoder()(mean).shape == x.shape
    assert parts().critic()(x).shape == (5,)


def test_log_variances_stay_where_their_exponentials_are_numbers():
    encoder = parts().encoder()
    with torch.no_grad():
        encoder.head.bias[:DIM].fill_(1e6)
        encoder.head.bias[DIM:].copy_(torch.tensor([1e6, -1e6, 0.0, 5.0]))
        mean, log_variance = encoder(torch.zeros(1, 1, 8, 8))
    assert mean.min() > 1e5, "means are left alone"
    assert log_variance[0, :2].tolist() == [12, -12] and log_variance[0, 2:].abs().max() < 6


def test_a_conditional_model_asks_for_classes_and_heeds_them():
    built = parts(CONDITIONAL)
    decoder, z = built.decoder(), torch.zeros(3, DIM)
    with torch.no_grad():
        one, two = decoder(z, torch.tensor([0, 0, 0])), decoder(z, torch.tensor([0, 1, 2]))
    assert torch.equal(one[0], two[0]) and not torch.equal(one[1], two[1])
    with pytest.raises(InputError, match="needs a class for every sample"):
        decoder(z)
    with pytest.raises(InputError, match="needs a class for every sample"):
        built.encoder()(torch.rand(3, 1, 8, 8))


def test_a_translator_keeps_the_size_and_sees_the_class():
    x, y = torch.rand(3, 1, 8, 8), torch.tensor([0, 1, 2])
    assert parts().translator()(x).shape == x.shape
    told = parts(CONDITIONAL).translator()
    assert told(x, y).shape == x.shape and not torch.equal(told(x, y), told(x, y.flip(0)))
    with pytest.raises(InputError, match="needs a class for every sample"):
        told(x)
    counted = parts(made=WeightlessParts).translator()
    assert next(counted.parameters()).is_meta
    assert count_parameters({"one": counted}) == count_parameters({"one": parts().translator()})


def test_the_class_adds_a_projection_to_the_critics_score():
    critic, x, y = parts(CONDITIONAL).critic(), torch.rand(3, 1, 8, 8), torch.tensor([0, 1, 2])
    with torch.no_grad():
        features = critic.features(x)
        assert torch.equal(critic(x, y), critic(x)), "it begins without a say"
        critic.embedding.weight.normal_()
        expected = critic(x) + (features * critic.embedding.weight[y]).sum(1)
        assert torch.allclose(critic(x, y), expected, atol=1e-6)
        assert torch.equal(critic.score(features, y), critic(x, y))


def test_a_critic_of_packs_sees_neighbours_together_and_the_class_of_the_first():
    critic, x = parts(CONDITIONAL).critic(pack=2), torch.rand(6, 1, 8, 8)
    assert critic.features(x).shape[0] == 3 and critic(x).shape == (3,)
    with torch.no_grad():
        critic.embedding.weight.normal_()
        same, other = (critic(x, torch.tensor(y)) for y in ([0, 1, 1, 2, 2, 0], [0, 2, 1, 0, 2, 2]))
    assert torch.equal(same, other)


def test_a_network_that_the_data_do_not_fit_is_refused():
    with pytest.raises(InputError):
        parts(Space("points", (2,)), "conv")


def test_counting_takes_no_values():
    weightless, real = parts(made=WeightlessParts), parts()
    for name in ("encoder", "decoder", "critic"):
        light, heavy = getattr(weightless, name)(), getattr(real, name)()
        assert all(parameter.is_meta for parameter in light.parameters()), name
        assert count_parameters({name: light}) == count_parameters({name: heavy})
    assert count_parameters({"line": torch.nn.Linear(3, 2), "none": torch.nn.ReLU()}) == {"line": 8, "none": 0}


def test_styles_know_the_class():
    decoder, z = parts(CONDITIONAL, "style").decoder(), torch.randn(3, DIM)
    y = torch.tensor([0, 1, 2])
    assert decoder.style_layers == ("4 × 4", "4 × 4")
    assert torch.equal(decoder.draw(decoder.styles(z, y)), decoder(z, y))
    assert not torch.equal(decoder.styles(z, y), decoder.styles(z, y.flip(0)))
    with pytest.raises(InputError, match="needs a class for every sample"):
        decoder.styles(z)
    assert parts().decoder().style_layers == ()


def reading(classes: int = 0, **options: object) -> Parts:
    """Parts of a network whose decoder reads what it has written."""
    spec = registry("networks").get("autoregressive")
    chosen = Choice(name=spec.name, options=parse(spec.Options, {"units": 16, **options}))
    return Parts(Space("texts", (7, 5), classes), DIM, chosen)


def some_texts(count: int) -> torch.Tensor:
    numbers = torch.arange(5 * count).view(count, 5) % 7
    return torch.nn.functional.one_hot(numbers, 7).transpose(1, 2).float()


def test_only_a_decoder_that_reads_can_be_given_what_stands_before():
    assert not hasattr(parts().decoder(), "given")
    decoder = reading().decoder()
    assert isinstance(decoder, ReadingDecoder) and decoder.draws == 0
    assert reading(decoding="sampled").decoder().draws == 5
    raw = decoder.given(torch.randn(3, DIM), some_texts(3))
    assert raw.shape == (3, 7, 5) and raw.dtype == torch.float32


def test_a_decoder_that_reads_is_told_the_class_whatever_it_does():
    decoder, z = reading(classes=3, decoding="sampled").decoder(), torch.zeros(2, DIM)
    with torch.no_grad():
        decoder.body.last.weight.normal_(std=3.0)
        y, uniform = torch.tensor([0, 2]), torch.rand(1, 5).expand(2, -1)
        for made in (decoder(z, y), decoder.given(z, some_texts(1).expand(2, -1, -1), y), decoder.drawn(z, uniform, y)):
            assert made.shape == (2, 7, 5) and not torch.equal(made[0], made[1])
    with pytest.raises(InputError, match="needs a class for every sample"):
        decoder.given(z, some_texts(2))
    with pytest.raises(InputError, match="needs a class for every sample"):
        decoder.drawn(z, uniform)


def test_words_are_hidden_in_training_mode_only():
    decoder, z, seen = reading(word_dropout=0.9).decoder(), torch.randn(64, DIM), some_texts(64)
    with torch.no_grad():
        decoder.body.read.weight.normal_()
        plain = decoder.given(z, seen)
        assert torch.equal(decoder.eval().given(z, seen, rng=Noise()), plain)
        assert not torch.equal(decoder.train().given(z, seen, rng=Noise()), plain)
        assert torch.equal(decoder.given(z, seen, rng=Noise(3)), decoder.given(z, seen, rng=Noise(3)))
