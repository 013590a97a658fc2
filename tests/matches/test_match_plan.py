"""``plan.json``: read and written as it always was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from genlab.config import RunConfig
from genlab.matches.match_plan import DataIdentity, MatchPlan
from genlab.verdicts.match_run import MatchRun
from tests.support.command import ROOT

SHIPPED = sorted((ROOT / "assets" / "zoo" / "matches").glob("*/plan.json"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_plans_that_came_with_genlab_are_read_and_written_unchanged(file: Path) -> None:
    document = json.loads(file.read_text())
    plan = MatchPlan.model_validate(document)
    assert plan.as_json() == document
    assert list(plan.as_json()["entries"][0]) == list(document["entries"][0])
    assert all(isinstance(config, RunConfig) for config in plan.configurations())
    assert {"seed"} <= {run.role for run in plan.entries} <= {"trial", "seed", "beside"}


def test_there_are_such_plans() -> None:
    assert len(SHIPPED) >= 2
    plans = [MatchPlan.model_validate(json.loads(file.read_text())) for file in SHIPPED]
    assert any(run.role == "trial" for plan in plans for run in plan.entries)


def test_what_is_not_known_is_not_written() -> None:
    run = MatchRun(family="vae", model="vae", seed=0, role="seed", lr_factor=1.0)
    document = MatchPlan(entries=[run], spread=0.123456).as_json()
    assert document == {
        "parameters": {},
        "spread": 0.1235,
        "entries": [
            {
                "family": "vae",
                "model": "vae",
                "seed": 0,
                "role": "seed",
                "lr_factor": 1.0,
                "config": {},
                "run": None,
                "taken_over": False,
            }
        ],
    }
    decided = MatchPlan(chosen_lr={}, data=DataIdentity(name="digits", fingerprint="f")).as_json()
    assert decided["chosen_lr"] == {} and decided["data"] == {"name": "digits", "fingerprint": "f"}


def test_a_run_is_changed_in_its_place() -> None:
    runs = [MatchRun(family=f, model=f, seed=0, role="seed", lr_factor=1.0) for f in ("vae", "gan")]
    plan = MatchPlan(entries=runs)
    changed = plan.with_run(1, run="r", taken_over=True)
    assert [run.run for run in changed.entries] == [None, "r"] and changed.entries[1].taken_over
    assert [run.run for run in plan.entries] == [None, None]


@pytest.mark.parametrize(
    "document",
    [
        {"parameters": {"vae": {"encoder": 5}}},
        {"parameters": {"vae": {"total": -5}}},
        {"entries": [{"family": "vae"}]},
        {"images": 1.5},
        {"chosen_lr": {"vae": "fast"}},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MatchPlan.model_validate(document)
