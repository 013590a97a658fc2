"""A file is a record or a reason: whatever is wrong with it becomes one sentence that can be shown."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator

from genlab.errors import InputError
from genlab.records import Count, Name, Number, Record, Text, shortened
from genlab.store.reading import Damaged, find, folders_in, listed, look, named, read_document, read_record
from tests.support.damage import VALUES, WHOLE, written


class Thing(Record):
    """A record of every kind of field."""

    name: Name = ""
    text: Text = ""
    count: Count = 0
    number: Number = 0.0
    schema_version: Count = 1


class Holder(Record):
    """A record that must be there."""

    thing: Thing


@pytest.mark.parametrize("what", [what for what in WHOLE if what != "nothing-in-it"])
def test_a_file_that_is_no_object_is_told_in_one_sentence(tmp_path: Path, what: str):
    file = tmp_path / "thing.json"
    file.write_bytes(WHOLE[what])
    for read in (read_record, read_document):
        with pytest.raises(InputError, match=r"^thing\.json of the run x .*\.$") as caught:
            read(file, Holder, "run x")
        assert caught.value.kind == "damaged" and caught.value.hint
        assert "\n" not in caught.value.message and len(caught.value.message) < 300
        caught.value.message.encode()


@pytest.mark.parametrize("field", ["count", "number"])
@pytest.mark.parametrize("what", sorted(VALUES))
def test_a_field_is_what_it_should_be_or_named_in_the_reason(tmp_path: Path, what: str, field: str):
    file = tmp_path / "thing.json"
    file.write_bytes(written({field: VALUES[what]}, what))
    fits = {"count": set(), "number": {"minus", "fraction", "large"}}[field]
    if what in fits:
        assert getattr(read_record(file, Thing, "run x"), field) == VALUES[what]
        return
    with pytest.raises(InputError) as caught:
        read_record(file, Thing, "run x")
    assert field in caught.value.message or "far too large" in caught.value.message


def test_text_is_displayable_and_names_are_short(tmp_path: Path):
    file = tmp_path / "thing.json"
    file.write_text(json.dumps({"name": "n" * 10_000, "text": "bad\udcff"}))
    found = read_record(file, Thing, "run x")
    assert found.text == "bad\\udcff" and found.name == shortened("n" * 10_000) and len(found.name) == 200
    assert read_document(file, Thing, "run x")["text"] == "bad\\udcff"


def test_a_missing_file_a_folder_and_a_pipe_are_told_and_not_waited_for(tmp_path: Path):
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    for name, why in (("none", "is missing"), ("folder", "is no file"), ("pipe", "is no file")):
        with pytest.raises(InputError, match=f"^{name}.json of the run x {why}.$"):
            read_record(tmp_path / f"{name}.json", Thing, "run x")


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path):
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(InputError, match="2,048 MiB"):
        read_record(tmp_path / "large.json", Thing, "run x")


def test_what_a_newer_genlab_wrote_is_said_before_anything_else(tmp_path: Path):
    file = tmp_path / "thing.json"
    file.write_text(json.dumps({"schema_version": 2, "count": "many"}))
    with pytest.raises(InputError, match=r"The run x was written by a newer genlab \(schema 2\)") as caught:
        read_record(file, Thing, "run x", newest=1)
    assert caught.value.kind == "schema_too_new"


def test_unknown_keys_are_left_alone(tmp_path: Path):
    file = tmp_path / "thing.json"
    file.write_text('{"count": 3, "of a later release": {"x": [1]}}')
    assert read_record(file, Thing, "run x").count == 3
    assert read_document(file, Thing, "run x")["of a later release"] == {"x": [1]}


def test_of_a_list_the_whole_entries_stay_and_the_reason_is_told(tmp_path: Path):
    file = tmp_path / "list.json"
    assert listed(file, Thing) == ([], "")
    file.write_text('[{"count": 1}, {"count": "x"}, 5, {"count": 2}]')
    good, why = listed(file, Thing)
    assert [one["count"] for one in good] == [1, 2] and why.startswith("is damaged: count is 'x'")
    file.write_text("{}")
    assert listed(file, Thing) == ([], "is damaged: it holds no list")


def test_what_cannot_be_read_is_found_beside_what_can(tmp_path: Path):
    for name, content in (("b", '{"count": 1}'), ("a", "{"), (".hidden", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thing.json").write_text(content)
    (tmp_path / "c\udcff").mkdir()
    found = find("run", folders_in(tmp_path), lambda path: read_record(path / "thing.json", Thing, path.name))
    assert [thing.count for thing in found.good] == [1]
    assert [one.id for one in found.damaged] == ["a", "c\\udcff"]
    document = found.damaged[1].as_json()
    json.dumps(document, ensure_ascii=False).encode()
    assert (
        document["state"] == "damaged"
        and document["error"]["message"] == "The name of the folder c\\udcff is not UTF-8."
    )
    assert named(found, "c") is found.damaged[1] and named(found, "x") is None and named(found, "") is None
    assert isinstance(look("run", tmp_path / "a", lambda path: read_record(path / "thing.json", Thing, "a")), Damaged)
    assert folders_in(tmp_path / "none") == [] == folders_in(None)


def _refused(kind: str) -> str:
    raise InputError("Nobody.", "Install it.", kind=kind)


class Naming(Record):
    """Names something that is not there; its value is the kind of refusal."""

    name: Annotated[str, AfterValidator(_refused)]


def test_what_is_not_registered_is_told_of_what_names_it_and_other_refusals_as_they_are(tmp_path: Path):
    path = tmp_path / "config.json"
    for kind, told in (("not_registered", "The run x cannot be opened: Nobody."), ("not_found", "Nobody.")):
        path.write_text(json.dumps({"name": kind}))
        with pytest.raises(InputError) as caught:
            read_record(path, Naming, "run x")
        assert (caught.value.message, caught.value.hint, caught.value.kind) == (told, "Install it.", kind)
