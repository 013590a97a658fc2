"""What was worked out is read when it is whole; what is damaged counts as not there, and is made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from genlab.store.results import Evaluation, Portrait, Sandbox, read_evaluations, read_result
from tests.support.damage import damages
from tests.support.evaluations import document_of

DOCUMENT = document_of()


def test_a_whole_evaluation_is_read_and_its_unknown_keys_stay(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(DOCUMENT))
    assert read_evaluations(tmp_path, "run x") == ([DOCUMENT], [])
    assert read_result(tmp_path / "a.json", Evaluation) == DOCUMENT
    assert read_result(tmp_path / "none.json", Evaluation) is None


def test_every_damaged_evaluation_is_told_or_has_what_readers_need(tmp_path: Path):
    for number, (_, content) in enumerate(damages(DOCUMENT)):
        (tmp_path / f"{number:03d}.json").write_bytes(content)
    good, why = read_evaluations(tmp_path, "run x")
    assert len(good) + len(why) == len(list(damages(DOCUMENT))) and len(why) > 15
    for document in good:
        assert document["images"] >= 0 and document["encoder"] is not None
        assert all({"value"} <= set(line) for line in document["metrics"].values())


def test_names_of_files_are_no_paths():
    with pytest.raises(ValidationError):
        Portrait(images=1, sheets={"../../secret": {"columns": 1, "rows": 1}})
    with pytest.raises(ValidationError):
        Sandbox(strengths=[], samples=1, real=1, encoder="", metrics={}, sheets=["../x.png"])
