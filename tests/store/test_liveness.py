"""A process is known by number and start time."""

from __future__ import annotations

import os
import subprocess
import sys

from genlab.store.liveness import identity, is_alive


def test_this_process_lives():
    pid, started = identity()
    assert pid == os.getpid()
    assert is_alive(pid, started)
    assert is_alive(pid, None)


def test_another_start_time_is_another_process():
    pid, started = identity()
    assert not is_alive(pid, started - 60)


def test_a_dead_process_is_dead_even_as_a_zombie():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    pid, started = identity(child.pid)
    assert is_alive(pid, started)
    child.kill()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(pid, started), "a zombie"
    child.wait()
    assert not is_alive(pid, started)
