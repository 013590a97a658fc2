"""Masks as a person draws them: taken at the pictures' size, refused in one sentence."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.space import Space
from genlab.store.run import Run
from genlab.tasks.inpainting import InpaintingOptions, damage, painted
from genlab.training.seeding import SharedRandom
from tests.tasks.problems import blobs

Trained = tuple[Lab, dict[str, Run]]


def png(pixels: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def corner(side: int = 8) -> NDArray[np.uint8]:
    pixels = np.zeros((side, side), np.uint8)
    pixels[:3, :2] = 255
    return pixels


def test_what_is_painted_white_is_lost_in_every_picture():
    x = blobs(4, side=8)
    seen = damage(InpaintingOptions(mask=png(corner()))).measure(Space("images", (1, 8, 8)), 4, SharedRandom(0, "m"))
    shown = seen.as_items(seen(x))
    assert (shown[:, :, :3, :2] == 0.5).all()
    kept = corner() == 0
    np.testing.assert_array_equal(shown.numpy()[:, 0, kept], x.numpy()[:, 0, kept])


def test_where_there_is_transparency_what_is_opaque_is_lost():
    layers = np.zeros((8, 8, 4), np.uint8)
    layers[..., 3] = corner()
    np.testing.assert_array_equal(painted(png(layers)), corner() > 0)


def test_a_drawn_mask_is_used_for_models_and_methods_alike(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("inpainting", {"mask": png(corner()), "steps": 3, "restarts": 1}, items=3)
    document = lab.tasks.carry_out(runs["gan"], request)
    known = lab.tasks.baselines(runs["gan"], request)
    assert known is not None
    exact = [a for a in (*known["answers"], *document["answers"]) if a["name"] in {"biharmonic", "consistent"}]
    assert len(exact) == 2
    for answer in exact:
        assert answer["scores"]["consistency"]["value"] < 1e-6


@pytest.mark.parametrize(
    ("mask", "sentence"),
    [
        ("no base64!", "no mask"),
        (base64.b64encode(b"no picture").decode(), "no mask"),
        (png(np.zeros((8, 8), np.uint8)), "Nothing is painted over"),
        (png(np.full((8, 8), 255, np.uint8)), "Everything is painted over"),
        (png(np.zeros((2, 1_025), np.uint8)), "too large"),
    ],
)
def test_what_is_no_mask_is_refused_before_any_work(opened: Trained, mask: str, sentence: str):
    lab, _ = opened
    with pytest.raises(InputError, match=sentence):
        lab.tasks.request("inpainting", {"mask": mask})


def test_a_mask_of_another_size_is_refused(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("inpainting", {"mask": png(corner(9))}, items=2)
    with pytest.raises(InputError, match="9 × 9 px does not fit pictures of 8 × 8 px"):
        lab.tasks.carry_out(runs["vae"], request)
