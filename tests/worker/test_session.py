"""Whole runs, in this process: what is left behind, stopping and resuming, divergence, changed data."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from genlab.lab import Lab
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory
from genlab.training import engine
from genlab.worker.inline import InlineLauncher
from tests.support.runs import directory_of
from tests.worker.conftest import FAMILIES, MODELS, short


def _size(directory: RunReader) -> tuple[int, int]:
    return Image.open(io.BytesIO(directory.samples()[-1][1].read_bytes())).size


class StopAt(InlineLauncher):
    """Starts a run with a request that is obeyed at the first look: after no step, or after some."""

    def __init__(self, what: str = "stop") -> None:
        self.what = what

    def launch(self, run: RunDirectory) -> None:
        from genlab.worker import session

        class Early(session.Session):
            def _should_stop(self, state):  # type: ignore[no-untyped-def]
                if state.images >= 512:
                    self.run.ask(run_what)
                self._looked = 0.0
                return super()._should_stop(state)

        run_what, original = self.what, session.Session
        session.Session = Early  # type: ignore[misc]
        try:
            super().launch(run)
        finally:
            session.Session = original  # type: ignore[misc]


def _weights(lab: Lab, run: str) -> dict[str, torch.Tensor]:
    return load_file(lab.runs.read(run).checkpoints()[-1].path / "model.safetensors")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("what", ["stop", "pause"])
def test_stopped_and_resumed_equals_straight_through(lab: Lab, model: str, what: str):
    straight = lab.runs.submit(short(lab, model))
    config = short(lab, model)
    halted = Lab(lab.workspace.path, launcher=StopAt(what)).runs.submit(config)
    assert halted.state == {"stop": "stopped", "pause": "paused"}[what]
    assert halted.images == 512
    resumed = lab.runs.resume(halted)
    assert resumed.state == "completed", resumed.error
    one, two = _weights(lab, straight.id), _weights(lab, resumed.id)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    first, second = (lab.runs.read(run).metrics()[0] for run in (straight, resumed))
    timed = {"seconds", "images_per_second"}
    assert [{k: v for k, v in row.items() if k not in timed} for row in first] == [
        {k: v for k, v in row.items() if k not in timed} for row in second
    ]


def test_a_diverging_run_says_so_and_keeps_the_last_good_checkpoint(lab: Lab):
    run = lab.runs.submit(
        short(lab, "gan", images=200_000, **{"loss": "wasserstein", "penalty": "none", "lr": 1.0, "beta1": 0.0})
    )
    assert run.state == "diverged", run
    assert run.error is not None
    assert run.error["kind"] == "diverged" and "diverged after" in run.error["message"] and run.error["hint"]


@pytest.mark.parametrize("model", FAMILIES)
def test_a_run_that_explodes_in_its_first_rows_has_diverged_and_resuming_changes_nothing(lab: Lab, model: str):
    run = lab.runs.submit(lab.configs.make(model, "digits", settings={"lr": 1.0, "threads": 1, "images": 20_000}))
    for _ in range(2):
        assert run.state == "diverged", run
        assert run.error is not None and run.error["kind"] == "diverged"
        assert "There is no checkpoint from before." in run.error["message"]
        assert not lab.runs.read(run).checkpoints()
        run = lab.runs.resume(run)


@pytest.fixture
def overheated(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 512 images on the learning rate is far too high."""
    monkeypatch.setattr(engine, "learning_rate_factor", lambda config, images: 1.0 if images < 512 else 1e5)


@pytest.mark.parametrize("model", FAMILIES)
def test_a_run_that_explodes_later_names_its_newest_good_checkpoint(lab: Lab, model: str, overheated: None):
    run = lab.runs.submit(short(lab, model, images=20_000))
    for _ in range(2):
        assert run.state == "diverged" and run.error is not None
        assert "The newest good checkpoint is that of 512 images." in run.error["message"]
        assert lab.runs.read(run).checkpoints()[-1].images == 512
        assert all(tensor.isfinite().all() for tensor in _weights(lab, run.id).values())
        run = lab.runs.resume(run)


def test_a_checkpoint_that_an_older_release_wrote_after_the_loss_exploded_is_not_good(lab: Lab, overheated: None):
    halted = Lab(lab.workspace.path, launcher=StopAt()).runs.submit(short(lab, "vae", images=20_000))
    directory = lab.runs.read(halted)
    rows = [{**row, "loss/vae": 3.65e17} if row["images"] > 300 else row for row in directory.metrics()[0]]
    (directory.path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [checkpoint.images for checkpoint in directory.checkpoints()] == [256, 512]
    resumed = Lab(lab.workspace.path, launcher=StopAt()).runs.resume(halted)
    assert resumed.state == "stopped" and resumed.images == 512
    rows = [row["loss/vae"] for row in directory.metrics()[0]]
    assert len(rows) == 4 and max(rows) < 1e3, "it went on from 256 images"


def test_a_run_whose_data_changed_is_not_resumed(lab: Lab):
    halted = Lab(lab.workspace.path, launcher=StopAt()).runs.submit(short(lab, "vae"))
    directory = directory_of(lab, halted)
    environment = directory.environment()
    environment["data"]["fingerprint"] = "another"
    directory.write_environment(environment)
    resumed = lab.runs.resume(halted)
    assert resumed.state == "failed"
    assert resumed.error is not None and resumed.error["kind"] == "data_changed"


def _flip(path: Path) -> None:
    """Change one bit in the middle of a file, which keeps its length."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["model.safetensors", "state.pt"])
def test_a_damaged_checkpoint_is_told_and_an_older_one_gone_on_from(lab: Lab, name: str, capfd):  # type: ignore[no-untyped-def]
    straight = lab.runs.submit(short(lab, "vae"))
    halted = Lab(lab.workspace.path, launcher=StopAt()).runs.submit(short(lab, "vae"))
    _flip(lab.runs.read(halted).checkpoints()[-1].path / name)
    resumed = lab.runs.resume(halted)
    assert resumed.state == "completed", resumed.error
    told = capfd.readouterr().err
    assert f"is damaged: {name} is not what was saved. Training goes on from the one of 256 images." in told
    one, two = _weights(lab, straight.id), _weights(lab, resumed.id)
    assert all(torch.equal(one[name], two[name]) for name in one)
    images = [row["images"] for row in lab.runs.read(resumed).metrics()[0]]
    assert images == sorted(set(images))


@pytest.mark.parametrize("digests", [True, False], ids=["with digests", "of an older release"])
@pytest.mark.parametrize("name", ["model.safetensors", "state.pt"])
def test_where_no_checkpoint_is_intact_one_sentence_says_so(lab: Lab, name: str, digests: bool):
    halted = Lab(lab.workspace.path, launcher=StopAt()).runs.submit(short(lab, "vae"))
    for checkpoint in lab.runs.read(halted).checkpoints():
        (checkpoint.path / name).write_bytes(b"broken")
        if not digests:
            (checkpoint.path / "meta.json").write_text(json.dumps({"images": checkpoint.images, "seconds": 1.0}))
    resumed = lab.runs.resume(halted)
    assert resumed.state == "failed" and resumed.error is not None
    assert resumed.error["kind"] == "damaged" and name in resumed.error["message"] and resumed.error["hint"]
    assert "weights_only" not in str(resumed.error), "never PyTorch's advice"
    assert len(lab.runs.read(halted).checkpoints()) == 2, "nothing is thrown away for it"


def test_a_checkpoint_without_digests_is_gone_on_from(lab: Lab):
    halted = Lab(lab.workspace.path, launcher=StopAt()).runs.submit(short(lab, "vae"))
    for checkpoint in lab.runs.read(halted).checkpoints():
        (checkpoint.path / "meta.json").write_text(json.dumps({"images": checkpoint.images, "seconds": 1.0}))
    assert lab.runs.resume(halted).state == "completed"


def test_a_conditional_run_shows_one_class_per_column(lab: Lab):
    run = lab.runs.submit(short(lab, "gan", conditional=True))
    assert run.state == "completed", run.error
    model = lab.models.load(run)
    assert model.space.classes == 10
    assert model.sample(7, label=3).shape == (7, 1, 8, 8)


@pytest.mark.parametrize("model", [*FAMILIES, "restorer"])
def test_points_are_trained_and_drawn(lab: Lab, model: str):
    config = lab.configs.make(
        model, "ring", settings={"images": 512, "batch_size": 64, "threads": 1, "sample_every": 256}
    )
    run = lab.runs.submit(config)
    assert run.state == "completed", run.error
    made = lab.models.load(run)
    assert (made.sample(5) if made.can_sample else made.restore(torch.ones(5, 2))).shape == (5, 2)
    assert _size(lab.runs.read(run)) == (256, 256)


def test_the_prepared_data_are_used_again(lab: Lab):
    lab.runs.submit(short(lab, "vae", images=128))
    stores = sorted(p.name for p in lab.workspace.datasets.iterdir() if p.is_dir())
    lab.runs.submit(short(lab, "gan", images=128))
    assert sorted(p.name for p in lab.workspace.datasets.iterdir() if p.is_dir()) == stores


def test_a_run_that_cannot_be_judged_goes_on(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    from genlab.errors import InputError
    from genlab.worker import session

    def refuse(*arguments: object) -> None:
        raise InputError("No encoder.", "Try another.")

    monkeypatch.setattr(session, "evaluate", refuse)
    run = lab.runs.submit(short(lab, "vae", evaluate_every=512))
    assert run.state == "completed" and "not evaluated: No encoder." in capsys.readouterr().err


def test_a_stop_does_not_wait_for_an_evaluation(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    from genlab.worker import session

    def endless(run: RunDirectory, request: object, workspace: object, progress: object) -> None:
        run.ask("stop")
        progress(0.5, "for ever")  # type: ignore[operator]
        pytest.fail("went on")

    monkeypatch.setattr(session, "evaluate", endless)
    run = lab.runs.submit(short(lab, "vae", evaluate_every=512))
    assert (run.state, run.images) == ("stopped", 512)


class Killed(BaseException):
    """What a test takes for SIGKILL: nothing of the worker is left to write a word."""


@pytest.mark.parametrize("again", [False, True], ids=["judged on resume", "whose run is killed twice"])
def test_a_checkpoint_whose_evaluation_was_cut_off_is_judged_on_resume(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, again: bool
):
    from genlab.worker import session

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(session, "evaluate", killed)
        with pytest.raises(Killed):
            lab.runs.submit(short(lab, "gan", evaluate_every=512))
        (run,) = lab.runs.all()
        assert lab.evaluations.all(run) == []
        if again:
            with pytest.raises(Killed):
                lab.runs.resume(run)
    assert lab.runs.resume(run).state == "completed"
    assert [document["images"] for document in lab.evaluations.all(run)] == [512, 1024]


def test_an_evaluation_that_crashes_does_not_end_training(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys):  # type: ignore[no-untyped-def]
    from genlab.worker import session

    def crash(*_: object) -> None:
        raise ZeroDivisionError("ha")

    monkeypatch.setattr(session, "evaluate", crash)
    assert lab.runs.submit(short(lab, "vae", evaluate_every=512)).state == "completed"
    assert "not evaluated" in capsys.readouterr().err
