"""A graph that reads its weights from a checkpoint draws the same pictures, and is small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from genlab.models.onnx import TOLERANCE, export_decoder
from genlab.models.onnx_weights import LOCATION, share_weights
from tests.models.test_onnx import model_of, run


def stored(model, path: Path, half: bool) -> None:
    """The weights of a model between those of others, as a checkpoint holds them."""
    weights = {f"average.generator.{name}": tensor for name, tensor in model.assembly.decoder.state_dict().items()}
    weights |= {"a.critic": torch.randn(2_000), "z.critic": torch.randn(2_000)}
    save_file({name: (each.half() if half else each).contiguous() for name, each in weights.items()}, path)


def rounded(model) -> None:
    """Weights that half precision holds exactly, as shipped ones are."""
    with torch.no_grad():
        for weight in model.assembly.decoder.parameters():
            weight.copy_(weight.half().float())


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", ["conv", "resnet", "style"])
def test_weights_are_read_from_the_checkpoint(network, half, tmp_path):
    model = model_of(network=network)
    rounded(model)
    graph, weights = tmp_path / "decoder.onnx", tmp_path / "model.safetensors"
    stored(model, weights, half)
    export_decoder(model, graph)
    before = graph.stat().st_size
    part = share_weights(graph, weights)
    assert part is not None
    assert graph.stat().st_size < before / 4
    (tmp_path / LOCATION).write_bytes(weights.read_bytes()[slice(*part)])
    z = model.sample_latents(3, seed=4)
    assert np.abs(run(graph, z) - model.decode(z).numpy()).max() <= TOLERANCE
    assert part[1] - part[0] < weights.stat().st_size - 2 * 2_000 * (2 if half else 4)


def test_a_checkpoint_of_another_model_shares_nothing(tmp_path):
    graph = tmp_path / "decoder.onnx"
    export_decoder(model_of(), graph)
    before = graph.read_bytes()
    save_file({"weight": torch.randn(3_136, 5)}, tmp_path / "model.safetensors")
    assert share_weights(graph, tmp_path / "model.safetensors") is None
    assert graph.read_bytes() == before


def test_weights_that_lie_far_apart_stay_in_the_graph(tmp_path):
    model = model_of()
    graph = tmp_path / "decoder.onnx"
    export_decoder(model, graph)
    before = graph.read_bytes()
    names = [name for name, each in model.assembly.decoder.state_dict().items() if each.numel() >= 1_024]
    weights = {
        f"{place:02d}": model.assembly.decoder.state_dict()[name].contiguous() for place, name in enumerate(names)
    }
    between = {f"{place:02d}-other": torch.randn(400_000) for place in range(len(names) - 1)}
    save_file(weights | between, tmp_path / "model.safetensors")
    assert len(names) > 1 and share_weights(graph, tmp_path / "model.safetensors") is None
    assert graph.read_bytes() == before
