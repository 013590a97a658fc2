"""Items beside sheets of pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.kinds import get
from genlab.store import shown

READ = replace(get("images"), text=lambda item: "text")


def test_items_are_kept_where_they_say_more_than_their_picture(tmp_path: Path) -> None:
    items = np.random.default_rng(0).random((5, 1, 8, 8), np.float32)
    shown.keep(tmp_path / "a.png", items, get("images"))
    assert list(tmp_path.iterdir()) == [] and shown.kept(tmp_path / "a.png") is None
    shown.keep(tmp_path / "a.png", items, READ)
    found = shown.kept(tmp_path / "a.png")
    assert found is not None and np.abs(found - items).max() <= 0.5 / 255 + 1e-6


def test_only_as_many_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shown, "MOST_BYTES", 3 * 64)
    shown.keep(tmp_path / "a.png", np.full((5, 1, 8, 8), np.nan, np.float32), READ)
    found = shown.kept(tmp_path / "a.png")
    assert found is not None and found.shape == (3, 1, 8, 8) and (found == 0).all()


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"a\.npz cannot be read"):
        shown.kept(tmp_path / "a.png")
