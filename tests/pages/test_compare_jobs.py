"""Compare, what is computed in the background: pictures that are missing, and what fails."""

from __future__ import annotations

import pytest

from genlab.jobs.background import JobDirectory
from tests.support.compare_page import AT, labels, make, open_compare
from tests.support.comparison import add_checkpoint
from tests.support.pages import checked, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_pictures_that_are_missing_are_drawn_by_themselves_and_once(lab, half_done):
    make(lab, "vae", drawn=False)
    app = open_compare("vae")
    assert len(half_done) == 1
    assert "latents of its own" in words(app)
    assert "Cancel" in labels(app)
    checked(app.run())
    assert len(half_done) == 1
    app.button(key=f"compare/cancel/{half_done[0]}").click()
    checked(app.run())
    assert JobDirectory(lab.workspace.jobs / half_done[0]).cancelled


def test_older_checkpoints_are_drawn_on_demand(lab, half_done):
    run = make(lab, "vae", moments=(AT,))
    add_checkpoint(run, 1_024)
    app = open_compare("vae")
    assert not half_done
    app.button(key="compare/draw/portrait").click()
    checked(app.run())
    assert len(half_done) == 1 and half_done[0].startswith("portrait")


def test_a_failed_job_is_a_sentence_that_can_be_dismissed(lab, half_done):
    make(lab, "vae", value=None)
    app = open_compare("vae")
    app.button(key="compare/evaluate").click()
    checked(app.run())
    error = {"kind": "encoder_unavailable", "message": "The weights are missing.", "hint": "Connect once."}
    JobDirectory(lab.workspace.jobs / half_done[0]).update(state="failed", error=error)
    checked(app.run())
    shown = words(app).replace("\\", "")
    assert "The weights are missing." in shown and "Connect once." in shown
    app.button(key=f"compare/forget/{half_done[0]}").click()
    assert "The weights are missing." not in words(checked(app.run()))
