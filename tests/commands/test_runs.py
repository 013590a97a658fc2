"""Listing, showing, stopping and deleting runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.store.liveness import identity
from tests.support.command import Capture
from tests.support.matches import planned
from tests.support.runs import make_run

PROMISED = {"run", "name", "family", "data", "state", "images", "seconds", "images_per_second", "path"}
ERROR = {"kind": "disk_full", "message": "The disk is full.", "hint": "Free some space."}


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_no_runs_says_how_to_start_one(cli: Capture):
    code, out, _ = cli("runs")
    assert code == 0
    assert "genlab train" in out
    assert cli.json("runs") == {"runs": []}


def test_runs_are_listed_newest_first_with_the_promised_keys(cli: Capture, runs: Path):
    make_run(runs, "20261101-000000-vae-mnist-5k-aaaa", created=1.0)
    make_run(runs, "20261102-000000-gan-mnist-5k-bbbb", model="gan", created=2.0, state="failed", error=ERROR)
    first, second = cli.json("runs")["runs"]
    assert (first["family"], second["family"]) == ("gan", "vae")
    assert set(first) >= PROMISED | {"error"}
    assert set(second) >= PROMISED
    assert "error" not in second
    assert first["error"] == ERROR
    assert Path(first["path"]).is_dir()
    _, out, _ = cli("runs")
    assert [line.split()[0] for line in out.splitlines()] == ["run", first["run"], second["run"]]


def test_shipped_runs_are_listed_as_such(cli: Capture, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_run(tmp_path / "zoo" / "runs", "twin")
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    code, out, _ = cli("runs")
    assert code == 0
    assert [line.split()[:1] for line in out.splitlines()[:2]] == [["run"], ["twin"]]
    assert "shipped" in out
    assert "no runs of your own" in out
    (only,) = cli.json("runs")["runs"]
    assert only["shipped"] is True
    make_run(runs, "20261101-000000-vae-mnist-5k-aaaa", created=1.0)
    assert [run["shipped"] for run in cli.json("runs")["runs"]] == [False, True]
    assert "of your own" not in cli("runs")[1]
    assert "shipped with genlab" in cli("show", "twin")[1]
    code, _, err = cli("delete", "twin", "--yes")
    assert code == 2
    assert "comes with genlab" in err


def test_another_workspace_can_be_chosen(cli: Capture, tmp_path: Path):
    make_run(tmp_path / "other" / "runs")
    assert cli.json("runs")["runs"] == []
    assert len(cli.json("runs", "--workspace", tmp_path / "other")["runs"]) == 1


def test_show_has_state_settings_losses_checkpoints_and_parameters(cli: Capture, runs: Path):
    directory = make_run(runs, "20261101-000000-gan-mnist-5k-aaaa", model="gan", images=2_048)
    directory.write_checkpoint(2_048, lambda folder: (folder / "meta.json").write_text("{}") and None, keep=8)
    document = cli.json("show", "20261101")
    rows, _ = directory.metrics()
    assert document["losses"] == {player: rows[-1][f"loss/{player}"] for player in ("critic", "generator")}
    assert document["checkpoints"] == [{"images": 2_048, "path": str(directory.checkpoints()[0].path)}]
    assert document["environment"]["parameters"] == {"critic": 1_000, "generator": 1_000}
    assert document["config"]["model"]["name"] == "gan"
    assert set(document) >= PROMISED
    code, out, _ = cli("show", directory.path.name)
    assert code == 0
    for part in ("critic", "2,048", "model.loss", "relativistic", "critic 1,000", str(directory.path)):
        assert part in out


def test_what_is_damaged_of_a_run_is_told_and_the_rest_is_shown(cli: Capture, runs: Path):
    directory = make_run(runs, images=1_024)
    (directory.path / "environment.json").write_text("[1, 2")
    with (directory.path / "metrics.jsonl").open("a") as file:
        file.write("{no row\n")
    document = cli.json("show", directory.path.name)
    assert document["environment"] == {} and document["state"] == "completed"
    assert len(document["damaged"]) == 2
    assert any("environment.json" in each for each in document["damaged"])
    assert any("metrics.jsonl" in each and "1 of its rows" in each for each in document["damaged"])
    code, out, _ = cli("show", directory.path.name)
    assert code == 0 and all(each[:40] in out for each in document["damaged"])


def test_the_last_row_is_found_in_a_long_file(cli: Capture, runs: Path):
    directory = make_run(runs, images=1_024)
    for images in range(2_000, 9_000):
        directory.append_metrics({"images": images, "loss/vae": float(images), "padding": "x" * 50})
    assert cli.json("show", directory.path.name)["losses"] == {"vae": 8_999.0}


def test_a_run_whose_worker_is_gone_is_shown_as_interrupted(cli: Capture, runs: Path):
    make_run(runs, state="running", pid=2**22 + 1, process_started=1.0)
    assert cli.json("runs")["runs"][0]["state"] == "interrupted"


@pytest.mark.parametrize("what", ["stop", "pause"])
def test_stop_and_pause_ask_the_worker(what: str, cli: Capture, runs: Path):
    pid, started = identity()
    directory = make_run(runs, state="running", pid=pid, process_started=started)
    assert cli.json(what, directory.path.name)["state"] == "running"
    assert directory.asked() == what


@pytest.mark.parametrize("what", ["stop", "pause"])
def test_what_does_not_run_cannot_be_stopped(what: str, cli: Capture, runs: Path):
    directory = make_run(runs)
    message, _ = cli.refusal(what, directory.path.name)
    assert "completed" in message
    assert directory.asked() is None


@pytest.mark.parametrize("what", ["show", "stop", "pause", "resume", "delete", "sample"])
def test_an_unknown_run_is_refused(what: str, cli: Capture):
    message, _ = cli.refusal(what, "nix")
    assert message == "There is no run 'nix'."


def test_delete_needs_a_yes(cli: Capture, runs: Path):
    directory = make_run(runs)
    _, hint = cli.refusal("delete", directory.path.name)
    assert "--yes" in hint
    assert directory.path.is_dir()
    assert cli.json("delete", directory.path.name, "--yes") == {"deleted": directory.path.name}
    assert not directory.path.exists()


def test_an_active_run_is_not_deleted(cli: Capture, runs: Path):
    pid, started = identity()
    directory = make_run(runs, state="running", pid=pid, process_started=started)
    message, hint = cli.refusal("delete", directory.path.name, "--yes")
    assert "running" in message and "stop" in hint
    assert directory.path.is_dir()


def test_a_run_of_a_newer_genlab_is_refused(cli: Capture, runs: Path):
    directory = make_run(runs)
    text = directory.config_file.read_text().replace('"schema_version": 1', '"schema_version": 99')
    directory.config_file.write_text(text)
    message, hint = cli.refusal("show", directory.path.name)
    assert "newer genlab" in message and "Update" in hint


def test_a_run_of_other_settings_than_todays_preset_says_so(cli: Capture, runs: Path):
    make_run(runs, "mine", settings={"preset": "quick", "model": {"beta": 7.0}})
    found = cli.json("show", "mine")["other_settings"]
    assert found["model.beta"] == {"made_with": 7.0, "preset_today": 1.0}
    assert "Made by other settings than today's preset quick" in cli("show", "mine")[1]
    make_run(runs, "bare")
    assert cli.json("show", "bare")["other_settings"] == {} and "today's preset" not in cli("show", "bare")[1]


def test_matches_name_other_settings_and_what_is_due(cli: Capture, workspace: Path):
    now, same = planned(workspace, beta=7.0), planned(workspace)
    found = {match["match"]: match for match in cli.json("matches")["matches"]}
    changed = {"vae": {"model.beta": {"made_with": 7.0, "preset_today": 1.0}}}
    assert found[now.id]["other_settings"] == changed
    assert found[same.id]["other_settings"] == {} and found[same.id]["due"] == []
