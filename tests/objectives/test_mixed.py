"""Mixing regularisation: whose style which layer is told, and that nothing changes where nothing is mixed."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from genlab.networks.build import Decoder, Parts
from genlab.objectives import _mixed
from genlab.objectives.base import Batch
from genlab.registry import Choice, registry
from tests.objectives.toys import Noise, batch, build, space, take_turn

LAYERS = 5


class Body(torch.nn.Module):
    """Layers that are each told the latent itself, and put it out."""

    style_layers = tuple("abcde")

    def styles(self, z: Tensor) -> Tensor:
        return z[:, None].expand(-1, LAYERS, -1)

    def draw(self, styles: Tensor) -> Tensor:
        return styles


class Silent:
    """Noise that nobody may ask for."""

    def normal(self, *shape: int) -> Tensor:
        raise AssertionError("nothing is mixed")

    uniform = normal


def parts(network: str = "style", classes: int = 0) -> Parts:
    options = registry("networks").get(network).Options(width=8)
    return Parts(space("images", classes), 4, Choice(name=network, options=options))


def sources(share: float, rows: int | None = None, count: int = 400) -> Tensor:
    """Whether each layer of each item was told another latent's style [count, LAYERS]."""
    decoder = Decoder(Body(), space("images"), 4)
    z = torch.arange(1.0, count + 1)[:, None].expand(-1, 4)
    told = _mixed.draw(decoder, z, None, share, Noise(), rows)
    return (told != z[:, None]).all(dim=2)


def test_fine_layers_from_a_random_one_on_are_told_another_style() -> None:
    other = sources(1.0)
    assert not other[:, 0].any() and bool(other[:, -1].all())
    assert bool((other[:, 1:] >= other[:, :-1]).all()), "from one layer on all of them"
    firsts = torch.bincount(LAYERS - other.sum(dim=1), minlength=LAYERS)
    assert firsts[0] == 0 and firsts[1:].min() > 70, "each with the same probability"


def test_only_a_share_is_mixed_and_only_the_first_rows() -> None:
    mixed = sources(0.3).any(dim=1)
    assert mixed.float().mean() == pytest.approx(0.3, abs=0.07)
    assert sources(1.0, rows=100).any(dim=1).nonzero().max() == 99
    assert not sources(1.0, rows=100)[100:].any()


@pytest.mark.parametrize(("network", "share"), [("style", 0.0), ("conv", 1.0)])
def test_nothing_is_drawn_where_nothing_is_mixed(network: str, share: float) -> None:
    decoder, z = parts(network).decoder(), torch.randn(3, 4)
    assert _mixed.draw(decoder, z, None, share, Silent()).equal(decoder(z))


def test_both_styles_are_of_the_samples_class() -> None:
    decoder, z, y = parts(classes=3).decoder(), torch.zeros(3, 4), torch.tensor([0, 1, 2])
    seen: list[Any] = []
    real = decoder.styles
    decoder.styles = lambda z, y=None: seen.append(y) or real(z, y)  # type: ignore[assignment,func-returns-value,method-assign]
    _mixed.draw(decoder, z, y, 1.0, Noise())
    assert [each.tolist() for each in seen] == [[0, 1, 2], [0, 1, 2]]


@pytest.mark.parametrize("model", ["gan", "vae_gan"])
@pytest.mark.parametrize("judged", ["both", "samples"])
@pytest.mark.parametrize("classes", [0, 3])
def test_samples_of_every_adversarial_model_are_mixed_and_reconstructions_never(
    model: str, judged: str, classes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int | None]] = []
    real = _mixed.draw

    def seen(decoder: Any, z: Tensor, y: Any, share: float, rng: Any, rows: int | None = None) -> Tensor:
        assert share == 0.7
        calls.append((len(z), rows))
        return real(decoder, z, y, share, rng, rows)

    monkeypatch.setattr(_mixed, "draw", seen)
    of = parts(classes=classes)
    objective = build(model, of, style_mixing=0.7, **({"judged": judged} if model == "vae_gan" else {}))
    data: Batch = batch(of.space)
    for player in objective.players:
        terms = take_turn(objective, player, data)
        assert terms.loss.shape == (8,) and terms.loss.isfinite().all()
    if model == "gan":
        assert calls == [(8, None), (8, None)]
    else:
        assert calls == [(8, 8) if judged == "samples" else (16, 8), (16, 8)]


@pytest.mark.parametrize("model", ["gan", "vae_gan"])
def test_unless_it_is_asked_for_nothing_is_mixed(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs samples."""
    objective = build(model, parts())
    calls: list[object] = []
    monkeypatch.setattr(Decoder, "styles", lambda *given: calls.append(given))
    for player in objective.players:
        take_turn(objective, player, batch(objective.space))
    assert not calls
