"""Training and resuming from the command line, with a worker that trains nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genlab.commands.train import complete_data, complete_model, complete_preset, parse_settings
from genlab.errors import InputError
from genlab.store.run_directory import RunDirectory
from tests.support.command import FAKE_WORKER, Capture, child_environment

TRAIN = ("train", "--data", "digits", "--set", "network=mlp", "--images", "400")


def test_set_takes_words_and_json():
    assert parse_settings(["loss=hinge", "a.b = 1", 'watch.trackers=["mlflow"]', "x=a=b"]) == {
        "loss": "hinge",
        "a.b": "1",
        "watch.trackers": ["mlflow"],
        "x": "a=b",
    }


@pytest.mark.parametrize("broken", ["loss", "=hinge", "trackers=[mlflow"])
def test_a_broken_set_is_refused(broken: str):
    with pytest.raises(InputError) as refusal:
        parse_settings([broken])
    assert refusal.value.kind == "bad_usage"


def test_the_shell_completes_names(workspace: Path):
    assert complete_data("mnist-") == ["mnist-5k"]
    assert complete_model("va") == ["vae", "vae_gan"]
    assert complete_preset("qui") == ["quick"]


def test_every_option_arrives_in_the_configuration(cli: Capture, fake_worker: None):
    words = (*TRAIN, "--model", "gan", "--set", "loss=hinge", "--set", "batch_size=32", "--seed", "7", "--name", "mine")
    words += ("--threads", "2")
    document = cli.json(*words)
    assert (document["state"], document["name"], document["seed"]) == ("completed", "mine", 7)
    config = RunDirectory(Path(document["path"])).config()
    assert (config.training.images, config.training.batch_size, config.training.threads) == (400, 32, 2)
    assert config.model.options.loss.name == "hinge"
    assert config.preset == "quick"


def test_plain_lines_show_losses_speed_and_images(cli: Capture, fake_worker: None):
    code, out, err = cli(*TRAIN, "--name", "slow")
    assert (code, err) == (0, "")
    first, *_, last = out.splitlines()
    assert "vae on digits, 400 images" in first
    assert "images/s" in out and "vae 99" in out
    assert ": completed, 400 images" in last


def test_settings_that_few_images_ask_for_are_told(cli: Capture, fake_worker: None):
    few = ("--set", "data.limit=1000")
    _, out, _ = cli("train", "--data", "mnist-5k", "--model", "gan", "--images", "400", *few)
    assert "1,000 images to train on are few" in out and "Set augment=diffaugment" in out
    _, out, _ = cli("train", "--data", "mnist-5k", "--model", "gan", "--images", "400", *few, "--set", "augment=none")
    assert "are few" not in out


def test_with_json_stdout_is_one_document_and_stderr_is_empty(cli: Capture, fake_worker: None):
    code, out, err = cli(*TRAIN, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["images"] == 400


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [("fails", "failed", 1), ("diverges", "diverged", 1), ("fills-the-disk", "failed", 2), ("dies", "interrupted", 1)],
)
def test_a_run_that_ends_badly_says_why(name: str, state: str, code: int, cli: Capture, fake_worker: None):
    actual, out, err = cli(*TRAIN, "--name", name, "--json")
    document = json.loads(out)
    assert (actual, document["state"]) == (code, state)
    lines = err.splitlines()
    assert lines[0].startswith("error: ") and lines[1].startswith("hint: ") and len(lines) == 2
    if state != "interrupted":
        assert lines[0] == f"error: {document['error']['message']}"


def test_detach_returns_before_the_end_and_resume_goes_on(cli: Capture, fake_worker: None):
    run = cli.json(*TRAIN, "--name", "endless", "--detach")["run"]
    deadline = time.monotonic() + 30
    while cli.json("show", run)["images"] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    message, _ = cli.refusal("resume", run)
    assert "running" in message
    cli.json("pause", run)
    while cli.json("show", run)["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert cli.json("show", run)["state"] == "paused"
    assert cli.json("resume", run, "--detach")["state"] in {"queued", "running"}
    while cli.json("show", run)["state"] != "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    cli.json("stop", run)
    while cli.json("show", run)["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert cli.json("show", run)["state"] == "stopped"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--data", "nix"), "data set"),
        (("--model", "nix"), "model"),
        (("--preset", "nix"), "preset"),
        (("--set", "nix=1"), "setting"),
        (("--set", "loss=nix", "--model", "gan"), "loss"),
        (("--set", "latent_dim=0"), "latent_dim"),
        (("--set", "lr=fast"), "lr"),
        (("--set", "batch_size=5000"), "batch"),
        (("--set", "batch_size"), "NAME=VALUE"),
        (("--images", "0"), "images"),
        (("--images", "many"), "--images"),
        (("--seed", "-1"), "seed"),
        (("--nix",), "--nix"),
        (("nix",), "nix"),
    ],
)
def test_bad_input_is_refused_with_nothing_written(
    change: tuple[str, ...], words: str, cli: Capture, fake_worker: None, workspace: Path
):
    message, hint = cli.refusal(*TRAIN, *change)
    assert words in message
    assert hint
    assert not workspace.exists()


def test_a_workspace_that_cannot_be_written_to_is_refused(cli: Capture, fake_worker: None, tmp_path: Path):
    (tmp_path / "file").write_text("")
    message, hint = cli.refusal(*TRAIN, "--workspace", tmp_path / "file" / "workspace")
    assert "file" in message and "--workspace" in hint


def test_a_full_disk_is_refused_with_code_2(
    cli: Capture, fake_worker: None, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    cli("runs")
    real = Path.mkdir

    def full(self: Path, *args: object, **kwargs: object) -> None:
        if ".staging-" in self.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", full)
    message, _ = cli.refusal(*TRAIN)
    assert "full" in message
    assert list((workspace / "runs").iterdir()) == []


def start(workspace: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "genlab", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(GENLAB_LAUNCH=FAKE_WORKER, GENLAB_WORKSPACE=str(workspace)),
        start_new_session=True,
        # Whoever runs the tests in the background of a shell passes on that Ctrl-C is to be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_until_training(workspace: Path) -> RunDirectory:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for path in (workspace / "runs").glob("2*"):
            if RunDirectory(path).status().get("state") == "running":
                return RunDirectory(path)
        time.sleep(0.05)
    raise AssertionError("the run did not start")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_stop_the_run_and_say_how_to_go_on(workspace: Path, sent: signal.Signals):
    process = start(workspace, *TRAIN, "--name", "endless", "--json")
    try:
        directory = wait_until_training(workspace)
        time.sleep(0.5)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait(timeout=30)
    assert process.returncode == 130, err
    assert json.loads(out)["state"] == "stopped"
    assert directory.summary().state == "stopped"
    assert f"genlab resume {directory.path.name}" in err
    assert "Traceback" not in err


def test_the_run_outlives_the_command_that_started_it(workspace: Path):
    process = start(workspace, *TRAIN, "--name", "endless")
    directory = wait_until_training(workspace)
    process.kill()
    process.communicate(timeout=30)
    time.sleep(0.3)
    assert directory.summary().state == "running"
    directory.ask("stop")
    deadline = time.monotonic() + 30
    while directory.summary().active:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert directory.summary().state == "stopped"
