"""Letting go: what jobs write, what verdicts rest on, runs, data and matches stay, whatever is asked for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from genlab.evaluation.evaluation_request import kept_portrait
from genlab.jobs.background import JobDirectory
from genlab.lab import Lab, ReadOnlyLab
from genlab.lab.holdings import HoldingsReader
from genlab.matches.folder import MatchDirectory
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from tests.support.comparison import add_portrait
from tests.support.evaluations import make_checkpoint, make_evaluation
from tests.support.matches import make_match
from tests.support.runs import directory_of, make_run

DAY = 86_400.0


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace")


def judged(lab: Lab, name: str, days: float = 0.0) -> RunDirectory:
    """A run with a checkpoint, an evaluation and a portrait that were written so many days ago."""
    run = make_run(lab.workspace.runs, name, samples=())
    make_checkpoint(run, 16_384)
    make_evaluation(run)
    add_portrait(run, 16_384)
    for path in (*run.path.rglob("evaluations/*"), *run.path.rglob("portraits/*/*")):
        os.utime(path, (time.time() - days * DAY,) * 2)
    return run


def under_way(lab: Lab, kind: str, arguments: dict[str, object]) -> JobDirectory:
    """A job that this process works at."""
    job = JobDirectory.of(lab.workspace.jobs, kind, arguments)
    job.create(kind, arguments)
    pid, since = identity(os.getpid())
    job.update(state="running", pid=pid, process_started=since)
    return job


def left(run: RunDirectory) -> list[str]:
    """Which folders of results still hold something."""
    return [name for name in ("evaluations", "portraits") if list((run.path / name).glob("*"))]


def test_the_oldest_results_go_and_the_run_stays(lab: Lab):
    old, new = judged(lab, "old", days=40), judged(lab, "new", days=1)
    wanted = lab.holdings.to_tidy(age=30 * DAY)
    assert {(each.run, each.of) for each in wanted} == {("old", "evaluation"), ("old", "portrait")}
    assert (left(old), left(new)) == (["evaluations", "portraits"],) * 2
    before = lab.holdings.all()
    removed = lab.holdings.tidy(age=30 * DAY)
    assert [each.path for each in removed] == [each.path for each in wanted]
    assert (left(old), left(new)) == ([], ["evaluations", "portraits"])
    assert lab.holdings.all().size == before.size - sum(each.size for each in removed)
    assert old.checkpoints() and old.summary().state == "completed"
    assert lab.holdings.tidy(size=0) and left(new) == [] and lab.holdings.all().again == 0


def test_what_was_removed_counts_as_not_there(lab: Lab):
    run = judged(lab, "one")
    assert lab.models.portrait("one") is not None
    lab.holdings.tidy(size=0)
    assert lab.models.portrait("one") is None and lab.evaluations.all("one") == []
    assert kept_portrait(run, pick_checkpoint(run), 0).problem() is None


def test_nothing_that_a_job_works_at_is_removed(lab: Lab):
    mine, other = judged(lab, "mine", 40), judged(lab, "other", 40)
    shared = lab.workspace.encoders / "features-0123" / "features.npz"
    shared.parent.mkdir(parents=True)
    shared.write_bytes(b"x")
    job = under_way(lab, "evaluate", {"runs": ["mine"], "request": {}})
    stays = {each.run: each.stays for each in lab.holdings.all().results}
    assert job.path.name in stays["mine"] and stays["other"] == "" and stays[""]
    assert {each.run for each in lab.holdings.tidy(size=0)} == {"other"}
    assert left(mine) == ["evaluations", "portraits"] and left(other) == [] and shared.exists()
    job.update(state="completed")
    assert {each.run for each in lab.holdings.tidy(size=0)} == {"mine", ""}
    assert not shared.exists()


def test_a_job_that_begins_meanwhile_is_seen(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    judged(lab, "mine", 40)
    wanted = lab.holdings.to_tidy(size=0)
    under_way(lab, "portrait", {"runs": ["mine"], "request": {}})
    monkeypatch.setattr(HoldingsReader, "to_tidy", lambda *_: wanted)
    assert lab.holdings.tidy(size=0) == []


def test_a_run_that_trains_keeps_all_of_it(lab: Lab):
    run = judged(lab, "one", 40)
    pid, since = identity(os.getpid())
    run.update_status(state="running", pid=pid, process_started=since)
    assert lab.holdings.tidy(size=0) == [] and left(run) == ["evaluations", "portraits"]


def test_what_verdicts_of_matches_rest_on_stays_and_pictures_can_be_drawn_again(lab: Lab):
    match = make_match(lab.workspace.path, seeds=1)
    (entry, *_) = [entry for entry in match.summary(lab.workspace.jobs).entries if entry.run]
    run = directory_of(lab, str(entry.run))
    make_checkpoint(run, 16_384)
    make_evaluation(run)
    add_portrait(run, 16_384)
    claims = MatchDirectory(match.path).claims()
    assert [each.of for each in lab.holdings.tidy(size=0)] == ["portrait"]
    assert left(run) == ["evaluations"]
    (stays,) = {each.stays for each in lab.holdings.all().results}
    assert match.path.name in stays
    assert MatchDirectory(match.path).claims() == claims
    (match.path / "plan.json").write_text("{")
    assert "damaged" in {each.of: each.stays for each in lab.holdings.all().results}["evaluation"]
    assert lab.holdings.tidy(size=0) == []


def test_a_match_under_way_keeps_the_pictures_of_its_runs_too(lab: Lab):
    match = make_match(lab.workspace.path, seeds=1, state="running")
    runs = [str(entry.run) for entry in match.summary(lab.workspace.jobs).entries if entry.run]
    run = directory_of(lab, runs[0])
    make_checkpoint(run, 16_384)
    add_portrait(run, 16_384)
    assert lab.holdings.tidy(size=0) == [] and left(run) == ["portraits"]


def test_what_came_with_genlab_stays_and_what_was_made_of_it_goes(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from genlab.store import shipped

    original = make_run(tmp_path / "zoo" / "runs", "came", samples=())
    make_checkpoint(original, 16_384)
    add_portrait(original, 16_384)
    monkeypatch.setenv(shipped.VARIABLE, str(tmp_path / "zoo"))
    copy = shipped.to_write(lab.workspace, "came")
    make_evaluation(copy)
    assert [each.of for each in lab.holdings.tidy(size=0)] == ["evaluation"]
    assert left(copy) == ["portraits"] == left(original)


def test_whoever_only_looks_sees_and_removes_nothing(lab: Lab):
    run = judged(lab, "one")
    guest = ReadOnlyLab(lab.workspace.path)
    assert guest.holdings.all().again > 0 and len(guest.holdings.to_tidy(size=0)) == 2
    assert not hasattr(guest.holdings, "tidy")
    assert left(run) == ["evaluations", "portraits"]
