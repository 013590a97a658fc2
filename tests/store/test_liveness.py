"""A process is known by number and start, whatever is done to the clock."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from genlab.store.liveness import boot_id, identity, is_alive, moment, seconds_since

LINUX = pytest.mark.skipif(not boot_id(), reason="this system does not name its boots")


def test_this_process_lives():
    pid, started = identity()
    assert pid == os.getpid()
    assert is_alive(pid, started)
    assert is_alive(pid, None)


def test_another_start_is_another_process():
    pid, started = identity()
    now = psutil.Process().create_time()
    assert not is_alive(pid, now - 60)
    if isinstance(started, str):
        boot, ticks = started.split("/")
        assert not is_alive(pid, f"{boot}/{int(ticks) - 1}")
        assert not is_alive(pid, f"another-boot/{ticks}")


@LINUX
def test_setting_the_clock_changes_nobodys_identity():
    """The wall clock's start time is that of the boot, which moves with the clock, and the ticks since then."""
    program = (
        "import sys, psutil, psutil._pslinux as linux; real = linux.boot_time; step = float(sys.argv[1]);"
        "linux.boot_time = lambda: real() + step; psutil.boot_time = linux.boot_time; psutil._ctime = None;"
        "from genlab.store.liveness import identity; print(identity(int(sys.argv[2]))[1])"
    )
    pid = os.getpid()
    found = [
        subprocess.run(
            [sys.executable, "-c", program, step, str(pid)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for step in ("0", "2", "-3600")
    ]
    assert found == [identity()[1]] * 3
    assert is_alive(pid, found[1])


def test_what_older_releases_wrote_is_read_as_before():
    pid, started = os.getpid(), psutil.Process().create_time()
    assert is_alive(pid, started)
    assert is_alive(pid, started + 0.5)
    assert not is_alive(pid, started + 5)


@pytest.mark.parametrize("started", ["", "x", "a/b/c", float("nan")])
def test_nonsense_is_nobody(started: object):
    assert not is_alive(os.getpid(), started)


def test_a_dead_process_is_dead_even_as_a_zombie():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    pid, started = identity(child.pid)
    assert is_alive(pid, started)
    child.kill()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(pid, started), "a zombie"
    child.wait()
    assert not is_alive(pid, started)


@LINUX
def test_how_long_ago_something_was_does_not_hang_on_the_clock(monkeypatch: pytest.MonkeyPatch):
    then, updated = moment(), time.time()
    monkeypatch.setattr(time, "time", lambda: updated + 3_600)
    assert 0 <= seconds_since(then, updated) < 60
    assert seconds_since(None, updated) == 3_600, "what older releases wrote"
    assert seconds_since("another-boot/1.0", updated) == float("inf")
