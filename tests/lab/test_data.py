"""The lab's verbs for data sets: described, opened, added and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from tests.support.images import pets, zipped


def test_describing_decodes_nothing_and_opening_does(tmp_path: Path):
    lab = Lab(tmp_path / "workspace")
    assert lab.data.describe("digits").fingerprint is None and not lab.workspace.path.exists()
    data = lab.data.open("digits")
    assert lab.data.describe("digits").fingerprint == data.fingerprint


def test_a_data_set_is_added_listed_and_removed(tmp_path: Path):
    lab = Lab(tmp_path / "workspace")
    (tmp_path / "pictures.zip").write_bytes(zipped(pets()))
    info = lab.data.add(tmp_path / "pictures.zip", "pets")
    assert "pets" in {each.name for each in lab.data.all()} and lab.data.describe("pets") == info
    lab.data.remove("pets")
    assert "pets" not in {each.name for each in lab.data.all()}
    with pytest.raises(InputError, match="pets"):
        lab.data.describe("pets")
