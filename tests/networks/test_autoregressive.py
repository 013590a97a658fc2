"""The autoregressive network: what its decoder reads, given or its own, and what it may not read."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genlab.models.generative import GenerativeModel
from genlab.networks import sequence
from genlab.networks.autoregressive import MOST_DROPPED, AutoregressiveOptions, decoder, work
from genlab.options import parse
from tests.objectives.toys import Noise, build, reading_parts
from tests.support.elsewhere import DEVICE, pretending

SYMBOLS, LENGTH, LATENTS = 7, 5, 3


def made(**options: Any) -> nn.Module:
    """A decoder that listens to latents and symbols alike, as one does after training."""
    torch.manual_seed(0)
    built = decoder(LATENTS, (SYMBOLS, LENGTH), parse(AutoregressiveOptions, {"units": 16, **options}))
    with torch.no_grad():
        built.read.weight.normal_()
        built.last.weight.normal_()
    return built.eval()


def texts(count: int = 4, seed: int = 0) -> Tensor:
    """Random texts [n, V, L]."""
    numbers = torch.randint(SYMBOLS, (count, LENGTH), generator=torch.Generator().manual_seed(seed))
    return one_hot(numbers)


def one_hot(numbers: Tensor) -> Tensor:
    return nn.functional.one_hot(numbers, SYMBOLS).transpose(1, 2).float()


def latents(count: int = 4) -> Tensor:
    return torch.randn(count, LATENTS, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("told", ["everywhere", "start"])
@pytest.mark.parametrize("length", [1, 2, 64])
def test_any_length_is_written_given_and_drawn(told: str, length: int) -> None:
    built = decoder(LATENTS, (SYMBOLS, length), parse(AutoregressiveOptions, {"units": 8, "told": told}))
    seen = torch.zeros(2, SYMBOLS, length)
    for raw in (built(latents(2)), built.given(latents(2), seen, None), built.drawn(latents(2), torch.rand(2, length))):
        assert raw.shape == (2, SYMBOLS, length) and raw.isfinite().all()


@pytest.mark.parametrize("place", range(LENGTH))
def test_a_place_sees_the_given_symbols_before_it_and_no_others(place: int) -> None:
    built, z, seen = made(), latents(), texts()
    other = seen.clone()
    other[:, :, place] = other[:, :, place].roll(1, dims=1)
    one, two = built.given(z, seen, None), built.given(z, other, None)
    torch.testing.assert_close(one[:, :, : place + 1], two[:, :, : place + 1], rtol=0, atol=0)
    if place + 1 < LENGTH:
        assert (one[:, :, place + 1] != two[:, :, place + 1]).any(dim=1).all()


def test_left_to_itself_it_reads_its_likeliest_symbols() -> None:
    built, z = made(), latents()
    raw = built(z)
    torch.testing.assert_close(built.given(z, one_hot(raw.argmax(dim=1)), None), raw)


def test_a_gradient_passes_through_what_it_reads() -> None:
    """Of the last place with respect to the first place's own logits, which reach it through the symbol alone."""
    built, z = made(told="start"), latents()
    built.turn.requires_grad_(False)
    raw = built(z)
    built.last.bias.grad = None
    raw[:, :, -1].square().sum().backward()
    assert built.read.weight.grad is not None and built.read.weight.grad.abs().sum() > 0
    soft = built.last.bias.grad.clone()
    given = built.given(z, one_hot(raw.detach().argmax(dim=1)), None)
    built.last.bias.grad = None
    given[:, :, -1].square().sum().backward()
    torch.testing.assert_close(given, raw)
    assert not torch.allclose(soft, built.last.bias.grad), "given symbols say nothing of earlier logits"


def test_drawn_symbols_have_the_probabilities_that_they_were_drawn_with() -> None:
    built, count = made(), 4_000
    z = latents(1).expand(count, -1)
    found = built.drawn(z, torch.rand(count, LENGTH, generator=torch.Generator().manual_seed(2)))
    assert torch.equal(found.sum(dim=1), torch.ones(count, LENGTH)) and set(found.unique().tolist()) == {0.0, 1.0}
    likely = built.given(z, found, None).softmax(dim=1).mean(dim=0)
    torch.testing.assert_close(found.mean(dim=0), likely, rtol=0, atol=0.03)
    assert built.drawn(z[:1], torch.full((1, LENGTH), 1 - 1e-7)).sum() == LENGTH


def test_what_is_drawn_is_read_on_from() -> None:
    built, z = made(), latents(1)
    low, high = torch.zeros(1, LENGTH), torch.zeros(1, LENGTH)
    high[:, 0] = 0.999
    first, other = built.drawn(z, low), built.drawn(z, high)
    assert not torch.equal(first[:, :, 0], other[:, :, 0])
    later = [built.given(z, found, None)[:, :, 1] for found in (first, other)]
    assert not torch.allclose(*later)


def test_hidden_symbols_are_read_as_nothing() -> None:
    built, z, seen = made(word_dropout=0.5), latents(1_000), texts(1).expand(1_000, -1, -1)
    z = z[:1].expand(1_000, -1)
    whole, blank = built.given(z, seen, None), built.given(z, torch.zeros_like(seen), None)
    second = built.given(z, seen, Noise())[:, :, 1]
    hidden = (second - blank[:, :, 1]).abs().amax(dim=1) < 1e-5
    read = (second - whole[:, :, 1]).abs().amax(dim=1) < 1e-5
    assert (hidden ^ read).all() and hidden.float().mean().item() == pytest.approx(0.5, abs=0.05)
    torch.testing.assert_close(made().given(z, seen, Noise()), whole)


def test_a_decoder_that_is_told_once_hears_the_latent_everywhere_it_keeps_it_in_mind() -> None:
    for told in ("start", "everywhere"):
        built, seen = made(told=told), texts(2)[:1].expand(2, -1, -1)
        raw = built.given(latents(2), seen, None)
        assert (raw[0] != raw[1]).any(dim=0).all(), told


def test_some_symbols_are_always_shown() -> None:
    from genlab.errors import InputError

    assert MOST_DROPPED < 1
    with pytest.raises(InputError):
        parse(AutoregressiveOptions, {"word_dropout": 1.0})


def test_encoder_and_critic_are_those_of_the_sequence_network() -> None:
    shape, options = (SYMBOLS, LENGTH), AutoregressiveOptions()
    assert work(shape, LATENTS, options)[0] == sequence.work(shape, LATENTS, options)[0]


@pytest.mark.parametrize("options", [{}, {"told": "start"}, {"mapping": 0}, {"mapping": 2, "units": 32}])
def test_multiply_adds_of_the_decoder_are_those_of_its_layers(options: dict[str, Any]) -> None:
    built = made(**options)
    counted = 0.0
    often = {"read": LENGTH - 1, "turn": LENGTH, "last": LENGTH}
    for name, layer in built.named_modules():
        if isinstance(layer, nn.Linear):
            times = LENGTH if name.endswith("hear") else often.get(name, 1)
            counted += times * layer.weight.numel()
    assert work((SYMBOLS, LENGTH), LATENTS, parse(AutoregressiveOptions, {"units": 16, **options}))[1] == counted


def test_symbols_are_drawn_on_another_device(monkeypatch: pytest.MonkeyPatch):
    def samples(device: torch.device | str) -> Tensor:
        of = reading_parts(decoding="sampled")
        objective = build("vae", of)
        return GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim, device).sample(5)

    expected = samples("cpu")
    with pretending(monkeypatch) as pretend:
        assert torch.equal(samples(DEVICE), expected)
        assert "linear" in pretend.layers
