"""What was worked out is read when it is whole; what is damaged counts as not there, and is made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from genlab.store.results import EvaluationRecord, PortraitRecord, SandboxRecord, read_evaluations, read_result
from tests.support.damage import damages
from tests.support.evaluations import document_of

DOCUMENT = document_of()


def test_a_whole_evaluation_is_read_and_its_unknown_keys_stay(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(DOCUMENT))
    assert read_evaluations(tmp_path, "run x") == ([DOCUMENT], [])
    assert read_result(tmp_path / "a.json", EvaluationRecord) == DOCUMENT
    assert read_result(tmp_path / "none.json", EvaluationRecord) is None


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
        PortraitRecord(images=1, sheets={"../../secret": {"columns": 1, "rows": 1}})
    with pytest.raises(ValidationError):
        SandboxRecord(strengths=[], samples=1, real=1, encoder="", metrics={}, sheets=["../x.png"])


def test_evaluations_stand_by_images_seen(tmp_path: Path):
    for name, images in (("a", 300), ("b", 100), ("c", 200)):
        (tmp_path / f"{name}.json").write_text(json.dumps({**DOCUMENT, "images": images}))
    (tmp_path / "d.json").write_text("{")
    good, why = read_evaluations(tmp_path, "run x")
    assert [document["images"] for document in good] == [100, 200, 300]
    assert len(why) == 1 and why[0].startswith("d.json of the run x ")


def test_what_a_document_may_leave_out_is_empty():
    short = EvaluationRecord.model_validate(
        {"images": 1, "encoder": "e", "samples": 1, "real": 1, "seed": 0, "metrics": {}}
    )
    assert (short.key, short.encoder_facts, short.data.name) == ("", {}, "")
    portrait = PortraitRecord.model_validate({"sheets": {}})
    assert (portrait.images, portrait.effects, portrait.dimensions) == (0, [], [])
    assert portrait.neighbour_distances is None
