"""A match is judged again: what is missing is evaluated, nothing trained; verdicts stand until there are new ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from genlab.errors import GenlabError, InputError
from genlab.jobs.queue import Cancelled
from genlab.lab import Lab
from genlab.matches import again
from genlab.matches.folder import MatchDirectory
from genlab.matches.judging import Judgement
from genlab.metrics import REGISTRY as METRICS
from genlab.verdicts.findings import VERSION, judged_before, still_due
from tests.support.evaluations import make_checkpoint
from tests.support.matches import make_match
from tests.support.runs import directory_of


class Judging:
    """In the place of an evaluation: notes the runs, and finds what the test says."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.error: Exception | None = None

    def __call__(self, run: Any, *rest: Any, measures: bool = True, faces: bool = False) -> Any:
        rest[-1](0.5, "looking")
        if self.error is not None and len(self.seen) == 1:
            raise self.error
        self.seen.append(run.path.name)
        reach, auroc = {"value": 0.25, "n": 10}, {"Pixels": {"value": 0.7}}
        return Judgement({"reach": reach}, {"anomaly.auroc": auroc}) if measures else Judgement()


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Judging:
    found = Judging()
    monkeypatch.setattr(again, "judge_run", found)
    return found


def made(tmp_path: Path, **more: Any) -> tuple[Lab, MatchDirectory]:
    lab, folder = Lab(tmp_path), make_match(tmp_path, **more)
    for run in folder.summary(lab.workspace.jobs).runs:
        make_checkpoint(directory_of(lab, run), 20_480)
    return lab, folder


def test_every_run_is_looked_at_again_and_the_claims_are_todays(tmp_path: Path, judging: Judging):
    lab, folder = made(tmp_path)
    told: list[tuple[float, str]] = []
    before = folder.claims()
    match = lab.matches.judge_again(folder.path.name, lambda share, what: told.append((share, what)))
    assert judging.seen == match.runs and len(match.runs) == 6
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] == 1
    assert match.claims is not None and match.claims != before
    assert match.claims["schema_version"] == VERSION and judged_before(match.claims) == ""
    assert match.claims["machine"] == "a machine of the tests", "where they were trained, not where they are judged"
    assert {line["reach"]["value"] for line in folder.measures().values()} == {0.25}
    assert folder.baselines() == {"anomaly.auroc": {"Pixels": {"value": 0.7}}}


@pytest.mark.parametrize("error", [Cancelled(), GenlabError("The disk is full.", kind="disk_full")])
def test_verdicts_stand_until_new_ones_are_written(tmp_path: Path, judging: Judging, error: Exception):
    lab, folder = made(tmp_path)
    before, judging.error = folder.claims(), error
    with pytest.raises(type(error)):
        lab.matches.judge_again(folder.path.name)
    assert folder.claims() == before


def test_a_run_that_cannot_be_evaluated_is_judged_by_what_is_known(tmp_path, judging, capsys):
    lab, folder = made(tmp_path)
    judging.error = InputError("No encoder.", "Take another.", kind="encoder_unavailable")
    assert lab.matches.judge_again(folder.path.name).claims["schema_version"] == VERSION
    assert "No encoder" in capsys.readouterr().err and len(judging.seen) == 1


def test_what_would_lose_verdicts_is_refused(tmp_path: Path, judging: Judging):
    lab, folder = made(tmp_path)
    lab.runs.delete(folder.summary(lab.workspace.jobs).runs[0])
    with pytest.raises(InputError, match="1 of the match's runs are gone"):
        lab.matches.judge_again(folder.path.name)
    running = make_match(tmp_path, state="running", seeds=1)
    with pytest.raises(InputError, match="is running") as refusal:
        lab.matches.start_judging(running.path.name)
    assert refusal.value.kind == "busy" and judging.seen == []


def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, str]:
    """A match that comes with genlab, without runs but with their scores, those of one metric of another version."""
    folder = make_match(tmp_path / "zoo", with_runs=False, runs={("vae", 0): "v0", ("gan", 0): "g0", ("vae", 1): "v1"})
    lines = {spec.name: {"value": 0.5, "low": 0.4, "high": 0.6, "n": 100, "version": spec.version} for spec in METRICS}
    lines["coverage"]["version"] = 0
    scores = dict.fromkeys(("v0", "g0", "v1"), lines)
    (folder.path / "evaluations.json").write_text(json.dumps({"runs": scores}))
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    return Lab(tmp_path / "workspace"), folder.path.name


def test_a_match_that_comes_with_genlab_is_judged_in_a_copy_by_its_kept_scores(tmp_path, judging, monkeypatch):
    lab, key = shipped(tmp_path, monkeypatch)
    assert lab.matches.find(key).shipped
    match = lab.matches.judge_again(key)
    assert not match.shipped and judging.seen == [], "no weights came along"
    assert match.claims["schema_version"] == VERSION and "coverage" in match.claims["due"]
    assert "frechet" not in match.claims["due"] and "Coverage" in still_due(match.claims)
    cells = [cell for claim in match.claims["claims"] for cell in claim["cells"].get("vae", [])]
    assert {cell["value"] for cell in cells if (cell["measure"], cell["kind"]) == ("frechet", "mean")} == {0.5}
    assert lab.matches.judge_again(key).claims["schema_version"] == VERSION, "and once more"
    lab.matches.delete(key)
    assert lab.matches.find(key).shipped, "the original is there again"
