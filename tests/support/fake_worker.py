"""A worker that trains nothing: owns its run and writes what a real one would write, at once and without torch.

How it ends is chosen by the run's name: ``fails``, ``diverges``, ``fills-the-disk``, ``dies``, ``endless`` (until it is
asked to stop or pause), ``slow`` (completes after two
seconds); any other name completes at once.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from genlab.store.owner import declined, owning, sign
from genlab.store.run_directory import RunDirectory

WORKED = "working"
"""The line of its log by which a worker that has begun is known."""

ERRORS = {
    "fails": ("failed", {"kind": "internal", "message": "The worker failed: ValueError: no.", "hint": "See log.txt."}),
    "diverges": (
        "diverged",
        {"kind": "diverged", "message": "Training diverged: loss/vae is nan.", "hint": "Lower lr."},
    ),
    "fills-the-disk": ("failed", {"kind": "disk_full", "message": "The disk is full.", "hint": "Free some space."}),
}


def main(path: Path) -> None:
    """Pretend to train the run at ``path``, unless another does."""
    with owning(path, working=True):
        refusal = declined(path, RunDirectory(path).status())
        print(refusal or WORKED, flush=True)
        if refusal is None:
            _pretend(RunDirectory(path))


def _pretend(run: RunDirectory) -> None:
    name, target = run.config().name, run.config().training.images
    run.update_status(state="running", phase="training", **sign())
    images, deadline = 0, time.monotonic() + 60
    while images < target or name == "endless":
        images = min(target, images + max(1, target // 4))
        run.append_metrics({"images": images, "loss/vae": 100.0 - images / target, "images_per_second": 1_234.0})
        run.update_status(images=images, seconds=images / 1_234, speed=1_234.0)
        time.sleep(0.5 if name == "slow" else 0.05)
        asked = run.asked()
        if asked or time.monotonic() > deadline:
            run.update_status(state="paused" if asked == "pause" else "stopped", phase="")
            run.clear_requests()
            return
        if name == "dies":
            os._exit(9)
    state, error = ERRORS.get(name, ("completed", None))
    run.update_status(state=state, phase="", error=error)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
