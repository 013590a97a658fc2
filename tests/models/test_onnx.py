"""Every decoder as ONNX gives torch's pictures, for any number of latents; a file that does not is not kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch

from genlab import kinds
from genlab.config import RunConfig, change
from genlab.errors import InputError
from genlab.models import onnx
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.models.onnx import TOLERANCE, export_decoder
from genlab.registry import registry
from genlab.space import Space

FAMILIES = ("vae", "gan", "vae_gan", "soft_intro_vae")
SHAPES = {"grey": (1, 28, 28), "odd": (3, 9, 13)}


def model_of(objective: str = "gan", network: str = "conv", space: Space | None = None, **more: object):
    config = change(RunConfig(model=objective), {"network": network, "latent_dim": 5, **more})
    built = build_objective(config, space or Space("images", SHAPES["grey"]))
    model = GenerativeModel(built.assemble(built.players), built.space, 5)
    # Fresh decoders draw grey: without larger weights any two pictures would be alike.
    with torch.no_grad():
        for weight in model.assembly.decoder.parameters():
            weight.add_(0.1 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(weight.numel())))
    return model


def run(path, z, y=None):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feed = {"z": z.numpy()} if y is None else {"z": z.numpy(), "y": y.numpy()}
    return session.run(["image"], feed)[0]


@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("network", [spec.name for spec in registry("networks") if kinds.fits(spec, "images")])
def test_every_network_draws_the_same_pictures(network, shape, classes, tmp_path):
    model = model_of(network=network, space=Space("images", SHAPES[shape], classes))
    error = export_decoder(model, tmp_path / "decoder.onnx")
    assert 0 <= error <= TOLERANCE
    for n in (1, 7):
        z, y = model.sample_latents(n, seed=9), model.labels(n)
        found, wanted = run(tmp_path / "decoder.onnx", z, y), model.decode(z, y).numpy()
        assert found.shape == wanted.shape == (n, *SHAPES[shape])
        assert np.abs(found - wanted).max() <= TOLERANCE
    assert wanted.std() > 0.02
    assert [path.name for path in tmp_path.iterdir()] == ["decoder.onnx"]


@pytest.mark.parametrize("objective", FAMILIES)
def test_every_family_is_exported_with_its_likelihood(objective, tmp_path):
    model = model_of(objective)
    assert export_decoder(model, tmp_path / "d.onnx") <= TOLERANCE
    z = model.sample_latents(3, seed=2)
    assert np.abs(run(tmp_path / "d.onnx", z) - model.decode(z).numpy()).max() <= TOLERANCE


def test_a_learned_prior_is_exported_with_the_decoder(tmp_path):
    model = model_of("vae", **{"prior": "flow"})
    assert export_decoder(model, tmp_path / "d.onnx") <= TOLERANCE
    z = model.sample_latents(3, seed=2)
    found = run(tmp_path / "d.onnx", z)
    assert np.abs(found - model.decode(z).numpy()).max() <= TOLERANCE
    bare = model.assembly.likelihood.mean(model.assembly.decoder.decoder(z)).detach().numpy()
    assert np.abs(found - bare).max() > 0.01, "the flow comes first"


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("told", ["everywhere", "start"])
def test_a_decoder_that_reads_what_it_writes_is_exported_with_its_reading(told, classes, tmp_path):
    space = Space("texts", (9, 7), classes)
    model = model_of("vae", "autoregressive", space, told=told, decoding="sampled", likelihood="categorical")
    with torch.no_grad():
        model.assembly.decoder.body.last.weight.normal_(generator=torch.Generator().manual_seed(1))
    assert export_decoder(model, tmp_path / "d.onnx") <= TOLERANCE
    for n in (1, 7):
        z, y = model.sample_latents(n, seed=2), model.labels(n)
        found = run(tmp_path / "d.onnx", z, y)
        assert np.abs(found - model.decode(z, y).numpy()).max() <= TOLERANCE
    assert len(np.unique(found.argmax(axis=1), axis=0)) > 1


def test_points_are_exported_in_their_own_coordinates(tmp_path):
    model = model_of("gan", "mlp", Space("points", (2,), scale=3.0))
    assert export_decoder(model, tmp_path / "d.onnx") < 1e-3
    z = model.sample_latents(3)
    assert np.allclose(run(tmp_path / "d.onnx", z), model.decode(z).numpy(), atol=1e-3)


def test_a_file_that_draws_something_else_is_refused_and_the_old_one_stays(tmp_path, monkeypatch):
    path = tmp_path / "decoder.onnx"
    path.write_bytes(b"the old one")
    model = model_of()
    right = model.decode
    monkeypatch.setattr(model, "decode", lambda z, y=None: right(z, y) + 0.01)
    with pytest.raises(InputError, match=r"differs from the model by 0\.01"):
        export_decoder(model, path)
    monkeypatch.setattr(model, "decode", lambda z, y=None: right(z, y) * float("nan"))
    with pytest.raises(InputError, match="differs"):
        export_decoder(model, path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_decoder_that_onnx_cannot_hold_is_one_sentence(tmp_path):
    model = model_of()

    class Strange(torch.nn.Module):
        def forward(self, z, y=None):
            return torch.linalg.eigvals(z.T @ z).real.expand(len(z), 5)

    model.assembly.decoder.body = Strange()
    with pytest.raises(InputError, match="cannot be written as ONNX"):
        export_decoder(model, tmp_path / "d.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_tolerance_is_one_step_of_a_picture():
    assert pytest.approx(1 / 255) == onnx.TOLERANCE


def test_where_a_browser_draws_the_graph_ends_in_the_picture_of_the_kind(tmp_path, monkeypatch):
    drawn = replace(kinds.get("points"), picture=lambda points: points[:, None, :, None].sigmoid())
    monkeypatch.setattr(Space, "spec", property(lambda self: drawn))
    model = model_of("gan", "mlp", Space("points", (2,), scale=3.0))
    assert export_decoder(model, tmp_path / "d.onnx", drawn=True) <= TOLERANCE
    z = model.sample_latents(3)
    found = run(tmp_path / "d.onnx", z)
    assert found.shape == (3, 1, 2, 1) and np.abs(found - drawn.picture(model.decode(z)).numpy()).max() <= TOLERANCE
    monkeypatch.setattr(Space, "spec", property(lambda self: replace(drawn, picture=None)))
    with pytest.raises(InputError, match="cannot draw points"):
        export_decoder(model, tmp_path / "e.onnx", drawn=True)


def test_a_decoder_that_counts_on_a_number_of_latents_is_refused(tmp_path, monkeypatch):
    """Such a graph fails in the runtime, which must not end the run that exports it."""
    monkeypatch.setattr(onnx, "_Picture", Counting)
    with pytest.raises(InputError, match="differs from the model by inf"):
        export_decoder(model_of(), tmp_path / "d.onnx")
    assert list(tmp_path.iterdir()) == []


class Counting(onnx._Picture):
    """As many pictures as there were when it was traced."""

    def forward(self, z, y=None):
        return super().forward(z, y).reshape(2, *SHAPES["grey"])
