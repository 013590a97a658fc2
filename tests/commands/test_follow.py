"""The live bar and the plain lines."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from genlab.commands.follow import Lines, describe_progress, ending, format_losses, losses
from genlab.store.run import Run
from tests.support.command import FAKE_WORKER, child_environment
from tests.support.runs import make_run

ROW = {"loss/critic": 0.69314, "loss/generator": 1_234_567.0, "vector/kl": [1.0], "images_per_second": 300}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = make_run(tmp_path, name="endless", images=1_024, target=4_096, samples=()).summary()
    return replace(run, state="running", phase="training", left=65.0)


def test_losses_are_those_of_the_players():
    assert losses(ROW) == {"critic": 0.69314, "generator": 1_234_567.0}
    assert format_losses(ROW) == "critic 0.6931  generator 1.235e+06"


def test_a_line_has_images_speed_losses_and_time_left(run: Run):
    assert (
        describe_progress(run, ROW)
        == "1,024 / 4,096 images  300 images/s  critic 0.6931  generator 1.235e+06  1 min 5 s left"
    )


def test_the_ending_says_state_images_and_time(run: Run):
    assert (
        ending(replace(run, state="stopped", left=None)) == f"{run.id}: stopped, 1,024 images in 1 s (2,000 images/s)"
    )


def test_lines_are_printed_on_a_change_and_then_only_now_and_then(run: Run, capsys: pytest.CaptureFixture[str]):
    lines = Lines(every=1_000)
    waiting = replace(run, state="queued", phase="waiting for a free slot")
    for now, row in [
        (waiting, {}),
        (waiting, {}),
        (run, {}),
        (run, ROW),
        (run, ROW),
        (replace(run, state="stopped"), ROW),
    ]:
        lines.update(now, row)
    out = capsys.readouterr().out.splitlines()
    assert out == ["waiting for a free slot", describe_progress(run, ROW)]


def read_all(handle: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(handle, 65_536)
        except OSError:  # what Linux says when the other end of a terminal is closed
            return
        if not part:
            return
        yield part


def test_on_a_terminal_there_is_a_live_bar_on_stderr_only(workspace: Path):
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "genlab",
            "train",
            "--data",
            "digits",
            "--set",
            "network=mlp",
            "--images",
            "2000",
            "--name",
            "slow",
        ],
        stdout=subprocess.PIPE,
        stderr=slave,
        env=child_environment(GENLAB_LAUNCH=FAKE_WORKER, COLUMNS="160", TERM="xterm"),
    )
    os.close(slave)
    drawn = b"".join(read_all(master)).decode()
    os.close(master)
    out = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0
    assert "images/s" in drawn and "vae 99" in drawn and "2,000" in drawn
    assert [line.split(":")[0][:2] for line in out.splitlines()] == ["20", "20"]
