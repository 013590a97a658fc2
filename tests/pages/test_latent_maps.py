"""Latent: maps beyond the first are made on request."""

from __future__ import annotations

from pathlib import Path

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.latent_page import explored
from tests.support.pages import checked, labels, open_page


def test_another_map_is_made_on_request(lab: Lab, started: list[Path]):
    explored(lab)
    app = open_page("latent.py", run="run")
    assert not started and {"Add a UMAP map", "Add a t-SNE map"} <= set(labels(app.button))
    app.button(key="latent/add/umap").click()
    checked(app.run())
    (path,) = started
    assert JobDirectory(path).request()[1]["method"] == "umap" and "Cancel" in labels(app.button)
