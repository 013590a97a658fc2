"""Pictures of latents that a page asks for: what is read, what is refused, and which models are kept."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from genlab import kinds
from genlab.errors import InputError
from genlab.exploration.decoding import MOST_LATENTS, KeptModels, pixels
from genlab.store.run import Checkpoint


class Grey:
    """A model of two latents: every pixel is the first, in classes plus a tenth of the class."""

    latent_dim = 2

    def __init__(self, classes: int = 0, kind: str = "images") -> None:
        self.space = SimpleNamespace(classes=classes, spec=kinds.get(kind))

    def decode(self, z: torch.Tensor, y: torch.Tensor | None) -> torch.Tensor:
        level = z[:, 0] + (0 if y is None else y / 10)
        return level.reshape(-1, 1, 1, 1).expand(-1, 1, 2, 2)


def written(*latents: tuple[float, ...]) -> str:
    return base64.urlsafe_b64encode(np.asarray(latents, "<f4").tobytes()).decode().rstrip("=")


def drawn(model: Any, z: str, y: str = "") -> np.ndarray:
    content, shape = pixels(model, z, y)
    return np.frombuffer(content, np.uint8).reshape(shape)


def test_latents_become_pictures():
    found = drawn(Grey(), written((0.0, 9.0), (0.2, 9.0), (1.0, 9.0)))
    assert found.shape == (3, 1, 2, 2)
    assert found[:, 0, 0, 0].tolist() == [0, 51, 255]


def test_classes_are_one_for_all_or_one_for_each_and_the_first_where_none_is_given():
    z = written((0.0, 0.0), (0.0, 0.0))
    assert drawn(Grey(3), z, "0,2")[:, 0, 0, 0].tolist() == [0, 51]
    assert drawn(Grey(3), z, "2")[:, 0, 0, 0].tolist() == [51, 51]
    assert drawn(Grey(3), z)[:, 0, 0, 0].tolist() == [0, 0]


@pytest.mark.parametrize("y", ["3", "-1", "x", "0,1,2", "1.5"])
def test_a_class_that_is_not_there_is_refused(y: str):
    with pytest.raises(InputError, match="does not name classes"):
        pixels(Grey(3), written((0.0, 0.0), (0.0, 0.0)), y)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("z", "words"),
    [
        ("", "2 values each"),
        (written((1.0, 2.0, 3.0)), "2 values each"),
        (written(*[(0.0, 0.0)] * (MOST_LATENTS + 1)), "at most 64"),
        ("!!!!", "cannot be read"),
        (written((float("inf"), 0.0)), "not a number"),
    ],
)
def test_latents_that_cannot_be_read_are_refused(z: str, words: str):
    with pytest.raises(InputError, match=words):
        pixels(Grey(), z, "")  # type: ignore[arg-type]


def checkpoint(folder: Path, images: int) -> Checkpoint:
    path = folder / f"{images:012d}"
    path.mkdir()
    (path / "model.safetensors").write_bytes(b"weights")
    return Checkpoint(path, images)


def test_the_models_asked_for_last_are_kept(tmp_path: Path):
    first, second = checkpoint(tmp_path, 1), checkpoint(tmp_path, 2)
    kept, made = KeptModels(1), [Grey() for _ in range(4)]
    loads = iter(made)

    def load() -> Any:
        return next(loads)

    assert kept.get(first, load) is kept.get(first, load) is made[0]
    assert kept.get(second, load) is made[1]
    assert list(kept) == [made[1]]
    assert kept.get(first, load) is made[2]
    os.utime(first.path / "model.safetensors", ns=(1, 2**61))
    assert kept.get(first, load) is made[3], "the checkpoint was written again"


def test_a_model_of_something_else_than_pictures_is_refused(tmp_path: Path):
    kept = KeptModels(1)
    with pytest.raises(InputError, match="Points have no pictures of their own"):
        kept.get(checkpoint(tmp_path, 1), lambda: Grey(kind="points"))  # type: ignore[arg-type, return-value]
    assert list(kept) == []
