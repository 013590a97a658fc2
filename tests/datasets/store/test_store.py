from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetInfo, Raw, RawData, Source
from genlab.datasets.store import added_names, check_options, describe, find_datasets, prepare
from genlab.datasets.store._build import save
from genlab.datasets.store._writer import StorePlan
from genlab.errors import GenlabError, InputError

DIGITS = DataConfig(name="digits")
INFO = DatasetInfo(name="own", title="Own", kind="images", shape=(1, 8, 8), count=0, train=0, test=0)


def quiet(share: float, what: str) -> None:
    pass


def files(stores: Path) -> list[Path]:
    return [path for path in stores.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_items_are_memory_mapped_and_read_only(stores: Path, source: Source) -> None:
    data = prepare(DIGITS, stores, source)
    items = data.items("train")
    assert isinstance(items, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        items[0] = 0
    assert {path.name for path in data.path.iterdir()} == {
        *("meta.json", "items.npy", "labels.npy", "factors.npz", "split.npz")
    }
    assert data.fingerprint == data.info.fingerprint


def test_it_is_decoded_once_and_opened_fast(stores: Path, source: Source) -> None:
    seen: list[float] = []
    data = prepare(DIGITS, stores, source, lambda share, what: seen.append(share))
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == 1
    before = {path: path.stat().st_mtime_ns for path in files(stores)}
    seen.clear()
    took = []
    for _ in range(5):
        start = time.perf_counter()
        again = prepare(DIGITS, stores, source, lambda share, what: seen.append(share))
        took.append(time.perf_counter() - start)
    assert min(took) < 0.01
    assert (again, seen) == (data, [])
    assert {path: path.stat().st_mtime_ns for path in files(stores)} == before


def test_the_fingerprint_is_of_items_and_labels(stores: Path) -> None:
    def stored(name: str, items: np.ndarray, labels: np.ndarray | None) -> str:
        plan = StorePlan("images", detect_grey=items.shape[-1] == 3)
        save(
            stores / name,
            RawData(iter([Raw(items, labels)])),
            plan,
            lambda w: replace(INFO, fingerprint=w.fingerprint),
            {},
            quiet,
        )
        return json.loads((stores / name / "meta.json").read_text())["info"]["fingerprint"]

    items = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), dtype=np.uint8)
    labels = np.arange(40) % 4
    first = stored("a", items, labels)
    assert stored("b", items, labels) == first
    assert stored("grey in colour", np.repeat(items, 3, axis=-1), labels) == first
    other = items.copy()
    other[3, 3, 3, 0] ^= 1
    assert stored("c", other, labels) != first
    assert stored("d", items, (labels + 1) % 4) != first
    assert stored("e", items, None) != first
    assert len(first) == 64


def test_the_fingerprint_of_the_default_does_not_change(stores: Path, source: Source) -> None:
    data = prepare(DataConfig(), stores, source)
    assert data.info.name == "mnist-5k"
    assert data.info.shape == (1, 28, 28)
    assert (data.info.train, data.info.test) == (4_167, 833)
    assert data.fingerprint.startswith("fe616f9f5e2d2f03")


def test_size_channels_and_seed_make_other_stores(stores: Path, source: Source) -> None:
    own = prepare(DIGITS, stores, source)
    large = prepare(DataConfig(name="digits", size=16, channels=3), stores, source)
    other = prepare(DataConfig(name="digits", split_seed=1), stores, source)
    assert large.items("train").shape == (1_497, 3, 16, 16)
    assert len({own.fingerprint, large.fingerprint, other.fingerprint}) == 3
    assert set(own.origin("test")) == set(large.origin("test")) != set(other.origin("test"))
    assert prepare(DataConfig(name="digits", size=8, channels=1), stores, source).path == own.path
    ring = DataConfig(name="ring", options={"count": 200})
    moved = DataConfig(name="ring", options={"count": 200}, split_seed=3, fit="pad")
    assert prepare(ring, stores, source).path == prepare(moved, stores, source).path, "it has a test part of its own"


def test_a_limit_takes_a_fixed_fair_part_without_a_copy(stores: Path, source: Source) -> None:
    full = prepare(DIGITS, stores, source)
    part = prepare(DataConfig(name="digits", limit=100), stores, source)
    assert part.path == full.path
    assert (part.info.train, part.info.test, part.info.count) == (100, 300, 400)
    np.testing.assert_array_equal(part.items("train"), full.items("train")[:100])
    np.testing.assert_array_equal(part.items("test"), full.items("test"))
    np.testing.assert_array_equal(part.labels("test"), full.labels("test"))
    assert len(part.origin("train")) == 100
    counts = np.bincount(part.labels("train"))
    assert counts.min() >= 9
    assert counts.max() <= 11
    assert part.fingerprint != full.fingerprint
    assert prepare(DataConfig(name="digits", limit=10**6), stores, source).fingerprint == full.fingerprint
    assert describe(DataConfig(name="digits", limit=100), stores, source) == part.info


def test_spaces(stores: Path, source: Source) -> None:
    digits = prepare(DIGITS, stores, source)
    assert digits.space().shape == (1, 8, 8)
    assert (digits.space().classes, digits.space(conditional=True).classes) == (0, 10)
    grid = prepare(DataConfig(name="grid", options={"count": 200}), stores, source)
    assert (grid.space().kind, grid.space().shape, grid.space(True).classes) == ("points", (2,), 25)
    assert grid.space().scale == pytest.approx(np.sqrt(8 + 0.05**2))
    with pytest.raises(InputError, match="no classes") as caught:
        prepare(DataConfig(name="line", options={"count": 200}), stores, source).space(conditional=True)
    assert caught.value.kind == "no_classes"


def test_unknown_names_are_told_the_closest(stores: Path, folder: Path, source: Source) -> None:
    from genlab.datasets.foreign.importer import add

    add(folder, "my-cats", stores)
    assert added_names(stores) == ["my-cats"]
    for wrong, right in (("minst", "mnist"), ("my-cat", "my-cats"), ("fashion_mnist", "fashion-mnist")):
        for act in (prepare, describe):
            with pytest.raises(InputError) as caught:
                act(DataConfig(name=wrong), stores, source)
            assert caught.value.kind == "unknown_name"
            assert right in caught.value.hint
    for strange in ("", "../my-cats", "/", "my-cats/x"):
        with pytest.raises(InputError, match="no data set called"):
            prepare(DataConfig(name=strange), stores, source)


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ({"name": "ring", "options": {"cuont": 5}}, "unknown_option"),
        ({"name": "ring", "options": {"count": 5}}, "bad_value"),
        ({"name": "ring", "options": {"count": "many"}}, "bad_value"),
        ({"name": "digits", "options": {"seed": 1}}, "unknown_option"),
        ({"name": "stacked-mnist", "options": {"base": "cifar10"}}, "bad_value"),
        ({"name": "ring", "size": 32}, "bad_value"),
        ({"name": "grid", "channels": 1}, "bad_value"),
    ],
)
def test_options_are_checked(config: dict[str, Any], kind: str, stores: Path, source: Source) -> None:
    for act in (
        lambda c: check_options(c),
        lambda c: prepare(c, stores, source),
        lambda c: describe(c, stores, source),
    ):
        with pytest.raises(InputError) as caught:
            act(DataConfig(**config))
        assert caught.value.kind == kind
    assert not stores.exists()


def test_added_data_sets_have_no_options(folder: Path, stores: Path, source: Source) -> None:
    from genlab.datasets.foreign.importer import add

    add(folder, "mine", stores)
    with pytest.raises(InputError, match="no option 'seed' of mine"):
        prepare(DataConfig(name="mine", options={"seed": 1}), stores, source)


def test_the_list_holds_all_and_decodes_nothing(stores: Path, source: Source) -> None:
    infos = find_datasets(stores, source).good
    assert [info.name for info in infos] == REGISTRY.names()
    assert not stores.exists()
    known = {info.name: info for info in infos}
    assert known["mnist-5k"].available
    assert known["mnist"].why
    assert "GENLAB_DATA" in known["mnist"].why
    document = json.loads(json.dumps([info.as_json() for info in infos]))
    assert {"name", "shape", "count", "classes", "available", "why"} <= set(document[0])


def test_what_is_in_the_store_is_available_without_its_files(tmp_path: Path, stores: Path, tiny_mnist: Path) -> None:
    with_files = Source(root=tiny_mnist, downloads=tmp_path)
    without = Source(root=None, downloads=tmp_path)
    assert describe("mnist", stores, with_files).available
    assert not describe("mnist", stores, without).available
    data = prepare(DataConfig(name="mnist"), stores, with_files)
    assert describe("mnist", stores, without).available
    assert prepare(DataConfig(name="mnist"), stores, without) == data


def broken(error: BaseException) -> Iterator[Raw]:
    yield Raw(np.zeros((100, 8, 8, 1), np.uint8))
    raise error


def test_an_interrupted_build_leaves_nothing(stores: Path) -> None:
    for error, expected, kind in (
        (OSError(errno.ENOSPC, "no space"), GenlabError, "disk_full"),
        (OSError(errno.EROFS, "read-only"), InputError, "read_only"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ):
        with pytest.raises(expected) as caught:
            save(stores / "own", RawData(broken(error)), StorePlan("images"), lambda written: INFO, {}, quiet)
        assert getattr(caught.value, "kind", None) == kind
        assert list(stores.iterdir()) == []


@pytest.mark.parametrize(
    ("chunks", "says"),
    [
        ([Raw(np.zeros((4, 8, 8, 1), np.uint8)), Raw(np.zeros((4, 9, 9, 1), np.uint8))], "shapes"),
        ([Raw(np.zeros((4, 8, 8, 1), np.uint8), np.array([0, 1, 2, -1]))], "Labels reach from -1"),
        ([Raw(np.zeros((4, 8, 8, 1), np.uint8), np.array([0, 1]))], "2 labels for 4 items"),
        ([], "no items"),
    ],
)
def test_data_that_break_a_promise(chunks: list[Raw], says: str, stores: Path) -> None:
    with pytest.raises(GenlabError, match=says):
        save(stores / "own", RawData(iter(chunks)), StorePlan("images"), lambda written: INFO, {}, quiet)
    assert list(stores.iterdir()) == []


def test_a_store_that_was_damaged_or_is_of_another_version_is_made_anew(stores: Path, source: Source) -> None:
    data = prepare(DIGITS, stores, source)
    (data.path / "items.npy").unlink()
    assert prepare(DIGITS, stores, source) == data
    assert data.items("test").shape == (300, 1, 8, 8)
    meta = json.loads((data.path / "meta.json").read_text())
    (data.path / "meta.json").write_text(json.dumps({**meta, "version": 99}))
    assert prepare(DIGITS, stores, source) == data
    assert json.loads((data.path / "meta.json").read_text()) == meta


def test_an_added_store_of_another_version_is_refused_with_a_sentence(
    folder: Path, stores: Path, source: Source
) -> None:
    from genlab.datasets.foreign.importer import add, remove

    add(folder, "mine", stores)
    path = stores / "added" / "mine" / "meta.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
    with pytest.raises(InputError, match="another version") as caught:
        prepare(DataConfig(name="mine"), stores, source)
    assert caught.value.kind == "schema_too_new"
    assert "mine" not in {info.name for info in find_datasets(stores, source).good}
    remove("mine", stores)
    assert add(folder, "mine", stores).count == 20


def test_what_a_killed_process_left_is_removed(stores: Path, source: Source) -> None:
    path = prepare(DIGITS, stores, source).path
    (path / "meta.json").unlink()
    ours = path.with_name(f".staging-123-{path.name}")
    others = path.with_name(f".staging-123-my-{path.name}")
    for leftover in (ours, others):
        leftover.mkdir()
        (leftover / "items.part").write_bytes(b"half")
    prepare(DIGITS, stores, source)
    assert not ours.exists()
    assert others.exists()


def test_two_processes_preparing_at_once_both_succeed(stores: Path, source: Source) -> None:
    code = f"""
        from pathlib import Path
        from genlab.config import DataConfig
        from genlab.datasets.base import Source
        from genlab.datasets.store import prepare
        import sys
        sys.stdin.readline()
        config = DataConfig(name="shapes", options={{"count": 3000}})
        data = prepare(config, Path({str(stores)!r}), Source(None, Path({str(source.downloads)!r})))
        print(data.fingerprint, int(data.items("train").sum()), int(data.labels("test").sum()))
    """
    start = [sys.executable, "-c", textwrap.dedent(code)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(start, **pipes) for _ in range(3)]
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], told
    assert len({out for out, _ in told}) == 1
    assert len(list(stores.glob("shapes-*"))) == 1
    assert list(stores.glob(".staging*")) == []


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run without the rights of the administrator, for whom no folder is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_workspace(open_to_all: Path, source: Source, folder: Path) -> None:
    from genlab.datasets.foreign.importer import add

    pictures = shutil.copytree(folder, open_to_all / "pictures")
    secret = shutil.copytree(folder, open_to_all / "secret")
    stores = open_to_all / "stores"
    data = prepare(DIGITS, stores, source)
    for place, mode in ((stores, 0o555), (stores / ".locks", 0o555), (secret, 0o000)):
        place.chmod(mode)
    try:
        with unprivileged():
            assert prepare(DIGITS, stores, source) == data, "what is there can still be opened"
            for kind, act in (
                ("read_only", lambda: prepare(DataConfig(name="ring"), stores, source)),
                ("read_only", lambda: add(pictures, "mine", stores)),
                ("not_found", lambda: add(secret, "mine", stores)),
            ):
                with pytest.raises(InputError) as caught:
                    act()
                assert caught.value.kind == kind
    finally:
        for place in (stores, stores / ".locks", secret):
            place.chmod(0o755)


def test_the_whole_set_is_never_in_memory(stores: Path) -> None:
    """24 chunks of 3 MB are written with far less than their sum held at once."""
    import tracemalloc

    def chunks() -> Iterator[Raw]:
        for index in range(24):
            yield Raw(np.full((64, 128, 128, 4), index, np.uint8)[..., :3])

    tracemalloc.start()
    save(stores / "own", RawData(chunks()), StorePlan("images"), lambda written: INFO, {}, quiet)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = (stores / "own" / "items.npy").stat().st_size
    assert size > 75e6
    assert peak < 0.6 * size


def test_what_is_written_is_what_was_given(stores: Path) -> None:
    items = np.random.default_rng(0).integers(0, 256, (50, 8, 8, 3), dtype=np.uint8)
    labels = np.arange(50) % 3
    weight = np.arange(50, dtype=np.float32)
    raw = RawData(
        iter([Raw(items[:20], labels[:20], {"w": weight[:20]}), Raw(items[20:], labels[20:], {"w": weight[20:]})])
    )
    save(stores / "own", raw, StorePlan("images"), lambda written: INFO, {}, quiet)
    split = np.load(stores / "own" / "split.npz")
    order = np.concatenate([split["train"], split["test"]])
    np.testing.assert_array_equal(np.load(stores / "own" / "items.npy"), np.moveaxis(items, -1, 1)[order])
    np.testing.assert_array_equal(np.load(stores / "own" / "labels.npy"), labels[order])
    np.testing.assert_array_equal(np.load(stores / "own" / "factors.npz")["w"], weight[order])
