"""Walks: their points, their films, and how real the pictures on the way are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.errors import GenlabError
from genlab.exploration.explored import Exploration
from genlab.exploration.walk import find_points
from tests.evaluation.conftest import Trained
from tests.exploration.conftest import FEW


def walk(trained: Trained, run: str, **settings: Any) -> dict[str, Any]:
    lab = trained.lab
    request = lab.latents.walk_request(**settings)
    lab.jobs.wait_for(lab.latents.start_walk(run, request, FEW))
    found = lab.latents.walk(run, request, FEW)
    assert found is not None and lab.latents.start_walk(run, request, FEW) is None
    return dict(found)


def test_two_ways_with_films_and_realism(trained: Trained, explored: dict[str, Exploration]):
    found = walk(trained, "vae", points=({"item": 0}, {"item": 5}, {"sample": 3}), steps=6)
    for kind in ("linear", "spherical"):
        assert len(found[kind]["realism"]) == 13 and len(found[kind]["midpoints"]) == 2
        assert min(found[kind]["realism"]) >= 0
        assert found[kind]["midpoints"][0] == found[kind]["realism"][3]
    codes = explored["vae"].codes()
    assert found["linear"]["lengths"][0] == pytest.approx(np.linalg.norm(codes[0]), abs=1e-3)
    with Image.open(found["files"]["gif"]) as film:
        assert film.n_frames > 1  # type: ignore[attr-defined]
    assert Path(found["files"]["mp4"]).read_bytes()[4:8] == b"ftyp"
    with Image.open(io.BytesIO(Path(found["files"]["png"]).read_bytes())) as strip:
        assert strip.width > strip.height


def test_a_loop_comes_back(trained: Trained, explored: dict[str, Exploration]):
    found = walk(trained, "gan", points=({"item": 1}, {"z": [0.5] * 4}), steps=5, loop=True)
    assert len(found["linear"]["realism"]) == 10 and len(found["linear"]["midpoints"]) == 2


def test_a_conditional_model_keeps_the_class_of_the_first_point(trained: Trained, explored: dict[str, Exploration]):
    first = int(explored["conditional"].attribute("class")[2])
    assert walk(trained, "conditional", points=({"item": 2}, {"sample": 1}), steps=3)["label"] == first
    assert walk(trained, "conditional", points=({"item": 2}, {"sample": 1}), steps=3, label=7)["label"] == 7


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (({"item": 0},), "between 2 and 4"),
        (({"item": 0},) * 5, "between 2 and 4"),
        (({"item": 0}, {"item": 180}), "no item 180"),
        (({"item": 0}, {"item": -1}), "no item -1"),
        (({"item": 0}, {"z": [1.0]}), "no point of this latent space"),
        (({"item": 0}, {"z": [1.0, 2.0, 3.0, float("nan")]}), "no point of this latent space"),
        (({"item": 0}, {"z": [1, 2, 3, "x"]}), "no point of this latent space"),
        (({"item": 0}, {"sample": -3}), "no point of this latent space"),
        (({"item": 0}, {"colour": 3}), "no point of this latent space"),
    ],
)
def test_what_is_no_point_is_refused(
    trained: Trained, explored: dict[str, Exploration], points: tuple[dict[str, Any], ...], words: str
):
    with pytest.raises(GenlabError, match=words):
        find_points(trained.lab.models.load("vae"), explored["vae"], trained.lab.latents.walk_request(points=points))


def test_an_unconditional_model_cannot_be_told_a_class(trained: Trained, explored: dict[str, Exploration]):
    with pytest.raises(GenlabError, match="not conditional"):
        walk(trained, "vae", points=({"item": 0}, {"item": 5}), steps=3, label=1)
