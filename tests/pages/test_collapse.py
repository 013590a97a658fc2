from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from tests.support.evaluations import evaluated_run, make_checkpoint, make_evaluation
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def _keys(run: RunDirectory) -> list[str]:
    return [path.stem for path in (run.path / "evaluations").glob("*.json")]


def test_without_runs_the_page_says_what_to_do_and_keeps_the_sandbox(lab):
    app = open_page("collapse.py")
    assert "No model to look at yet" in words(app)
    assert "Measure how scores respond" in labels(app.button)


def test_the_verdict_comes_first_and_the_evidence_stands_below(lab):
    evaluated_run(lab, collapsed=True)
    app = open_page("collapse.py")
    assert "Mode collapse" in app.error[0].value and "5 of 10 classes have no clear sample" in app.error[0].value
    text = words(app)
    assert "Is every class generated as often" in text and "have no sample nearby" in text
    told = app.error[0].value.replace("\\", "")
    assert "near-duplicates 40 % (real data 1 %)" in told and "40 ± 5 %" in text and "1 ± 5 %" in text
    assert len(app.get("plotly_chart")) == 2


def test_a_checkpoint_without_evaluation_offers_one(lab):
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    app = open_page("collapse.py")
    assert "Not evaluated yet" in app.info[0].value
    assert "Evaluate this checkpoint" in labels(app.button)


def test_without_a_checkpoint_there_is_nothing_to_judge(lab):
    make_run(lab.workspace.runs, "run")
    assert "has no checkpoint" in words(open_page("collapse.py"))


def test_a_link_chooses_the_run_and_one_that_is_gone_is_named(lab):
    for name in ("old", "new"):
        make_checkpoint(make_run(lab.workspace.runs, name, created=float(len(name))), 16_384)
    app = open_page("collapse.py", run="old")
    assert app.selectbox(key="collapse/run").value == "old"
    app.selectbox(key="collapse/run").set_value("new")
    assert checked(app.run()).query_params["run"] == "new"
    assert "gone" in open_page("collapse.py", run="gone").warning[0].value


def test_every_evaluated_checkpoint_can_be_chosen(lab):
    run = evaluated_run(lab)
    make_evaluation(run, 8_192, collapsed=True, codes=False)
    app = open_page("collapse.py")
    assert not app.error
    (picker,) = [box for box in app.selectbox if box.label == "Checkpoint"]
    picker.set_value(next(key for key in _keys(run) if key.startswith("000000008192")))
    checked(app.run())
    assert "Mode collapse" in app.error[0].value


def test_a_run_that_was_stopped_at_once_is_not_called_collapsed(lab):
    run = make_run(lab.workspace.runs, "run", model="gan", images=2_688, target=170_000, state="stopped")
    make_checkpoint(run, 2_688)
    make_evaluation(run, 2_688, collapsed=True, codes=False)
    app = open_page("collapse.py")
    assert not app.error and not app.warning
    assert "Too early to tell after 2,688 images" in app.info[0].value
    assert "from 34,000 images on" in app.info[0].value


@pytest.mark.parametrize("content", [b"", b"[]", b'{"images": 3}', b'{"images": 1, "metrics": []}'])
def test_a_damaged_evaluation_is_as_if_it_were_not_there(lab, content):
    run = evaluated_run(lab)
    for path in (run.path / "evaluations").glob("*.json"):
        path.write_bytes(content)
    assert "Not evaluated yet" in open_page("collapse.py").info[0].value


def test_looking_only_starts_nothing(lab, monkeypatch):
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = open_page("collapse.py")
    assert app.button(key="collapse/run/evaluate").disabled
