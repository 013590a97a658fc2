"""Samples while training: which pictures the browser is told to fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.ui.components import film as module
from genlab.ui.components.film import Reel, film


@pytest.mark.parametrize(("read", "tiles"), [(False, 16), (True, 6)])
def test_texts_are_so_few_that_they_can_be_read(
    read: bool, tiles: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(
        module.assets, "component", lambda *words, **more: lambda key, data: told.append({"key": key, **data})
    )
    pictures = [(images, tmp_path / f"{images}.png") for images in (64, 128, 192)]
    for _, path in pictures[:2]:
        path.write_bytes(b"")
    film("reel", [Reel("run", "A run", pictures, read)])
    frames = told[0]["films"][0]["frames"]
    assert [frame["images"] for frame in frames] == [64, 128], "one that is gone is left out"
    assert all(f"?tiles={tiles}&v=" in frame["src"] for frame in frames)
