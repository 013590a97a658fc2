"""The lab's verbs for matches: begun, found, stopped, resumed, deleted; and one match held for real."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import JobDirectory
from genlab.jobs.launcher import ProcessLauncher
from genlab.lab import Lab
from genlab.matches.fair import base_configs
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.match_plan import MatchPlan
from genlab.matches.pace import judging_seconds
from genlab.store import atomic
from genlab.store.liveness import identity
from genlab.worker.inline import InlineLauncher
from tests.support.command import ROOT
from tests.support.matches import make_match
from tests.support.runs import directory_of, make_run
from tests.support.scripted import Scripted

TINY = {"network": "mlp", "network.width": 32, "batch_size": 64, "watch.log_every": 64, "watch.checkpoint_every": 512}


@pytest.fixture
def launcher() -> Scripted:
    return Scripted()


@pytest.fixture
def lab(tmp_path: Path, launcher: Scripted) -> Lab:
    return Lab(tmp_path / "workspace", launcher=launcher)


def begin(lab: Lab, **settings: Any) -> Match:
    return lab.matches.start(lab.matches.request(**{"data": "digits", "families": "vae,gan", **settings}))


def bring(lab: Lab, match: Match, state: str) -> None:
    """The match's job in some state, with this process for one."""
    pid, started = identity()
    MatchDirectory(match.path).job(lab.workspace.jobs).update(state=state, pid=pid, process_started=started)


def test_starting_returns_at_once_and_asks_for_one_job(lab: Lab, launcher: Scripted) -> None:
    match = begin(lab, name="mine", seeds=2)
    assert match.state == "queued" and match.active and match.name == "mine"
    assert [path.name for path in launcher.jobs] == [MatchDirectory(match.path).job(lab.workspace.jobs).path.name]
    assert (
        lab.matches.find(match.id)
        == lab.matches.find(match.id[:-2])
        == lab.matches.find("mine")
        == lab.matches.all()[0]
    )
    kind, arguments = JobDirectory(launcher.jobs[0]).request()
    assert (kind, arguments) == ("match", {"match": match.id})


def test_what_cannot_be_is_refused_before_anything_is_written(lab: Lab) -> None:
    for settings in (
        {"data": "ring"},
        {"data": "nix"},
        {"preset": "nix"},
        {"settings": {"nix": 1}},
        {"families": "vae"},
    ):
        with pytest.raises(InputError):
            begin(lab, **settings)
    assert lab.matches.all() == []


def test_matches_are_found_by_what_is_unambiguous(lab: Lab) -> None:
    first, second = begin(lab, name="twin"), begin(lab, name="twin")
    assert {match.id for match in lab.matches.all()} == {first.id, second.id}
    for key, says in [
        ("twin", "any of 2 matches"),
        ("nix", "no match 'nix'"),
        ("", "no match ''"),
        ("../x", "no match"),
    ]:
        with pytest.raises(InputError, match=says) as refusal:
            lab.matches.find(key)
        assert refusal.value.hint


def test_stopping_asks_the_conductor(lab: Lab) -> None:
    match = begin(lab)
    lab.matches.stop(match.id)
    job = MatchDirectory(match.path).job(lab.workspace.jobs)
    assert job.cancelled
    bring(lab, match, "cancelled")
    assert lab.matches.find(match.id).state == "stopped"
    with pytest.raises(InputError, match="is stopped, not running"):
        lab.matches.stop(match.id)


def test_stopping_a_match_without_a_conductor_stops_its_own_runs(lab: Lab, launcher: Scripted) -> None:
    launcher.script = lambda config, before: "running"
    match = begin(lab)
    own, other = (lab.runs.submit(lab.configs.make(model, "digits", "quick")) for model in ("vae", "gan"))
    entry = {"family": "vae", "model": "vae", "seed": 0, "role": "seed", "lr_factor": 1.0}
    runs = [{**entry, "run": own.id}, {**entry, "run": other.id, "taken_over": True}, {**entry, "run": "gone"}]
    MatchDirectory(match.path).write_plan(MatchPlan.model_validate({"entries": runs}))
    bring(lab, match, "failed")
    lab.matches.stop(match.id)
    assert lab.runs.read(own).asked() == "stop" and lab.runs.read(other).asked() is None


def test_resuming_starts_the_same_job_again(lab: Lab, launcher: Scripted) -> None:
    match = begin(lab)
    with pytest.raises(InputError, match="is queued"):
        lab.matches.resume(match.id)
    for state in ("cancelled", "failed"):
        bring(lab, match, state)
        assert lab.matches.resume(match.id).state == "queued"
    assert len(launcher.jobs) == 3 and len(set(launcher.jobs)) == 1


def test_a_finished_match_goes_on_with_more_seeds(tmp_path: Path, launcher: Scripted) -> None:
    lab = Lab(tmp_path, launcher=launcher)
    key = make_match(tmp_path, seeds=2, configured=True).path.name
    before = lab.matches.find(key)
    for seeds, says in [(None, "has completed"), (2, "has completed"), (1, "has 2 seeds already"), (21, "seeds")]:
        with pytest.raises(InputError, match=says) as refusal:
            lab.matches.resume(key, seeds)
        assert refusal.value.hint
    assert lab.matches.find(key) == before and launcher.jobs == []
    now = lab.matches.resume(key, seeds=4)
    assert (now.state, now.request.seeds, now.request.data) == ("queued", 4, before.request.data)
    assert now.claims == before.claims and now.entries == before.entries and len(launcher.jobs) == 1
    with pytest.raises(InputError, match="is queued"):
        lab.matches.resume(key, seeds=5)
    bring(lab, now, "completed")
    assert lab.matches.resume(key).state == "queued", "it was asked for more than it has: its process never began"


def test_seeds_of_another_version_are_not_added_to(tmp_path: Path, launcher: Scripted) -> None:
    lab = Lab(tmp_path, launcher=launcher)
    match = make_match(tmp_path, seeds=2, configured=True).summary(lab.workspace.jobs)
    directory = directory_of(lab, match.runs[0])
    directory.write_environment({**directory.environment(), "genlab": "0.0.1"})
    with pytest.raises(InputError, match=r"trained by genlab 0\.0\.1") as refusal:
        lab.matches.resume(match.id, seeds=3)
    assert "genlab match --data mnist-5k" in refusal.value.hint and "--seeds 3" in refusal.value.hint
    assert lab.matches.find(match.id).request.seeds == 2


def test_judging_again_is_one_job_whoever_asks(tmp_path: Path, launcher: Scripted) -> None:
    lab = Lab(tmp_path, launcher=launcher)
    key = make_match(tmp_path).path.name
    job = lab.matches.start_judging(key)
    assert JobDirectory(job.path).request() == ("judge", {"match": key}) and launcher.jobs == [job.path]


def test_deleting_takes_the_match_and_leaves_its_runs(lab: Lab) -> None:
    match = begin(lab)
    with pytest.raises(InputError, match="is queued") as refusal:
        lab.matches.delete(match.id)
    assert refusal.value.kind == "busy"
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick"))
    bring(lab, match, "cancelled")
    lab.matches.delete(match.id)
    assert lab.matches.all() == [] and lab.runs.find(run.id).id == run.id
    assert not any(lab.workspace.jobs.iterdir())


def test_whoever_gives_up_waiting_stops_the_match(lab: Lab) -> None:
    def give_up(match: Match) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab.matches.hold(lab.matches.request(data="digits"), give_up)
    (match,) = lab.matches.all()
    assert MatchDirectory(match.path).job(lab.workspace.jobs).cancelled


def test_waiting_for_a_match_that_fails_says_why_and_how_to_go_on(lab: Lab) -> None:
    match = begin(lab)

    def fail(now: Match) -> None:
        error = {"kind": "disk_full", "message": "The disk is full.", "hint": ""}
        MatchDirectory(now.path).job(lab.workspace.jobs).update(state="failed", error=error)

    with pytest.raises(GenlabError, match="disk is full") as error:
        lab.matches.wait_for(match.id, fail)
    assert error.value.kind == "disk_full" and f"--resume {match.id}" in error.value.hint


def test_shipped_matches_stand_behind_ones_own_and_cannot_be_changed(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, own = begin(lab, name="first"), begin(lab, name="second")
    folder = tmp_path / "zoo" / "matches" / shipped.id
    folder.parent.mkdir(parents=True)
    bring(lab, shipped, "cancelled")
    shutil.copytree(shipped.path, folder)
    lab.matches.delete(shipped.id)
    atomic.write_json(folder / "claims.json", {"claims": []})
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    assert [(match.id, match.shipped) for match in lab.matches.all()] == [(own.id, False), (shipped.id, True)]
    assert lab.matches.find("first").shipped and lab.matches.find(shipped.id).state == "completed"
    for verb in (lab.matches.stop, lab.matches.resume, lab.matches.delete, lab.matches.judge):
        with pytest.raises(InputError, match="comes with genlab") as refusal:
            verb(shipped.id)
        assert refusal.value.kind == "read_only"


@pytest.mark.parametrize("slots", [1, 2])
def test_an_estimate_is_a_range_that_any_measured_run_can_give(
    lab: Lab, slots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENLAB_SLOTS", str(slots))
    request = lab.matches.request(data="digits", families="vae,gan", seeds=2, images=9_000)
    assert lab.matches.estimate(request) is None
    make_run(lab.workspace.runs, "20261122-120000-vae-digits-a1b2", data="digits").update_status(seconds=20.48)
    found = lab.matches.estimate(request)
    assert found is not None and 0 < found[0] < found[1] / 2
    for config in base_configs(request, lab)[0].values():
        run = make_run(
            lab.workspace.runs,
            f"{config.model.name}-x",
            model=config.model.name,
            data="digits",
            settings=config.model_dump(),
            side=8,
        )
        run.update_status(seconds=run.summary().images / {"vae": 1_000, "gan": 500}[config.model.name])
    images = 2 * 9_000 + 3 * 3_000
    judging = judging_seconds(4, 6, (1, 8, 8))
    low, high = lab.matches.estimate(request) or (0.0, 0.0)
    whole = images / 1_000 + images / 500
    assert low == pytest.approx(max(judging[0], (whole / 1.2 + judging[0]) / slots))
    assert high == pytest.approx(max(judging[1], (whole * 1.2 + judging[1]) / slots))
    quicker = lab.matches.estimate(request.model_copy(update={"trials": False})) or (0.0, 0.0)
    assert quicker[0] < low and quicker[1] < high


def test_the_estimate_is_the_one_that_train_has_for_each_family(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for a network eight times as wide as the one that was measured."""
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    request = lab.matches.request(data="digits", families="vae,gan", seeds=1, images=9_000, trials=False)
    narrow = base_configs(request, lab)[0]["vae"]
    run = make_run(lab.workspace.runs, "vae-x", data="digits", settings=narrow.model_dump(), side=8)
    run.update_status(seconds=run.summary().images / 2_000)
    wide = request.model_copy(update={"settings": {"network.width": 256}})
    for asked, least in ((request, 1.0), (wide, 8.0)):
        configs = base_configs(asked, lab)[0].values()
        expected = [lab.runs.expected_speed(config) for config in configs]
        seconds = [speed.seconds(9_000) for speed in expected if speed is not None]
        judging = judging_seconds(2, 0, (1, 8, 8))
        sums = [sum(ends) for ends in zip(*seconds, strict=True)]
        found = lab.matches.estimate(asked)
        assert found == pytest.approx(tuple(a + b for a, b in zip(sums, judging, strict=True)))
        assert sum(sums) / 2 > least * 9_000 / 2_000


def test_a_match_that_has_not_begun_cannot_be_judged(lab: Lab) -> None:
    with pytest.raises(InputError, match="has no runs yet"):
        lab.matches.judge(begin(lab).id)


@pytest.mark.slow
def test_a_match_from_beginning_to_end(tmp_path: Path) -> None:
    """Trained, evaluated, measured and judged in this process; a second one takes everything over."""
    lab = Lab(tmp_path, launcher=InlineLauncher())
    request = lab.matches.request(data="digits", seeds=2, images=512, trials=False, samples=100, settings=TINY)
    match = lab.matches.hold(request)
    assert match.state == "completed" and match.share == 1
    assert {lab.runs.find(run).state for run in match.runs} == {"completed"} and len(match.runs) == 6
    assert match.claims is not None and {claim["seeds"] for claim in match.claims["claims"]} == {2}
    assert {claim["verdict"] for claim in match.claims["claims"]} <= {
        "supported",
        "not_supported",
        "no_difference",
        "not_enough_evidence",
    }
    measured = atomic.read_json(match.path / "measures.json") or {}
    assert set(measured["runs"]) == set(match.runs)
    before = match.claims["created"]
    judged = lab.matches.judge(match.id).claims
    assert judged is not None and judged["created"] > before
    again = lab.matches.hold(request)
    assert again.runs == match.runs and all(entry.taken_over for entry in again.entries)
    assert len(lab.runs.all()) == 6
    lab.runs.delete(next(entry.run for entry in match.entries if entry.role == "seed"))
    with pytest.raises(InputError, match="1 of the match's runs are gone"):
        lab.matches.judge(match.id)
    assert lab.matches.find(match.id).claims == judged


def until(what: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is the case."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


@pytest.mark.slow
def test_a_match_whose_processes_are_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """The conductor and the worker die at once, as when a machine is switched off."""
    lab = Lab(tmp_path, launcher=ProcessLauncher())
    settings = {**TINY, "images": 40_000, "watch.checkpoint_every": 2_048}
    length = settings.pop("images")
    asked = {"data": "digits", "families": "vae,gan", "seeds": 1, "images": length, "trials": False, "samples": 100}
    match = lab.matches.start(lab.matches.request(**asked, settings=settings))
    job = MatchDirectory(match.path).job(lab.workspace.jobs)
    until(lambda: any(run.state == "running" and run.images > 4_096 for run in lab.runs.all()))
    known = lab.matches.find(match.id)
    for folder in (job.path, *(lab.runs.read(run).path for run in known.runs)):
        pid = (atomic.read_json(folder / "status.json") or {}).get("pid")
        if pid:
            os.kill(pid, signal.SIGKILL)
    until(lambda: lab.matches.find(match.id).state == "interrupted")
    begun = {
        run.id: lab.runs.read(run).checkpoints()[-1].images
        for run in lab.runs.all()
        if lab.runs.read(run).checkpoints()
    }
    assert begun, "something was trained before"
    lab.matches.resume(match.id)
    done = lab.matches.wait_for(match.id)
    assert done.state == "completed" and done.claims is not None
    assert set(known.runs) <= set(done.runs) and len(lab.runs.all()) == 2
    assert all(lab.runs.find(run).state == "completed" and lab.runs.find(run).images == length for run in done.runs)
    for run, images in begun.items():
        seen = [row["images"] for row in lab.runs.read(run).metrics()[0]]
        assert seen == sorted(set(seen)) and images <= seen[-1]


def test_a_match_that_a_record_names_is_exactly_that_one(tmp_path: Path):
    lab = Lab(tmp_path)
    make_match(tmp_path, with_runs=False, name="mine").path.rename(lab.workspace.matches / "20261101-held")
    assert lab.matches.find("20261101").id == lab.matches.find("mine").id == "20261101-held"
    assert lab.matches.exact("20261101-held").name == "mine"
    for nothing in ("20261101", "mine", "", "..", "../matches/20261101-held"):
        with pytest.raises(InputError, match="There is no match") as caught:
            lab.matches.exact(nothing)
        assert caught.value.kind == "not_found"


def test_shipped_matches_stand_in_the_order_of_the_catalogue_and_others_by_age_behind(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoo = tmp_path / "zoo"
    ids = []
    for name in ("first", "second", "third"):
        match = begin(lab, name=name)
        bring(lab, match, "cancelled")
        shutil.copytree(match.path, zoo / "matches" / match.id)
        lab.matches.delete(match.id)
        ids.append(match.id)
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    assert [match.id for match in lab.matches.all()] == ids
    for told, order in (([ids[2], "gone", 3], [ids[2], ids[0], ids[1]]), ("no list", ids)):
        atomic.write_json(zoo / "zoo.json", {"runs": [], "matches": told})
        os.utime(zoo / "zoo.json", ns=(0, len(str(told))))
        assert [match.id for match in lab.matches.all()] == order


def test_the_guide_opens_on_the_match_on_digits(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    first = lab.matches.all()[0]
    assert first.shipped and first.claims is not None and first.claims["data"] == "mnist-5k"
