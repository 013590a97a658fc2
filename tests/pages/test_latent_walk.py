"""Latent: a walk is drawn as a film."""

from __future__ import annotations

from pathlib import Path

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.latent_page import explored, tell
from tests.support.pages import open_page


def test_a_walk_is_drawn_in_the_background(lab: Lab, started: list[Path]):
    found = explored(lab)
    app = open_page("latent.py", run="run")
    points = [{"index": 3}, {"z": [0.0] * 6}]
    tell(app, found, export_walk={"format": "gif", "points": points, "loop": True, "source": 0})
    (path,) = started
    walk = JobDirectory(path).request()[1]["walk"]
    assert walk["points"] == [{"item": 3}, {"z": [0.0] * 6}] and walk["loop"] and walk["label"] is None
