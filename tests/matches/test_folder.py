"""A match on disk: read by whoever looks, whatever state it is in."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.matches.folder import KIND, MatchDirectory, find_matches, new_id
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest
from genlab.store import atomic
from genlab.store.liveness import identity
from genlab.store.reading import Found
from genlab.verdicts.match_run import MatchRun

REQUEST = MatchRequest(data="digits", name="mine")


@pytest.fixture
def folder(tmp_path: Path) -> MatchDirectory:
    return MatchDirectory.create(tmp_path / "matches", REQUEST)


def planned(family: str, **more: Any) -> MatchRun:
    config = RunConfig(model=family).model_dump(mode="json")
    return MatchRun(family=family, model=family, seed=0, role="seed", lr_factor=1.0, config=config, **more)


def plan(**more: Any) -> MatchPlan:
    parameters = {"vae": {"total": 10}, "gan": {"total": 9}}
    entries = [planned("vae"), planned("gan")]
    return MatchPlan(
        images=300, batch_size=64, latent_dim=32, parameters=parameters, spread=0.1, entries=entries, **more
    )


def put(folder: MatchDirectory, tmp_path: Path, **status: Any) -> Path:
    """The workspace's jobs, with a job for the match in some state."""
    jobs = tmp_path / "jobs"
    job = folder.job(jobs)
    job.create(KIND, {"match": folder.path.name})
    job.update(**status)
    return jobs


def test_a_new_match_says_what_was_asked_for(folder: MatchDirectory, tmp_path: Path) -> None:
    now = folder.summary(tmp_path / "jobs")
    assert (now.name, now.request, now.entries, now.claims, now.spread) == ("mine", REQUEST, (), None, None)
    assert now.id == folder.path.name and now.created == pytest.approx(time.time(), abs=60)
    assert folder.request() == REQUEST


def test_identifiers_sort_by_time_and_name_the_data() -> None:
    assert new_id("digits", 0) < new_id("digits", 100_000)
    assert "-digits-" in new_id("digits")


@pytest.mark.parametrize(
    ("job", "state"),
    [
        ("queued", "queued"),
        ("running", "running"),
        ("completed", "completed"),
        ("cancelled", "stopped"),
        ("failed", "failed"),
    ],
)
def test_the_jobs_state_is_the_matchs(folder: MatchDirectory, tmp_path: Path, job: str, state: str) -> None:
    pid, started = identity()
    error = {"kind": "x", "message": "No.", "hint": "Yes."}
    jobs = put(folder, tmp_path, state=job, pid=pid, process_started=started, share=0.25, phase="so", error=error)
    now = folder.summary(jobs)
    assert now.state == state and now.error == error
    assert now.active is (state in {"queued", "running"})
    assert now.phase == ("so" if now.active else "")
    assert now.share == (1.0 if state == "completed" else 0.25)


def test_a_match_whose_process_is_gone_is_interrupted(folder: MatchDirectory, tmp_path: Path) -> None:
    jobs = put(folder, tmp_path, state="running", pid=2**22 + 1, process_started=0.0)
    assert folder.summary(jobs).state == "interrupted"
    assert folder.summary(tmp_path / "none").state == "interrupted", "there is no job at all"
    folder.write_claims({"claims": []})
    assert folder.summary(tmp_path / "none").state == "completed", "a judged match needs no job"


def test_time_left_passes(folder: MatchDirectory, tmp_path: Path) -> None:
    pid, started = identity()
    jobs = put(folder, tmp_path, state="running", pid=pid, process_started=started)
    assert folder.summary(jobs).left is None
    folder.job(jobs).update(seconds_left=100.0, told=time.time() - 30)
    assert folder.summary(jobs).left == pytest.approx(70, abs=2)
    folder.job(jobs).update(seconds_left=10.0, told=time.time() - 30)
    assert folder.summary(jobs).left == 0
    folder.job(jobs).update(state="completed")
    assert folder.summary(jobs).left is None


def test_a_plan_is_read_back(folder: MatchDirectory, tmp_path: Path) -> None:
    folder.write_plan(plan().with_run(0, run="r1"))
    now = folder.summary(tmp_path / "jobs")
    assert (now.images, now.batch_size, now.latent_dim, now.spread) == (300, 64, 32, 0.1)
    assert now.parameters == {"vae": {"total": 10}, "gan": {"total": 9}}
    assert [entry.family for entry in now.entries] == ["vae", "gan"]
    assert now.entries[0] == planned("vae", run="r1")
    assert now.runs == ["r1"]


def test_measures_are_added_run_by_run(folder: MatchDirectory) -> None:
    folder.add_measures("r1", {"a": {"value": 1.0}})
    folder.add_measures("r2", {"a": {"value": 2.0}})
    found = json.loads((folder.path / "measures.json").read_text())
    assert found == {"runs": {"r1": {"a": {"value": 1.0}}, "r2": {"a": {"value": 2.0}}}}


def test_measures_of_many_runs_are_not_read_for_each(folder: MatchDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run costs to keep does not grow with those before it, but for a copy of the file."""
    monkeypatch.setattr(MatchDirectory, "measures", lambda self: pytest.fail("all runs were read"))
    for number in range(20):
        folder.add_measures(f"r{number}", {"a": {"value": float(number), "items": [0.5] * 10}})
    monkeypatch.undo()
    assert {run: lines["a"]["value"] for run, lines in folder.measures().items()} == {
        f"r{number}": float(number) for number in range(20)
    }
    folder.add_measures("r7", {"a": {"value": -1.0}})
    assert folder.measures()["r7"] == {"a": {"value": -1.0}} and len(folder.measures()) == 20


def test_measures_that_an_earlier_release_laid_out_are_added_to(folder: MatchDirectory) -> None:
    atomic.write_json(folder.path / "measures.json", {"runs": {"r1": {"a": {"value": 1.0}}}})
    folder.add_measures("r2", {"a": {"value": 2.0}})
    assert folder.measures() == {"r1": {"a": {"value": 1.0}}, "r2": {"a": {"value": 2.0}}}


def test_measures_are_not_added_to_a_damaged_file(folder: MatchDirectory) -> None:
    (folder.path / "measures.json").write_text('{"runs": {"r1": {"a"')
    with pytest.raises(InputError, match=r"measures\.json"):
        folder.add_measures("r2", {"a": {"value": 2.0}})


def test_methods_without_a_model_are_kept_once_for_all_runs(folder: MatchDirectory) -> None:
    assert folder.baselines() == {}
    folder.add_baselines({"anomaly.auroc": {"Pixels": {"value": 0.7}}})
    folder.add_baselines({"denoising.psnr": {"Median": {"value": 20.0}}})
    assert set(folder.baselines()) == {"anomaly.auroc", "denoising.psnr"}
    before = (folder.path / "baselines.json").stat().st_mtime_ns
    folder.add_baselines({"denoising.psnr": {"Median": {"value": 20.0}}})
    assert (folder.path / "baselines.json").stat().st_mtime_ns == before


def test_what_newer_versions_add_is_ignored_and_what_they_change_is_refused(
    folder: MatchDirectory, tmp_path: Path
) -> None:
    document = plan().as_json() | {"later": "something"}
    document["entries"][0]["later"] = "something"
    (folder.path / "plan.json").write_text(json.dumps(document))
    assert len(folder.summary(tmp_path / "jobs").entries) == 2
    about = json.loads((folder.path / "match.json").read_text())
    (folder.path / "match.json").write_text(json.dumps({**about, "schema_version": 2}))
    with pytest.raises(InputError, match="newer genlab") as refusal:
        folder.summary(tmp_path / "jobs")
    assert refusal.value.kind == "schema_too_new"
    found = find_matches(folder.path.parent, tmp_path / "jobs")
    assert not found.good and [(one.id, one.error.kind) for one in found.damaged] == [
        (folder.path.name, "schema_too_new")
    ]


def test_a_list_is_newest_first_and_the_damaged_stand_beside_it(folder: MatchDirectory, tmp_path: Path) -> None:
    jobs, matches = tmp_path / "jobs", folder.path.parent
    time.sleep(0.01)
    second = MatchDirectory.create(matches, MatchRequest(data="digits"))
    (matches / "nothing").mkdir()
    (matches / ".staging-1").mkdir()
    (matches / "broken").mkdir()
    (matches / "broken" / "match.json").write_text("{")
    found = find_matches(matches, jobs)
    assert [match.id for match in found.good] == [second.path.name, folder.path.name]
    assert [(one.id, one.kind, one.error.kind) for one in found.damaged] == [("broken", "match", "damaged")]
    assert find_matches(None, jobs) == find_matches(tmp_path / "none", jobs) == Found()


def test_a_match_without_jobs_came_with_genlab(folder: MatchDirectory) -> None:
    folder.write_claims({"claims": []})
    now = folder.summary(None)
    assert now.shipped and now.state == "completed" and now.claims == {"claims": []}


def test_a_folder_that_is_no_match_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no match in"):
        MatchDirectory(tmp_path).request()


def test_claims_are_read_in_the_words_of_their_kind_and_kept_as_they_were_judged(tmp_path: Path):
    folder = MatchDirectory.create(tmp_path, MatchRequest())
    other = {"claim": "faces", "verdict": "not_enough_evidence", "applicable": False, "title": "images of faces"}
    entry = {"claim": "sharpness", "verdict": "supported", "title": "sharp images", "pictures": [{"kind": "samples"}]}
    written = {"schema_version": 2, "kind": "texts", "fairness": "images", "claims": [entry, other]}
    folder.write_claims(written)
    read = folder.claims()
    assert read is not None and read["fairness"] == "images"
    assert read["claims"][0]["title"] == "sharp texts" and read["claims"][0]["pictures"] == [{"kind": "samples"}]
    assert read["claims"][1]["title"] == "images of faces"
    assert json.loads((folder.path / "claims.json").read_text())["claims"][0]["title"] == "sharp images"
