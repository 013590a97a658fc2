"""Few or colourful images get what suits them, with a reason; what is asked for goes first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab import kinds
from genlab.config import RunConfig, load_config, merge
from genlab.jobs.work import work
from genlab.lab import Lab
from genlab.presets._suited import FEW, FEW_IN_COLOUR, SMALLEST, as_document, suited
from genlab.presets.base import preset_document
from genlab.presets.faces import proposed
from genlab.registry import registry


@pytest.mark.parametrize(
    ("shape", "train", "wanted"),
    [
        ((1, 28, 28), FEW - 1, True),
        ((1, 28, 28), FEW, False),
        ((3, 64, 64), FEW_IN_COLOUR - 1, True),
        ((3, 64, 64), FEW_IN_COLOUR, False),
        ((1, SMALLEST - 1, SMALLEST - 1), 100, False),
        ((1, SMALLEST, SMALLEST), 100, True),
    ],
)
def test_size_and_shape_decide(shape: tuple[int, ...], train: int, wanted: bool):
    assert [one.setting for one in suited("quick", "gan", "images", shape, train)] == ["model.augment"] * wanted


def test_nothing_for_points_for_models_without_a_critic_or_for_presets_that_are_what_they_are():
    assert not suited("quick", "gan", "points", (2,), 100)
    assert not suited("quick", "vae", "images", (3, 64, 64), 100)
    assert not suited("collapsing-gan", "gan", "images", (3, 64, 64), 100)
    assert suited("balanced", "vae_gan", "images", (3, 64, 64), 100)


def test_the_document_is_nested():
    assert as_document(suited("quick", "gan", "images", (3, 64, 64), 100)) == {"model": {"augment": "diffaugment"}}


@pytest.mark.parametrize(
    ("shape", "train", "wanted"),
    [
        ((1, 64, 64), 334, True),
        ((3, 64, 48), 2_999, True),
        ((1, 64, 64), 3_000, False),
        ((1, 28, 28), 334, False),
        ((1, 48, 100), 334, False),
        ((2,), 100, False),
    ],
)
def test_number_and_shape_alone_speak_for_the_preset_of_faces(shape: tuple[int, ...], train: int, wanted: bool):
    assert bool(proposed(shape, train)) == wanted


def test_the_preset_of_faces_is_not_for_what_only_looks_like_a_picture():
    alike = [kind.name for kind in kinds.REGISTRY if kind.like == "images"]
    faces, quick = (registry("presets").get(name) for name in ("faces", "quick"))
    assert alike and all(quick.models(kind) and not faces.models(kind) for kind in alike)
    assert faces.suits("gan", "images") and not any(faces.suits("gan", kind) for kind in alike)


FIVE_MINUTES = 9e12
"""Multiply-adds of five minutes on one core: a GAN of the preset did 2.2e8 of an image at 135 images a second."""


@pytest.mark.parametrize("model", ["vae", "gan", "vae_gan"])
def test_the_preset_of_faces_takes_no_longer_than_somebody_watches(model: str):
    config = load_config(merge(RunConfig().model_dump(mode="json"), preset_document("faces", model, "images")))
    assert config.training.images * work(config, (1, 64, 64)) < FIVE_MINUTES


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("suited"))
    source = tmp_path_factory.mktemp("pictures") / "few.npz"
    np.savez(source, x=np.random.default_rng(0).integers(0, 255, (60, 32, 32, 3), dtype=np.uint8))
    lab.data.add(source, "few")
    return lab


def test_a_draft_has_it_and_says_why(lab: Lab):
    config = lab.configs.make("gan", "few", "quick", {"batch_size": 16})
    assert config.model.options.augment == "diffaugment"  # type: ignore[attr-defined]
    (one,) = lab.configs.suited(config)
    assert one.value == "diffaugment" and "50 colour images" in one.why


def test_what_is_asked_for_goes_first(lab: Lab):
    config = lab.configs.make("gan", "few", "quick", {"batch_size": 16, "augment": "none"})
    assert config.model.options.augment == "none"  # type: ignore[attr-defined]


def test_a_limit_makes_few_of_many(tmp_path: Path):
    lab = Lab(tmp_path)
    assert lab.configs.draft("gan", "mnist-5k").model.options.augment == "none"  # type: ignore[attr-defined]
    limited = lab.configs.draft("gan", "mnist-5k", settings={"data.limit": 1_000})
    assert limited.model.options.augment == "diffaugment"  # type: ignore[attr-defined]
