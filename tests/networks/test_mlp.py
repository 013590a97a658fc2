"""The perceptron's own settings."""

from __future__ import annotations

from torch import nn

from genlab.networks import mlp


def widths(module: nn.Module) -> list[int]:
    return [layer.out_features for layer in module.modules() if isinstance(layer, nn.Linear)]


def test_an_empty_width_follows_the_data() -> None:
    assert widths(mlp.trunk((2,), mlp.MlpOptions())) == [128, 128, 128]
    assert widths(mlp.trunk((1, 8, 8), mlp.MlpOptions())) == [512, 512, 512]


def test_width_and_layers_can_be_chosen() -> None:
    options = mlp.MlpOptions(width=40, layers=2)
    assert widths(mlp.trunk((1, 8, 8), options)) == [40, 40]
    assert widths(mlp.decoder(5, (1, 8, 8), options)) == [40, 40, 64]


def test_encoder_and_critic_can_be_narrower_than_the_decoder() -> None:
    options = mlp.MlpOptions(trunk_width=20)
    assert widths(mlp.trunk((1, 8, 8), options)) == [20, 20, 20]
    assert mlp.trunk((1, 8, 8), options).out_features == 20
    assert widths(mlp.decoder(5, (1, 8, 8), options)) == widths(mlp.decoder(5, (1, 8, 8), mlp.MlpOptions()))
