"""What the files of a run may hold: a row of the curves keeps its numbers, an alarm its place, a name its number."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from genlab.store.lines import MOST_LINES
from genlab.store.run_files import (
    AlarmRecord,
    Environment,
    Grid,
    Heading,
    StatusRecord,
    damaged_rows,
    number_of,
    read_row,
)
from tests.support.damage import damages

ROW = {"images": 1_024, "loss/vae": 0.5, "vector/kl": [0.1, 0.2]}


def test_a_whole_row_stays_as_it_is():
    assert read_row(json.dumps(ROW).encode()) == (ROW, True)


@pytest.mark.parametrize("content", [line for _, line in damages(ROW)], ids=[what for what, _ in damages(ROW)])
def test_a_damaged_row_gives_numbers_only(content: bytes):
    row, whole = read_row(content)
    if row is not None:
        assert row["images"] >= 0
        for value in row.values():
            assert isinstance(value, int | float | list) and not isinstance(value, bool)
        json.dumps(row, allow_nan=False).encode()
    else:
        assert not whole


def test_damaged_rows_of_a_very_long_file_are_estimated(tmp_path):
    file = tmp_path / "metrics.jsonl"
    rows = 4 * MOST_LINES
    lines = ('{"images": 1, "broken"  \n' if row % 10 == 5 else f'{{"images": {10**9 + row}}}\n' for row in range(rows))
    file.write_text("".join(lines))
    assert damaged_rows(file) == pytest.approx(rows / 10, rel=0.3)


def test_damaged_rows_are_counted(tmp_path):
    file = tmp_path / "metrics.jsonl"
    assert damaged_rows(file) == 0
    file.write_text(json.dumps(ROW) + '\n{"images": 2, "loss": NaN}\n{torn}\n{"images": 3')
    assert damaged_rows(file) == 2


def test_a_picture_of_an_alarm_lies_within_the_run():
    AlarmRecord(images=1, pictures=["alarms/000000000001-mode_collapse.png"])
    for path in ("/etc/passwd", "../../other/samples/1.png", "alarms/../../x.png"):
        with pytest.raises(ValidationError, match="within the run"):
            AlarmRecord(images=1, pictures=[path])


@pytest.mark.parametrize("name", ["²", "x", "", "1" * 5_000, "-1", "1_000", "１２"])
def test_what_is_no_number_of_images_is_none(name: str):
    assert number_of(name) is None
    assert number_of("000000008192") == 8_192


def test_a_heading_takes_names_as_they_may_stand_in_a_configuration():
    heading = Heading.model_validate({"model": "gan", "data": {"name": "digits", "limit": 5}})
    assert (heading.model.name, heading.data.name, heading.network.name) == ("gan", "digits", "conv")
    assert Heading.model_validate({}).model.name == "vae"


def test_only_the_state_must_be_there():
    assert StatusRecord.model_validate({"state": "completed"}).images == 0
    assert Environment.model_validate({}).space is None
    with pytest.raises(ValidationError):
        StatusRecord.model_validate({})


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63) + 1, 9.9e149, -9.9e149, 0, [1, 2.5], []])
def test_numbers_that_can_be_drawn_stay(value: object):
    assert read_row(json.dumps({"images": 1, "x": value}).encode()) == ({"images": 1, "x": value}, True)


@pytest.mark.parametrize("value", [2**63, -(2**63), 1e150, -1e150, True, None, "1", {}, [1, "a"], ["a"], [True], [[1]]])
def test_what_cannot_be_drawn_is_left_out(value: object):
    assert read_row(json.dumps({"images": 1, "x": value}).encode()) == ({"images": 1}, False)


@pytest.mark.parametrize("line", ["[]", "{}", '{"images": -1}', '{"images": true}', '{"images": "1"}', "null", "{"])
def test_a_row_without_the_images_seen_is_none(line: str):
    assert read_row(line.encode()) == (None, False)


def test_curves_that_cannot_be_read_are_one_damage(tmp_path):
    (tmp_path / "metrics.jsonl").mkdir()
    assert damaged_rows(tmp_path / "metrics.jsonl") == 1


def test_a_shape_has_the_axes_of_its_kind_and_no_endless_side():
    assert Environment.model_validate({"space": {"kind": "images", "shape": [65_536, 1, 1]}}).space is not None
    assert Environment.model_validate({"space": {"kind": "points", "shape": [2]}}).space is not None
    for shape in ([1, 1, 1, 1], [28, 28], [0, 1, 1], [65_537, 1, 1]):
        with pytest.raises(ValidationError):
            Environment.model_validate({"space": {"kind": "images", "shape": shape}})


def test_what_facts_of_data_may_leave_out_is_nothing():
    facts = Environment.model_validate({"data": {}}).data
    assert facts is not None and facts.model_dump() == {
        "name": "",
        "fingerprint": None,
        "classes": None,
        "train": 0,
        "test": 0,
    }


@pytest.mark.parametrize(("side", "taken"), [(1, True), (4_096, True), (0, False), (4_097, False)])
@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_a_grid_is_as_large_as_a_picture_can_be(axis: str, side: int, taken: bool):
    if taken:
        assert getattr(Grid.model_validate({axis: side}), axis) == side
    else:
        with pytest.raises(ValidationError):
            Grid.model_validate({axis: side})
