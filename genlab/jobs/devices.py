"""Which devices there are, found out without torch, so that a worker that waits for its turn stays small."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess

from genlab import cores


def gpu_count() -> int:
    """Number of NVIDIA GPUs that this process may use."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return len([part for part in visible.split(",") if part.strip() not in {"", "-1"}])
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    try:
        listing = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listing.stdout.splitlines())


def gpu_of_slot(slot: str) -> str:
    """What ``CUDA_VISIBLE_DEVICES`` must say in ``slot``: ``"cuda-1"`` is the second of the visible GPUs."""
    index = int(slot.rpartition("-")[2])
    visible = [part.strip() for part in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if part.strip()]
    return visible[index % len(visible)] if visible else str(index)


def choose_device(wanted: str) -> tuple[str, int]:
    """The device to queue for and how many of it there are; ``auto`` prefers a GPU."""
    gpus = gpu_count() if wanted in {"auto", "cuda"} else 0
    if gpus or wanted == "cuda":
        return "cuda", max(1, gpus)
    if wanted == "mps" or (wanted == "auto" and platform.system() == "Darwin" and platform.machine() == "arm64"):
        return "mps", 1
    return "cpu", 1


def at_once(wanted: str, threads: int | None) -> int:
    """Runs that train side by side on this machine.

    Args:
        wanted: Their device, as in their configuration.
        threads: Their threads; None for as many as a run gets here.
    """
    device, count = choose_device(wanted)
    room = max(1, cores.available() // (threads or cores.per_run())) if device == "cpu" else count
    return cores.slots() or room
