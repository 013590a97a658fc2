"""The inverter: learns what can be learned, always the same, and is kept without pickle."""

from __future__ import annotations

import pytest
import torch

from genlab.errors import InputError
from genlab.latent.invert import invert
from genlab.latent.inverter import Inverter, train_inverter
from genlab.models.generative import GenerativeModel
from genlab.space import Space
from tests.latent.toys import Cancelled, cancel_at, fresh, linear


def drawn() -> GenerativeModel:
    """Pictures of 8 x 8 that are a linear function of three latents."""
    weight = 0.15 * torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
    return linear(weight, torch.full((64,), 0.5), shape=(1, 8, 8))


def test_it_learns_to_encode():
    model = drawn()
    inverter = train_inverter(model, 3_000)
    assert inverter.facts["images"] == 3_008
    assert inverter.facts["latent_error"] < 0.1 and inverter.facts["image_error"] < 0.1
    z = model.sample_latents(600, seed=9)
    assert inverter(model.decode(z)).shape == (600, 3)
    assert float((inverter(model.decode(z)) - z).square().mean()) < 0.15
    assert inverter.facts["latent_error"] < train_inverter(model, 64).facts["latent_error"]


def test_inversion_starts_from_it():
    model = drawn()
    x = model.decode(model.sample_latents(8, seed=4))
    with_it, without = invert(model, x, train_inverter(model, 1_500), steps=0), invert(model, x, steps=0)
    assert with_it.residual.mean() < without.residual.mean() / 4


def test_the_same_seed_gives_the_same_on_any_number_of_cores(monkeypatch):
    model, before = drawn(), torch.get_num_threads()
    found = []
    for threads, seed in ((1, 0), (2, 0), (1, 1)):
        torch.set_num_threads(threads)
        monkeypatch.setenv("GENLAB_SLOTS", str(threads))
        found.append(train_inverter(model, 300, seed).encoder.state_dict())
    torch.set_num_threads(before)
    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])
    assert any(not torch.equal(found[0][name], found[2][name]) for name in found[0])


@pytest.mark.parametrize("space", [Space("points", (2,), scale=3.0), Space("images", (3, 9, 7), classes=2)])
def test_it_is_there_for_points_colours_and_classes(space):
    model = fresh(space=space)
    inverter = train_inverter(model, 128)
    y = model.labels(5)
    assert inverter(model.sample(5), y).shape == (5, 3)
    assert invert(model, model.sample(5), inverter, steps=2, y=y).residual.isfinite().all()


def test_it_is_the_same_when_read_again(tmp_path):
    model = drawn()
    inverter = train_inverter(model, 300)
    inverter.save(tmp_path / "inverter.safetensors")
    again = Inverter.load(tmp_path / "inverter.safetensors", model)
    x = model.sample(4)
    assert torch.equal(inverter(x), again(x)) and again.facts == inverter.facts
    assert not again.encoder.training


def test_a_damaged_or_foreign_file_is_refused(tmp_path):
    path = tmp_path / "inverter.safetensors"
    train_inverter(drawn(), 64).save(path)
    with pytest.raises(InputError, match="is not this model's"):
        Inverter.load(path, fresh(latent_dim=5))
    for content in (path.read_bytes()[:500], b"", b"no safetensors at all, but long enough"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="cannot be read"):
            Inverter.load(path, drawn())
    with pytest.raises(InputError, match="cannot be read"):
        Inverter.load(tmp_path / "missing", drawn())


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        train_inverter(drawn(), 10_000_000, progress=cancel_at(1e-6))
