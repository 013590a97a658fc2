"""Items beside sheets of pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.kinds import get
from genlab.store import shown
from genlab.store.workspace import Workspace

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


@pytest.mark.parametrize(
    ("below", "place"),
    [
        ("runs/mine/samples/000.png", "mine/sheet/samples/000"),
        ("runs/other/tasks/a/b.npz", "other/sheet/tasks/a/b"),
        ("encoders/tasks/digits-1/mean.png", "mine/baselines/tasks/digits-1/mean"),
    ],
)
def test_what_is_asked_for_by_its_place_is_the_file_beside_the_sheet(tmp_path: Path, below: str, place: str) -> None:
    workspace = Workspace(tmp_path)
    assert shown.place_of(tmp_path / below, workspace.runs / "mine", workspace) == place
    run, where, sheet = place.split("/", 2)
    assert shown.file_of(where, sheet, workspace.runs / run, workspace) == (tmp_path / below).with_suffix(".npz")


def test_sheets_of_runs_that_come_with_genlab_have_a_place_and_others_have_none(tmp_path: Path) -> None:
    workspace, zoo = Workspace(tmp_path / "workspace"), tmp_path / "zoo" / "runs"
    assert shown.place_of(zoo / "vae" / "p.png", zoo / "vae", workspace) == "vae/sheet/p"
    with pytest.raises(ValueError, match="subpath"):
        shown.place_of(tmp_path / "elsewhere.png", zoo / "vae", workspace)
