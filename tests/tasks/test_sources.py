"""Which of two sources a mix follows, on items that are made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.tasks import _sources
from genlab.tasks._sources import Sources, partners, scores


def inputs(items: Any) -> Any:
    """What a task is done with, as far as these shares need it: no feature extractor."""
    return SimpleNamespace(extractor="", training=lambda most: (items, None), kept=lambda name, make: make(), other=())


@pytest.fixture
def textured() -> Any:
    """Blobs [6, 1, 16, 16] of which each has a texture of its own strength."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:16, :16]
    found = [
        0.5 + 0.2 * np.exp(-((y - a) ** 2 + (x - b) ** 2) / 20) + strength * rng.uniform(-1, 1, (16, 16))
        for a, b, strength in zip((4, 12, 4, 12, 8, 8), (4, 4, 12, 12, 4, 12), (0.01, 0.2) * 3, strict=True)
    ]
    return np.stack(found)[:, None].astype(np.float32)


def test_everybody_is_mixed_with_the_next_of_another_class() -> None:
    assert partners(None, 3).tolist() == [1, 2, 0]
    assert partners(np.array([5, 5, 7, 5]), 4).tolist() == [2, 2, 3, 2]
    assert partners(np.array([1, 1]), 2).tolist() == [1, 0], "where there is no other class"
    with pytest.raises(InputError, match="One item alone"):
        partners(None, 1)


def test_shares_go_from_the_style_to_the_content_source(textured: Any) -> None:
    content, style = textured[[0, 2]], textured[[1, 3]]
    pairs = Sources(inputs(textured), content, style)
    for found, expected in ((content, 1.0), (style, 0.0)):
        assert all(values == pytest.approx(expected) for values in pairs.follows(found).values())
    same = Sources(inputs(textured), content, content).follows(content)
    assert same["structure"].tolist() == [0.5, 0.5], "of the same item nothing can be told"


def test_texture_is_no_structure_and_brightness_neither(textured: Any) -> None:
    pairs = Sources(inputs(textured), textured[[0]], textured[[3]])
    brighter = pairs.follows(textured[[0]] * 0.5 + 0.3)
    assert brighter["structure"] == pytest.approx(1, abs=0.02) and brighter["statistics"] < 0.8
    grain = np.random.default_rng(1).uniform(-0.2, 0.2, (1, 1, 16, 16)).astype(np.float32)
    grained = pairs.follows(textured[[0]] + grain)
    assert grained["structure"] > 0.6 and grained["statistics"] < 0.4


def test_detail_is_measured_in_each_octave() -> None:
    checks = np.indices((16, 16)).sum(axis=0) % 2
    fine, coarse = (np.float32(each)[None, None] for each in (checks, np.kron(checks[:8, :8], np.ones((2, 2)))))
    of_fine, of_coarse = (_sources._statistics(each)[0] for each in (fine, coarse))
    assert len(of_fine) == 4 and of_fine[:2] == pytest.approx(of_coarse[:2]), "alike in mean and contrast"
    assert of_fine[2] > of_coarse[2] + 3 and of_fine[3] < of_coarse[3] - 3
    odd = _sources._statistics(np.random.default_rng(0).random((2, 3, 17, 9)).astype(np.float32))
    assert odd.shape == (2, 9) and np.isfinite(odd).all()


def test_both_are_asked_of_a_mix_and_that_it_looks_real() -> None:
    follows = {
        "structure": np.array([1.0, 1.0, 0.8, 0.8, 0.0]),
        "statistics": np.array([0.0, 1.0, 0.2, 0.2, 1.0]),
        "real": np.array([True, True, True, False, True]),
        "taken": np.array([True] * 5),
    }
    found = scores(follows)
    assert found["mixed"] == pytest.approx([1, 0, 0.8, 0, 0]) and found["statistics"][0] == 1
    assert "taken" not in found and "mixed" not in scores({name: follows[name] for name in ("structure", "statistics")})
