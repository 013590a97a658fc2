"""Masks as a person draws them: taken at the pictures' size, refused in one sentence."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.space import Space
from genlab.store.run import Run
from genlab.tasks.inpainting import InpaintingOptions, damage, painted
from genlab.tasks.task_request import kept_task
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


@pytest.mark.parametrize(("place", "lost"), [("centre", [2, 3]), ("start", [0, 1]), ("end", [4, 5])])
def test_a_text_is_filled_begun_or_completed(place: str, lost: list[int]):
    space = Space("texts", (3, 6), symbols=("a", "b", "c"))
    x = torch.nn.functional.one_hot(torch.tensor([[0, 1, 2, 0, 1, 2]]), 3).movedim(-1, 1).float()
    seen = damage(InpaintingOptions(side=1 / 3, place=place)).measure(space, 1, SharedRandom(0, "m"))  # type: ignore[arg-type]
    shown = seen.as_items(seen(x))
    unknown = (shown - 1 / 3).abs().amax(1)[0] < 1e-6
    assert unknown.nonzero().flatten().tolist() == lost
    assert torch.equal(shown[:, :, ~unknown], x[:, :, ~unknown])


def test_what_was_kept_before_there_was_a_choice_of_place_is_found(opened: Trained):
    lab, runs = opened
    settings = {"side": 0.25, "steps": 3, "restarts": 1}
    request, other = (lab.tasks.request("inpainting", {**settings, **more}, items=3) for more in ({}, {"place": "end"}))
    document = lab.tasks.carry_out(runs["vae"], request)
    run = lab.runs.read(runs["vae"])
    ours = kept_task(run, request)
    depends = ours._depends()
    task = {name: value for name, value in depends.request["task"].items() if name != "place"}
    before = ours.of.key(replace(depends, request={**depends.request, "task": task}))
    assert before != ours.key
    ours.folder.rename(ours.folder.parent / before)
    assert (kept_task(run, request).read() or {})["answers"] == document["answers"]
    assert kept_task(run, other).read() is None


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
