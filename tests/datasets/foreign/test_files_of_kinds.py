"""Files of kinds that read them themselves: which kind, what can be chosen, and a look before they are added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genlab import kinds
from genlab.datasets.foreign.importer import add, preview_files, readers
from genlab.errors import InputError
from genlab.options import Options, setting


class Choices(Options):
    """What can be chosen."""

    factor: float = setting(1.0, "what values are multiplied by", ge=0, le=1)


def gather(files, choices: Choices):
    from genlab.kinds.base import OwnItem, OwnItems

    def load(file) -> np.ndarray:
        return np.full((8, 8, 1), choices.factor * float(file.read()), np.float32)

    return OwnItems([OwnItem(file.name, lambda file=file: load(file)) for file in files])


PLAIN = replace(
    kinds.get("images"),
    name="plain",
    many="numbers",
    one="number",
    pixels=False,
    suffixes=(".number",),
    conform=lambda items, fitting: (np.moveaxis(items, -1, 1) * 255).astype(np.uint8),
    ImportOptions=Choices,
    gather=gather,
)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry, made = kinds.REGISTRY, type(kinds.REGISTRY)
    known = {spec.name: spec for spec in registry} | {"plain": PLAIN}
    there, get, each = made.__contains__, made.get, made.__iter__
    monkeypatch.setattr(made, "__contains__", lambda of, name: name in known if of is registry else there(of, name))
    monkeypatch.setattr(made, "get", lambda of, name: known[name] if of is registry else get(of, name))
    monkeypatch.setattr(made, "__iter__", lambda of: iter(known.values()) if of is registry else each(of))
    yield


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / "own" / name).mkdir(parents=True)
        for number in range(10):
            (tmp_path / "own" / name / f"{number}.number").write_text("0.5")
    return tmp_path / "own"


def test_what_can_be_chosen_reaches_the_items(files: Path, tmp_path: Path) -> None:
    assert [kind.name for kind in readers(files)] == ["plain"]
    seen = preview_files(files, PLAIN, {"factor": 0.5})
    assert seen.count == 20 and seen.classes == {"a": 10, "b": 10} and seen.labels[0] == "a"
    assert np.allclose(seen.items, 63 / 255)
    info = add(files, "own", tmp_path / "data", kind="plain", options={"factor": 0.5})
    assert (info.kind, info.count) == ("plain", 20)


def test_a_data_set_has_at_least_sixteen_items(files: Path, tmp_path: Path) -> None:
    for path in sorted(files.rglob("*.number"))[:4]:
        path.unlink()
    assert add(files, "own", tmp_path / "data").count == 16
    next(files.rglob("*.number")).unlink()
    with pytest.raises(InputError, match=r"holds 15 .* a data set needs at least 16") as caught:
        add(files, "fewer", tmp_path / "data")
    assert caught.value.kind == "too_few"


def test_what_cannot_be_chosen_is_refused(files: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="factor"):
        add(files, "own", tmp_path / "data", options={"factor": 2})
    with pytest.raises(InputError, match="speed"):
        preview_files(files, PLAIN, {"speed": 2})
    with pytest.raises(InputError, match="nothing to choose of images"):
        add(files, "own", tmp_path / "data", kind="images", options={"factor": 0.5})
    with pytest.raises(InputError, match="Points are not read from files"):
        add(files, "own", tmp_path / "data", kind="points")


def test_files_that_cannot_be_read_are_told_before_they_are_added(files: Path) -> None:
    (files / "a" / "0.number").write_text("loud")
    seen = preview_files(files, PLAIN, {})
    assert seen.problems and seen.problems[0][0].endswith("a/0.number")
    for path in files.rglob("*.number"):
        path.write_text("loud")
    with pytest.raises(InputError, match="cannot be read"):
        preview_files(files, PLAIN, {})
    assert readers(files.parent / "none.npz") == []
