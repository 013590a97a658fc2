"""Where an image of one's own lands: known images land on themselves, noise lands off the manifold."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.errors import GenlabError, InputError
from genlab.exploration.explored import Exploration
from tests.evaluation.conftest import Trained
from tests.exploration.conftest import FEW


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


def place(trained: Trained, run: str, pixels: np.ndarray, label: int | None = None) -> dict[str, Any]:
    lab = trained.lab
    image = lab.latents.fit(run, png(pixels)).content
    lab.jobs.wait_for(lab.latents.start_placement(run, image, label, FEW))
    found = lab.latents.placement(run, image, label, FEW)
    assert found is not None and lab.latents.start_placement(run, image, label, FEW) is None
    return dict(found)


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_a_training_image_is_its_own_neighbour(trained: Trained, explored: dict[str, Exploration], name: str):
    data = trained.lab.data.open("digits")
    found = place(trained, name, np.asarray(data.items("train")[4, 0]))
    assert found["neighbours"][0] == 4 and found["distances"][0] == pytest.approx(0, abs=1e-3)
    assert found["neighbour_classes"][0] == str(data.labels("train")[4])  # type: ignore[index]
    assert len(found["z"]) == 4 and 0 <= found["percentile"] <= 1 and len(found["places"]["pca"]) == 2
    with Image.open(found["picture"]) as sheet:
        assert sheet.size == (8 * (2 + len(found["neighbours"])), 8)


def test_a_held_out_image_lands_where_the_map_has_it(trained: Trained, explored: dict[str, Exploration]):
    data = trained.lab.data.open("digits")
    found = place(trained, "vae", np.asarray(data.items("test")[9, 0]))
    assert np.allclose(found["z"], explored["vae"].codes()[9], atol=1e-4)
    assert np.allclose(found["places"]["pca"], explored["vae"].map("pca")[9], atol=1e-3)
    assert found["residual"] == pytest.approx(explored["vae"].attribute("residual")[9], rel=1e-3)


def test_noise_is_further_off_than_a_digit(trained: Trained, explored: dict[str, Exploration]):
    data = trained.lab.data.open("digits")
    noise = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    digit = place(trained, "vae", np.asarray(data.items("test")[9, 0]))
    assert place(trained, "vae", noise)["relative"] > digit["relative"]


def test_a_conditional_model_finds_the_class_or_is_told(trained: Trained, explored: dict[str, Exploration]):
    data = trained.lab.data.open("digits")
    pixels = np.asarray(data.items("test")[9, 0])
    assert place(trained, "conditional", pixels)["label"] in range(10)
    assert place(trained, "conditional", pixels, label=3)["label"] == 3


def test_refusals_are_sentences(trained: Trained, explored: dict[str, Exploration]):
    lab = trained.lab
    with pytest.raises(InputError, match="Your image cannot be read: it is not a picture"):
        lab.latents.fit("vae", b"text")
    with pytest.raises(GenlabError, match="The picture is not"):
        lab.jobs.wait_for(lab.latents.start_placement("vae", b"text", None, FEW))


@pytest.mark.slow
def test_other_maps_take_it_too(trained: Trained, explored: dict[str, Exploration]):
    data = trained.lab.data.open("digits")
    found = place(trained, "vae", np.asarray(data.items("test")[11, 0]))
    lab = trained.lab
    lab.jobs.wait_for(lab.latents.start_projection("vae", "tsne", FEW, place=found["file"]))
    image = lab.latents.fit("vae", png(np.asarray(data.items("test")[11, 0]))).content
    again = lab.latents.placement("vae", image, None, FEW)
    known = lab.latents.known("vae", FEW)
    assert again is not None and known is not None and "tsne" in known.document["projections"]
    near = np.linalg.norm(known.map("tsne") - np.asarray(again["places"]["tsne"]), axis=1)
    spread = np.linalg.norm(known.map("tsne") - known.map("tsne").mean(axis=0), axis=1).mean()
    assert near[11] < spread
    with pytest.raises(InputError, match="no projection 'mds'"):
        lab.latents.start_projection("vae", "mds", FEW)
