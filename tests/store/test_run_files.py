"""What the files of a run may hold: a row of the curves keeps its numbers, an alarm its place, a name its number."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from genlab.store.run_files import Alarm, Environment, Heading, Status, damaged_rows, number_of, read_row
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


def test_damaged_rows_are_counted(tmp_path):
    file = tmp_path / "metrics.jsonl"
    assert damaged_rows(file) == 0
    file.write_text(json.dumps(ROW) + '\n{"images": 2, "loss": NaN}\n{torn}\n{"images": 3')
    assert damaged_rows(file) == 2


def test_a_picture_of_an_alarm_lies_within_the_run():
    Alarm(images=1, pictures=["alarms/000000000001-mode_collapse.png"])
    for path in ("/etc/passwd", "../../other/samples/1.png", "alarms/../../x.png"):
        with pytest.raises(ValidationError, match="within the run"):
            Alarm(images=1, pictures=[path])


@pytest.mark.parametrize("name", ["²", "x", "", "1" * 5_000, "-1", "1_000", "１２"])
def test_what_is_no_number_of_images_is_none(name: str):
    assert number_of(name) is None
    assert number_of("000000008192") == 8_192


def test_a_heading_takes_names_as_they_may_stand_in_a_configuration():
    heading = Heading.model_validate({"model": "gan", "data": {"name": "digits", "limit": 5}})
    assert (heading.model.name, heading.data.name, heading.network.name) == ("gan", "digits", "conv")
    assert Heading.model_validate({}).model.name == "vae"


def test_only_the_state_must_be_there():
    assert Status.model_validate({"state": "completed"}).images == 0
    assert Environment.model_validate({}).space is None
    with pytest.raises(ValidationError):
        Status.model_validate({})
