"""The run directory: what is written can be read, torn lines are ignored, and the state is the truth."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.store.liveness import boot_id, identity
from genlab.store.owner import LAUNCH_GRACE
from genlab.store.run_directory import RunDirectory


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "r1", RunConfig(model="gan", name="mine"), "gan")


def _alive(run: RunDirectory, **status: object) -> None:
    pid, started = identity()
    run.update_status(pid=pid, process_started=started, **status)


def test_a_queued_run_whose_worker_never_came_is_interrupted(run: RunDirectory):
    status = {**run.status(), "since": ""}
    (run.path / "status.json").write_text(json.dumps({**status, "updated": time.time() - LAUNCH_GRACE - 1}))
    assert run.summary().state == "interrupted"


def test_setting_the_clock_makes_no_run_interrupted_before_its_worker_has_had_its_time(run: RunDirectory):
    if not boot_id():
        pytest.skip("this system has no clock that nobody sets")
    status = run.status()
    for updated in (time.time() - 3_600, time.time() + 3_600):
        (run.path / "status.json").write_text(json.dumps({**status, "updated": updated}))
        assert run.summary().state == "queued"
    boot, _, seconds = str(status["since"]).partition("/")
    for since in (f"{boot}/{float(seconds) - LAUNCH_GRACE - 1}", f"another-boot/{seconds}"):
        (run.path / "status.json").write_text(json.dumps({**status, "since": since}))
        assert run.summary().state == "interrupted"


def test_a_running_run_has_speed_and_time_left(run: RunDirectory):
    _alive(run, state="running", images=1000, seconds=10.0, phase="training")
    now = run.summary()
    assert now.state == "running" and now.active
    assert now.images_per_second == pytest.approx(100)
    assert now.left == pytest.approx((now.target - 1000) / 100)


def test_the_time_left_follows_the_pace_of_late_and_not_the_mean(run: RunDirectory):
    _alive(run, state="running", images=1000, seconds=10.0, phase="training", speed=50.0)
    now = run.summary()
    assert (now.images_per_second, now.pace) == (pytest.approx(100), 50)
    assert now.left == pytest.approx((now.target - 1000) / 50)
    run.update_status(state="paused", speed=None)
    assert (run.summary().pace, run.summary().left) == (None, None)


def test_a_run_that_ends_while_it_is_looked_at_has_ended(run: RunDirectory, monkeypatch: pytest.MonkeyPatch):
    """Its status is read while its worker is at work, which is gone when that is looked for."""
    pid, started = identity()
    run.update_status(state="running", pid=pid, process_started=started)

    def ends(*_: object) -> bool:
        run.update_status(state="completed")
        return False

    monkeypatch.setattr("genlab.store.run.attended", ends)
    assert run.summary().state == "completed"


def test_a_run_whose_process_is_gone_is_interrupted(run: RunDirectory):
    pid, started = identity()
    run.update_status(state="running", pid=pid, process_started="another/start")
    assert run.summary().state == "interrupted", "the same number, but another process"
    run.update_status(state="running", pid=2**22 + 1, process_started=started)
    assert run.summary().state == "interrupted"


def test_an_ended_run_keeps_its_state_without_a_process(run: RunDirectory):
    run.update_status(state="completed", pid=2**22 + 1)
    assert run.summary().state == "completed"


def test_the_json_keys_are_the_promised_ones(run: RunDirectory):
    document = run.summary().as_json()
    promised = {"run", "name", "family", "data", "state", "images", "seconds", "images_per_second", "path"}
    assert promised <= set(document)
    assert "error" not in document
    error = {"kind": "diverged", "message": "m", "hint": "h"}
    run.update_status(state="diverged", error=error)
    assert run.summary().as_json()["error"] == error
    json.dumps(document)


def test_a_torn_last_line_is_ignored_and_read_when_complete(run: RunDirectory):
    run.append_metrics({"images": 1})
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"images": 2')
    rows, offset = run.metrics()
    assert rows == [{"images": 1}]
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write("}\n")
    more, end = run.metrics(offset)
    assert more == [{"images": 2}]
    assert end == (run.path / "metrics.jsonl").stat().st_size


def test_reading_on_from_an_offset_behind_a_shortened_file_starts_again(run: RunDirectory):
    for images in (1, 2, 3):
        run.append_metrics({"images": images})
    _, offset = run.metrics()
    run.rewind(1)
    assert run.metrics(offset)[0] == [{"images": 1}]


@pytest.mark.parametrize("content", ["", "{", '{"images": 1}', "null"])
def test_alarms_that_cannot_be_read_are_none(run: RunDirectory, content: str):
    (run.path / "alarms.json").write_text(content)
    assert run.alarms() == []


def _checkpoint(run: RunDirectory, images: int, keep: int = 8) -> None:
    def fill(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"w")
        (folder / "meta.json").write_text("{}")

    run.write_checkpoint(images, fill, keep)


def test_a_checkpoint_counts_only_when_complete(run: RunDirectory):
    _checkpoint(run, 10)
    (run.path / "checkpoints" / "000000000020").mkdir()
    (run.path / "checkpoints" / ".staging-1-000000000030").mkdir()
    assert [c.images for c in run.checkpoints()] == [10]


def test_a_newer_schema_is_refused_in_one_sentence(run: RunDirectory):
    document = json.loads(run.config_file.read_text())
    run.config_file.write_text(json.dumps({**document, "schema_version": 99}))
    for call in (run.summary, run.config):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.kind == "schema_too_new"


def test_a_folder_without_configuration_is_not_a_run(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        RunDirectory(tmp_path).summary()
    assert caught.value.kind == "not_a_run"


def test_a_whole_run_has_no_problems_and_a_damaged_one_a_sentence_for_each(run: RunDirectory):
    assert run.problems() == []
    run.append_metrics({"images": 1})
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write("{torn}\n")
    (run.path / "alarms.json").write_text("{")
    first, second = run.problems()
    assert first.startswith("metrics.jsonl of the run") and first.endswith(" is damaged: 1 of its rows are left out.")
    assert second.startswith("alarms.json of the run")
