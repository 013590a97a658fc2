"""Kinds whose numbers stand for symbols, and kinds that make items of files in their own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genlab import kinds
from genlab.datasets.base import DatasetInfo
from genlab.datasets.foreign.importer import add
from genlab.datasets.store import open_store
from genlab.errors import InputError
from genlab.kinds.base import KindSpec, OwnItem, OwnItems
from genlab.options import Options
from genlab.space import Space
from genlab.store.run_files import SpaceRecord


class Wishes(Options):
    """What can be chosen of runes."""

    longest: int = 4


def spell(symbols: tuple[str, ...]) -> dict[str, object]:
    def text(public: np.ndarray) -> str:
        return "".join(symbols[place] for place in public.argmax(axis=0))

    return {"text": text}


def gather(files, wishes: Wishes) -> OwnItems:
    lines = [(file.name, number, line) for file in files for number, line in enumerate(file.read().decode().split())]
    symbols = tuple(sorted({letter for _, _, line in lines for letter in line}))
    problems = [(f"{name}/{number}", "is too long") for name, number, line in lines if len(line) > wishes.longest]

    def item(line: str) -> np.ndarray:
        places = [symbols.index(letter) for letter in line.ljust(wishes.longest, symbols[0])]
        return np.eye(len(symbols), dtype=np.float32)[places].T

    taken = [
        OwnItem(f"{name}/{number}", lambda line=line: item(line))
        for name, number, line in lines
        if len(line) <= wishes.longest
    ]
    return OwnItems(taken, symbols, (f"{len(symbols)} different letters.",), problems)


RUNES = KindSpec(
    name="runes",
    title="Runes",
    summary="Short rows of signs",
    one="rune",
    many="runes",
    axes=2,
    words=lambda shape: f"{shape[1]} signs",
    dtype="uint8",
    suffixes=(".runes",),
    bounds=(0, 1),
    centre=lambda x, scale: x,
    activate=lambda raw, scale: raw.softmax(dim=1),
    draw=lambda public: public[:, None],
    ImportOptions=Wishes,
    gather=gather,
    spell=spell,
)


@pytest.fixture(autouse=True)
def runes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry = kinds.REGISTRY
    known = {spec.name: spec for spec in registry} | {"runes": RUNES}
    monkeypatch.setattr(type(registry), "__contains__", lambda self, name: name in known)
    monkeypatch.setattr(type(registry), "get", lambda self, name: known[name])
    monkeypatch.setattr(type(registry), "__iter__", lambda self: iter(known.values()))
    yield
    kinds._spelled.cache_clear()


def test_a_kind_with_symbols_reads_by_those_of_the_data() -> None:
    item = np.eye(3, dtype=np.float32)[[0, 2, 2]].T
    told = kinds.get("runes", ("a", "b", "c"))
    assert told.text is not None and told.text(item) == "acc"
    assert kinds.get("runes").text is None
    assert kinds.of({"kind": "runes", "symbols": ["x", "y", "z"]}).text(item) == "xzz"  # type: ignore[misc]
    assert Space("runes", (3, 3), symbols=("p", "q", "r")).spec.text(item) == "prr"  # type: ignore[misc]
    assert kinds.of(None).name == kinds.USUAL
    assert "symbols" in told.gives and "sequence" in told.gives and "lattice" in told.gives


def test_symbols_are_kept_with_data_and_runs() -> None:
    info = DatasetInfo(
        name="own", title="Own", kind="runes", shape=(3, 4), count=20, train=16, test=4, symbols=("a", "b", "c")
    )
    assert DatasetInfo.from_json(info.as_json()) == info and info.spec.text is not None
    record = SpaceRecord.model_validate({"kind": "runes", "shape": [3, 4], "symbols": ["a", "b", "c"]})
    assert record.symbols == ["a", "b", "c"]
    assert replace(info, symbols=()).as_json()["symbols"] == []


def test_a_kind_gathers_its_items_from_files_in_its_own_way(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.runes").write_text("\n".join(["ab", "ba", "bbc", "aac"] * 4))
    info = add(folder, "own", tmp_path / "data")
    assert (info.kind, info.shape, info.count) == ("runes", (3, 4), 32) and info.symbols == ("a", "b", "c")
    assert "3 different letters." in info.notes
    stored = open_store(tmp_path / "data" / "added" / "own")
    assert stored.space().spec.text(stored.items("train")[0] / 255)[:2] in {"ab", "ba", "bb", "aa"}  # type: ignore[misc]


def test_what_cannot_be_used_is_refused_or_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "one.runes").write_text("\n".join([*["ab", "ba"] * 10, "abcabc"]))
    with pytest.raises(InputError, match="is too long"):
        add(folder, "own", tmp_path / "data")
    info = add(folder, "own", tmp_path / "data", on_bad="skip")
    assert info.skipped == 1 and info.count == 20
