"""One key, one digest: a result is found under its name and the one that older releases gave it, and under no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from genlab.errors import InputError
from genlab.records import Count, Record
from genlab.store.atomic import write_json
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.drawing import drawing
from genlab.store.kept import Depends, ResultType, digest, kept, kept_in, number
from genlab.store.run import Checkpoint
from genlab.store.run_directory import RunDirectory
from tests.support.evaluations import make_checkpoint
from tests.support.runs import make_run


class Document(Record):
    """What is kept here."""

    n: Count


def of(**changes: Any) -> ResultType:
    base: dict[str, Any] = {"name": "test", "title": "tests", "version": 1, "document": Document, "folder": "tests"}
    return ResultType(**base | changes)


FILE, FOLDER = of(), of(name="other", file="about.json")


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    directory = make_run(tmp_path / "runs", samples=())
    for images in (100, 200):
        make_checkpoint(directory, images)
    return directory


@pytest.fixture
def newest(run: RunDirectory) -> Checkpoint:
    return pick_checkpoint(run)


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
    assert len(digest("x")) == 12 and digest("x", 8) == digest("x")[:8]
    assert (number(Depends(1, None, images=100)), number(Depends(1, None))) == ("000000000100-", "")


def test_a_file_is_written_in_one_step_and_read_again(run: RunDirectory, newest: Checkpoint):
    place = kept(run, newest, FILE, {"seed": 1})
    assert place.read() is None and place.problem() is None and not place.folder.exists()
    place.write({"n": 3, "more": "x"})
    assert place.folder == run.path / "tests" and place.path.name == f"{place.key}.json"
    assert place.key.startswith("000000000200-") and FILE.is_name(place.key)
    again = kept(run, newest, FILE, {"seed": 1})
    assert again.read() == {"n": 3, "more": "x"}
    assert [path.name for path in place.folder.iterdir()] == [place.path.name]


def test_a_folder_appears_whole(run: RunDirectory, newest: Checkpoint):
    place = kept(run, newest, FOLDER, None)

    def fill(folder: Path) -> None:
        (folder / "picture.png").write_bytes(b"x")
        write_json(folder / FOLDER.file, {"n": 1})

    place.write_folder(fill)
    assert place.path == run.path / "tests" / place.key / "about.json" and place.folder.name == place.key
    found = kept(run, newest, FOLDER, None)
    assert found.read() == {"n": 1} and (found.folder / "picture.png").is_file()


def test_everything_that_it_depends_on_is_in_its_name(run: RunDirectory, newest: Checkpoint, tmp_path: Path):
    def key(result: ResultType = FILE, request: Any = None, checkpoint: Checkpoint = newest, of: Any = run) -> str:
        return kept(of, checkpoint, result, request).key

    other_data = make_run(tmp_path / "others", samples=())
    environment = {**other_data.environment(), "data": {"fingerprint": "1" * 64}}
    other_data.write_environment(environment)
    names = {
        key(),
        key(of(name="another")),
        key(of(version=2)),
        key(request={"seed": 1}),
        key(checkpoint=pick_checkpoint(run, 100)),
        key(of=other_data),
    }
    assert len(names) == 6
    (newest.path / "meta.json").write_text('{"sha256": {"model.safetensors": "other"}}')
    assert key() not in names


def older(depends: Depends) -> str:
    return f"old-{number(depends)}{digest([depends.version, depends.weights, depends.data, depends.request], 8)}"


@pytest.mark.parametrize("result", [of(older=older), of(older=older, file="about.json")], ids=["file", "folder"])
def test_what_an_older_release_kept_is_found_and_stays_where_it_is(
    run: RunDirectory, newest: Checkpoint, result: ResultType
):
    new = kept(run, newest, result, [1])
    name = older(Depends(1, [1], new._depends().weights, "0" * 64, 200))
    place = run.path / "tests" / (f"{name}/about.json" if result.file else f"{name}.json")
    place.parent.mkdir(parents=True)
    place.write_text('{"n": 7}')
    found = kept(run, newest, result, [1])
    assert found.read() == {"n": 7} and found.path == place and found.key == name
    found.write({"n": 8})
    assert kept(run, newest, result, [1]).read() == {"n": 8}
    assert [path for path in (run.path / "tests").rglob("*") if path.is_file()] == [place]
    assert kept(run, newest, result, [2]).read() is None
    changed = of(older=older, file=result.file, version=2)
    assert kept(run, newest, changed, [1]).read() is None


def test_what_is_damaged_is_told_and_made_again(run: RunDirectory, newest: Checkpoint):
    place = kept(run, newest, FILE, None)
    place.write({"n": 1})
    for content in ('{"n": ', '{"n": -1}', "[]", ""):
        place.path.write_text(content)
        assert place.read() is None
        assert place.path.name in str(place.problem()) and run.path.name in str(place.problem())
    place.write({"n": 2})
    assert kept(run, newest, FILE, None).read() == {"n": 2} and place.problem() is None


def test_results_of_data_alone_and_of_other_results_need_no_weights(tmp_path: Path):
    walk = of(name="walk", within="result", prefix="walk-")
    place = kept_in(tmp_path, walk, {"steps": 3})
    place.write({"n": 1})
    assert place.path.parent == tmp_path and walk.is_name(place.key)
    assert kept_in(tmp_path, walk, {"steps": 3}).read() == {"n": 1}
    assert kept_in(tmp_path, walk, {"steps": 4}).read() is None
    assert not walk.is_name("place-abc") and not FILE.is_name("walk-abc") and not FILE.is_name("decoder-000000000200-a")


def test_a_page_that_would_have_to_read_weights_finds_nothing_yet(run: RunDirectory, newest: Checkpoint):
    kept(run, newest, FILE, None).write({"n": 1})
    (newest.path / "model.safetensors").write_bytes(b"some weights that nobody has read")
    (newest.path / "meta.json").write_text("{}")
    with drawing(note=False):
        assert kept(run, newest, FILE, None).read() is None


def test_weights_that_are_gone_are_told(run: RunDirectory, newest: Checkpoint):
    (newest.path / "meta.json").write_text("{}")
    (newest.path / "model.safetensors").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        kept(run, newest, FILE, None).read()


def test_a_place_that_cannot_be_written_to_is_told(run: RunDirectory, newest: Checkpoint):
    (run.path / "tests").write_text("a file where the folder should be")
    with pytest.raises((InputError, OSError)):
        kept(run, newest, FILE, None).write({"n": 1})
    assert json.loads(run.config_file.read_text())["schema_version"] == 1
