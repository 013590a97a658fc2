"""On a disk that cannot be written to, every removal is refused in one sentence and takes nothing away."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.reading import Damaged
from tests.support.images import pets, zipped
from tests.support.matches import make_match
from tests.support.runs import make_run


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(tmp_path)
    make_run(lab.workspace.runs, "20261101-000000-vae-x")
    make_match(tmp_path, with_runs=False, name="m")
    (tmp_path / "pictures.zip").write_bytes(zipped(pets()))
    lab.data.add(tmp_path / "pictures.zip", "pets")
    (lab.workspace.runs / "broken").mkdir()
    (lab.workspace.runs / "broken" / "status.json").write_text("{")
    return lab


REMOVALS: dict[str, Callable[[Lab], None]] = {
    "run": lambda lab: lab.runs.delete("20261101-000000-vae-x"),
    "damaged run": lambda lab: lab.runs.delete("broken"),
    "match": lambda lab: lab.matches.delete(lab.matches.all()[0].id),
    "data set": lambda lab: lab.data.remove("pets"),
}


@pytest.mark.parametrize("what", REMOVALS)
def test_a_removal_that_the_disk_refuses_is_one_sentence(lab: Lab, what: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path, *arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    before = sorted(path for path in lab.workspace.path.rglob("*.json"))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(InputError, match="cannot be written to") as caught:
            REMOVALS[what](lab)
    assert caught.value.kind == "read_only"
    assert sorted(path for path in lab.workspace.path.rglob("*.json")) == before
    REMOVALS[what](lab)
    assert sorted(path for path in lab.workspace.path.rglob("*.json")) != before


def test_what_came_with_genlab_is_not_deleted_damaged_or_not(lab: Lab, tmp_path: Path):
    error = InputError("It is damaged.", kind="damaged")
    with pytest.raises(InputError, match="comes with genlab"):
        lab.holdings.delete_damaged(Damaged("run", "x", tmp_path / "x", error, shipped=True))
