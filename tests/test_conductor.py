"""A match is conducted to its end whatever becomes of its runs, and goes on where it was after any crash."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from genlab import conductor
from genlab.conductor import Conductor, same
from genlab.config import RunConfig, load_config
from genlab.devices import at_once
from genlab.errors import GenlabError, InputError
from genlab.jobs.queue import Cancelled
from genlab.jobs.speed import Speed
from genlab.lab.runs import RunsReader
from genlab.matches import pace
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.match_plan import DataIdentity, MatchPlan
from genlab.matches.since import changed_in_match
from genlab.store import atomic
from genlab.store.run_directory import RunDirectory
from tests.support.hall import Hall, quick_hall
from tests.support.runs import directory_of


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return quick_hall(tmp_path / "workspace", monkeypatch)


def states(hall: Hall, match: Match) -> list[str]:
    """Where the runs of a match stand, in order."""
    return ["" if entry.run is None else hall.lab.runs.find(entry.run).state for entry in match.entries]


def test_a_match_trains_judges_and_keeps_its_claims(hall: Hall) -> None:
    match = hall.conduct(hall.begin())
    assert states(hall, match) == ["completed"] * 4
    names = [f"Match digits {family} seed {seed}" for seed in (0, 1) for family in ("VAE", "GAN")]
    assert hall.launcher.launched == names == hall.judged
    assert match.claims is not None and match.claims["match"] == match.id
    assert match.spread is not None and match.spread <= 0.1
    assert set(atomic.read_json(match.path / "measures.json")["runs"]) == set(match.runs)
    shares = [share for share, _ in hall.told]
    assert shares == sorted(shares) and 0.9 < shares[-1] <= 1


def test_a_second_match_takes_every_run_over(hall: Hall) -> None:
    first = hall.conduct(hall.begin())
    trained = len(hall.launcher.launched)
    second = hall.conduct(hall.begin(name="again"))
    assert second.runs == first.runs and len(hall.launcher.launched) == trained
    assert all(entry.taken_over for entry in second.entries)
    third = hall.conduct(hall.begin(seeds=3))
    assert [entry.taken_over for entry in third.entries] == [True] * 4 + [False] * 2


def test_names_do_not_matter_for_taking_over_and_all_else_does(hall: Hall) -> None:
    config = load_config(hall.conduct(hall.begin(seeds=1)).entries[0].config)
    assert same(config, config.model_copy(update={"name": "other"}))
    assert not same(config, config.model_copy(update={"latent_dim": 3}))
    hall.launcher.launched.clear()
    hall.conduct(hall.begin(seeds=1, settings={"latent_dim": 3}))
    assert len(hall.launcher.launched) == 2


@pytest.mark.parametrize("about", [{"genlab": "0.0.1"}, {"data": {"fingerprint": "other"}}, {}])
def test_runs_of_another_version_or_other_data_are_not_taken_over(hall: Hall, about: dict[str, Any]) -> None:
    first = hall.conduct(hall.begin(seeds=1))
    for run in first.runs:
        directory = directory_of(hall.lab, run)
        directory.write_environment({**directory.environment(), **about} if about else {})
    second = hall.conduct(hall.begin(seeds=1))
    assert not set(second.runs) & set(first.runs)
    assert not any(entry.taken_over for entry in second.entries)


def test_shipped_runs_are_not_taken_over(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their weights are rounded."""
    first = hall.conduct(hall.begin(seeds=1))
    zoo = tmp_path / "zoo"
    shutil.move(hall.lab.workspace.runs, zoo / "runs")
    hall.lab.workspace.create()
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    assert [run.id for run in hall.lab.runs.all() if run.shipped]
    second = hall.conduct(hall.begin(seeds=1))
    assert not set(second.runs) & set(first.runs)


def test_failed_and_diverged_runs_do_not_stop_a_match(hall: Hall) -> None:
    ends = {"Match digits VAE seed 0": "diverged", "Match digits GAN seed 1": "failed"}
    match = hall.conduct(hall.begin(lambda config, before: ends.get(config.name, "completed")))
    assert states(hall, match) == ["diverged", "completed", "completed", "failed"]
    assert hall.judged == ["Match digits GAN seed 0", "Match digits VAE seed 1"]
    assert match.claims is not None
    assert hall.launcher.launched.count("Match digits GAN seed 1") == 1


def test_a_full_disk_ends_it_with_a_sentence_and_it_can_be_resumed(hall: Hall) -> None:
    folder = hall.begin(lambda config, before: "disk_full" if before == 0 else "completed", seeds=1)
    with pytest.raises(GenlabError, match="The disk is full") as error:
        hall.conduct(folder)
    assert error.value.kind == "disk_full" and f"genlab match --resume {folder.path.name}" in error.value.hint
    hall.launcher.script = lambda config, before: "completed"
    match = hall.conduct(folder)
    assert states(hall, match) == ["completed"] * 2
    assert len(hall.lab.runs.all()) == 2, "what had been begun was gone on with"


def test_a_run_whose_process_dies_is_gone_on_with_a_few_times(hall: Hall) -> None:
    match = hall.conduct(hall.begin(lambda config, before: "completed" if before == 2 else "interrupted", seeds=1))
    assert states(hall, match) == ["completed"] * 2
    match = hall.conduct(hall.begin(lambda config, before: "interrupted", seeds=1, images=400))
    assert states(hall, match) == ["interrupted"] * 2, "that counts as failed"
    assert hall.launcher.launched.count("Match digits VAE seed 0") == 3 + 1 + conductor.REVIVALS


@pytest.mark.parametrize(("cores", "threads", "under_way"), [(1, 1, 2), (2, 1, 3), (8, 2, 5), (2, 2, 2)])
def test_all_cores_are_kept_busy_and_one_run_waits_behind(
    hall: Hall, cores: int, threads: int, under_way: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genlab.cores.available", lambda: cores)
    hall.patience = 3
    folder = hall.begin(lambda config, before: "running", seeds=3, settings={"threads": threads})
    with pytest.raises(Cancelled):
        hall.conduct(folder)
    assert len(hall.lab.runs.all()) == under_way


def test_ending_a_match_stops_its_runs_and_resuming_goes_on_with_them(hall: Hall) -> None:
    hall.patience = 2
    folder = hall.begin(lambda config, before: "running", seeds=1)
    with pytest.raises(Cancelled):
        hall.conduct(folder)
    assert all(hall.lab.runs.read(run).asked() == "stop" for run in hall.lab.runs.all())
    hall.launcher.settle(hall.lab)
    assert states(hall, folder.summary(hall.lab.workspace.jobs)) == ["stopped"] * 2
    hall.patience, hall.launcher.script = 1_000, lambda config, before: "completed"
    assert states(hall, hall.conduct(folder)) == ["completed"] * 2
    assert len(hall.lab.runs.all()) == 2


def test_a_run_that_somebody_stops_is_not_trained_against_his_will(hall: Hall) -> None:
    """Only whoever resumes the match asks for it again."""
    folder = hall.begin(lambda config, before: "stopped" if "VAE" in config.name else "completed", seeds=1)
    match = hall.conduct(folder)
    assert states(hall, match) == ["stopped", "completed"]
    assert hall.launcher.launched.count("Match digits VAE seed 0") == 1


def crash(hall: Hall, folder: MatchDirectory, monkeypatch: pytest.MonkeyPatch, patience: int) -> None:
    """Conduct a match until its process is killed: nothing is cleaned up."""
    hall.patience = patience
    with monkeypatch.context() as without, pytest.raises(Cancelled):
        without.setattr(Conductor, "_halt", lambda self: None)
        hall.conduct(folder)
    hall.patience = 10_000


@pytest.mark.parametrize("patience", range(1, 5))
def test_a_match_that_is_killed_anywhere_goes_on_where_it_was(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    folder = hall.begin()
    crash(hall, folder, monkeypatch, patience)
    match = hall.conduct(folder)
    assert states(hall, match) == ["completed"] * 4
    assert len(hall.lab.runs.all()) == 4 and len(set(match.runs)) == 4
    assert len(hall.launcher.launched) == 4, "nothing was trained twice"


@pytest.mark.parametrize("fatal", range(1, 5))
def test_a_match_that_is_killed_while_it_starts_a_run_finds_that_run_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    """The run is there, its worker dead, and the plan does not name it yet."""
    folder, bring = hall.begin(), hall.launcher.bring

    def die(run: RunDirectory, state: str) -> None:
        last = len(hall.launcher.launched) == fatal
        bring(run, "interrupted" if last else state)
        if last:
            raise Cancelled

    monkeypatch.setattr(hall.launcher, "bring", die)
    crash(hall, folder, monkeypatch, 1_000)
    assert sum(planned.run is not None for planned in (folder.plan() or MatchPlan()).entries) == fatal - 1
    match = hall.conduct(folder)
    assert states(hall, match) == ["completed"] * 4 and not any(entry.taken_over for entry in match.entries)
    assert len(hall.lab.runs.all()) == 4, "no run stands twice"


def test_a_run_that_was_deleted_is_trained_anew(hall: Hall) -> None:
    folder = hall.begin(seeds=1)
    match = hall.conduct(folder)
    hall.lab.runs.delete(str(match.entries[0].run))
    again = hall.conduct(folder)
    assert again.entries[0].run != match.entries[0].run
    assert again.entries[1].run == match.entries[1].run
    assert states(hall, again) == ["completed"] * 2


def test_a_run_that_somebody_else_trains_is_waited_for_and_left_alone(hall: Hall) -> None:
    first = hall.begin(lambda config, before: "running", seeds=1)
    hall.patience = 3
    with pytest.raises(Cancelled):
        hall.conduct(first)
    for run in hall.lab.runs.all():
        directory_of(hall.lab, run).clear_requests()
    second, hall.patience = hall.begin(seeds=1, name="second"), 6
    with pytest.raises(Cancelled):
        hall.conduct(second)
    now = second.summary(hall.lab.workspace.jobs)
    assert len(hall.lab.runs.all()) == 2 and all(entry.taken_over for entry in now.entries)
    assert not any(hall.lab.runs.read(run).asked() for run in hall.lab.runs.all())


def test_lengths_of_equal_compute_are_measured_once_and_written_down(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, RunConfig]] = []

    def measured(configs: dict[str, RunConfig], data: Any, progress: Any) -> dict[str, float]:
        asked.append(configs)
        progress(0.5, "measuring speeds")
        return {"vae": 640.0, "gan": 200.0}

    monkeypatch.setattr("genlab.worker.timing.compute_speeds", measured)
    folder = hall.begin(fairness="compute", trials=True, seeds=1, images=1_000)
    match = hall.conduct(folder)
    assert {family: config.training.seed for family, config in asked[0].items()} == {"vae": 0, "gan": 0}
    assert match.lengths == {"vae": 3_200, "gan": 1_000} and match.seconds == 5.0
    assert {entry.images for entry in match.entries if entry.role == "trial"} == {1_066, 333}
    claims = match.claims or {}
    assert (claims["fairness"], claims["lengths"]) == ("compute", match.lengths)
    folder.ask_for_seeds(2)
    assert hall.conduct(folder).lengths == match.lengths and len(asked) == 1
    assert changed_in_match(match, hall.lab) == {}, "lengths that were measured are no other settings"


def test_data_that_have_changed_are_refused(hall: Hall) -> None:
    folder = hall.begin(seeds=1)
    hall.conduct(folder)
    known = folder.plan() or MatchPlan()
    other = DataIdentity(name="digits", fingerprint="other")
    folder.write_plan(known.model_copy(update={"data": other}))
    with pytest.raises(InputError, match="has changed since this match began") as refusal:
        hall.conduct(folder)
    assert refusal.value.kind == "data_changed"


def test_a_run_that_cannot_be_judged_counts_as_that(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*arguments: Any) -> None:
        raise InputError("No encoder.", "Take another.", kind="encoder_unavailable")

    monkeypatch.setattr("genlab.evaluation.evaluate.evaluate", refuse)
    match = hall.conduct(hall.begin(seeds=1))
    assert states(hall, match) == ["completed"] * 2 and match.claims is not None
    assert "No encoder" in capsys.readouterr().err


def test_a_disk_that_is_full_while_judging_ends_the_match(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any) -> None:
        raise GenlabError("The disk is full.", "Free some space.", kind="disk_full")

    monkeypatch.setattr("genlab.matches.measures.measure", full)
    with pytest.raises(GenlabError, match="disk is full"):
        hall.conduct(hall.begin(seeds=1))


def test_judging_again_reads_what_is_there_now(hall: Hall) -> None:
    folder = hall.begin(seeds=1)
    hall.conduct(folder)
    before = (folder.claims() or {})["created"]
    time.sleep(0.01)
    hall.lab.matches.judge(folder.path.name)
    assert (folder.claims() or {})["created"] > before


def test_a_finished_match_goes_on_with_more_seeds_in_its_place(hall: Hall) -> None:
    folder = hall.begin(trials=True)
    first = hall.conduct(folder)
    hall.launcher.launched.clear()
    folder.ask_for_seeds(4)
    match = hall.conduct(folder)
    names = [f"Match digits {family} seed {seed}" for seed in (2, 3) for family in ("VAE", "GAN")]
    assert hall.launcher.launched == names
    assert match.runs[:4] == first.runs[:4] and set(first.runs) < set(match.runs)
    assert (match.claims or {})["seeds"] == [0, 1, 2, 3] and match.state == "queued"


def status(hall: Hall, folder: MatchDirectory) -> dict[str, Any]:
    """What the job of a match has told."""
    return atomic.read_json(folder.job(hall.lab.workspace.jobs).path / "status.json") or {}


def test_the_time_left_is_that_of_the_estimate_on_train(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is known of speeds here: for the very configurations that are trained, narrower trunks included."""
    asked: list[RunConfig] = []

    def expected(runs: RunsReader, config: RunConfig, measured: Any) -> Speed:
        asked.append(config)
        return Speed(80.0, 125.0, 1, "similar")

    monkeypatch.setattr(RunsReader, "expected_speed", expected)
    hall.patience = 5
    folder = hall.begin(lambda config, before: "running", seeds=1, trials=False, families="vae,vae_gan")
    with pytest.raises(Cancelled):
        hall.conduct(folder)
    assert asked == (folder.plan() or MatchPlan()).configurations()
    rest = [(300 - 150) / 100.0] * 2
    judging = 2 * pace.JUDGING["seed"]
    slots = at_once(asked[0].training.device, asked[0].training.threads)
    assert status(hall, folder)["seconds_left"] == pytest.approx(pace.together(rest, judging, slots), abs=0.1)
    assert status(hall, folder)["told"] == pytest.approx(time.time(), abs=60)


def test_without_any_speed_no_time_is_told(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RunsReader, "expected_speed", lambda runs, config, measured: None)
    folder = hall.begin(seeds=1)
    hall.conduct(folder)
    assert status(hall, folder)["seconds_left"] is None


def test_run_configurations_are_complete(hall: Hall) -> None:
    match = hall.conduct(hall.begin(seeds=1))
    for entry in match.entries:
        assert isinstance(load_config(entry.config), RunConfig)
        assert same(load_config(entry.config), hall.lab.runs.read(str(entry.run)).config())
