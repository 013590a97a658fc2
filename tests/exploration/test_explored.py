"""What is read back: refusals in a sentence, and the direction between two groups."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.exploration.explored import Exploration
from tests.support.exploration import synthetic


@pytest.fixture
def found(tmp_path: Path) -> Exploration:
    synthetic(tmp_path / "made", 200, 6)
    read = Exploration.read(tmp_path / "made")
    assert read is not None
    return read


def test_a_direction_leads_from_the_others_to_the_group(found: Exploration):
    group, others = np.arange(20), np.arange(100, 150)
    vector, scale = found.between(group, others)
    codes = found.codes()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    apart = (codes[group] @ vector).mean() - (codes[others] @ vector).mean()
    assert apart == pytest.approx(np.linalg.norm(codes[group].mean(0) - codes[others].mean(0)), rel=1e-4)
    assert scale == pytest.approx((codes @ vector).std(), rel=1e-5)


def test_what_is_not_there_is_a_sentence(found: Exploration):
    with pytest.raises(InputError, match="no tsne map"):
        found.map("tsne")
    with pytest.raises(InputError, match="no attribute 'kl2'"):
        found.attribute("kl2")
    with pytest.raises(InputError, match="empty"):
        found.between(np.arange(0), np.arange(3))
    with pytest.raises(InputError, match="same mean"):
        found.between(np.arange(3), np.arange(3))
    with pytest.raises(InputError, match="no item 200"):
        found.pictures([200])


def test_a_damaged_file_is_a_sentence_with_a_next_step(found: Exploration):
    (found.folder / "codes.f32").write_bytes(b"short")
    with pytest.raises(InputError, match="damaged") as caught:
        found.codes()
    assert "explore again" in caught.value.hint
    shutil.rmtree(found.folder)
    with pytest.raises(InputError, match="missing or damaged"):
        found.pictures([0])
    assert Exploration.read(found.folder) is None
