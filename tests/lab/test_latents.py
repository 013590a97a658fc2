"""The lab's verbs for latent spaces: what is known is not done again, and refusals come before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.exploration.exploration_request import kept_exploration
from genlab.jobs.background import JobDirectory
from genlab.lab import Lab, ReadOnlyLab
from genlab.store import atomic
from genlab.worker.inline import InlineLauncher
from tests.support.evaluations import make_checkpoint
from tests.support.exploration import synthetic
from tests.support.images import picture
from tests.support.runs import make_run


class Nobody(InlineLauncher):
    """Starts nothing."""

    def launch_job(self, path: Path) -> None:
        return


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(tmp_path / "workspace", launcher=Nobody())
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    return lab


def test_exploring_comes_before_maps(lab: Lab):
    job = lab.latents.start("run")
    assert job is not None and job.state == "queued" and job.kind == "explore"
    with pytest.raises(InputError, match="not been explored"):
        lab.latents.start_projection("run", "umap")
    folder = kept_exploration(lab.runs.read("run"), lab.latents.request()).folder
    synthetic(folder, 60, 4, run="run")
    document = atomic.read_json(folder / "exploration.json") or {}
    atomic.write_json(folder / "exploration.json", {**document, "projections": ["pca"]})
    assert lab.latents.start("run") is None and lab.latents.start_projection("run", "pca") is None
    found = lab.latents.known("run")
    assert found is not None and len(found) == 60
    map_job = lab.latents.start_projection("run", "umap")
    assert map_job is not None and JobDirectory(map_job.path).request()[1]["method"] == "umap"


def test_walks_and_places_are_jobs_until_they_are_known(lab: Lab):
    walk = lab.latents.walk_request(points=({"item": 0}, {"item": 1}))
    assert lab.latents.walk("run", walk) is None
    job = lab.latents.start_walk("run", walk)
    assert job is not None and job.kind == "walk"
    image = lab.latents.fit("run", picture(side=40)).content
    assert lab.latents.fit("run", image).content == image
    assert lab.latents.placement("run", image) is None
    placed = lab.latents.start_placement("run", image)
    assert placed is not None and placed.kind == "place"


def test_a_picture_fits_and_other_things_are_refused(lab: Lab):
    item = lab.latents.fit("run", picture(side=40), "mine.png")
    assert item.name == "mine.png" and item.notes == ()
    with pytest.raises(InputError, match=r"^notes\.txt cannot be read: it is not a picture of a format that is read"):
        lab.latents.fit("run", b"no picture", "notes.txt")
    with pytest.raises(InputError, match="Images cannot be typed"):
        lab.latents.fit("run", "a cat")
    torn = make_run(lab.workspace.runs, "young")
    atomic.write_json(torn.path / "environment.json", {"space": {"kind": "images"}})
    with pytest.raises(InputError, match="does not say how large its images are"):
        lab.latents.fit("young", picture(side=40))


def test_who_may_only_look_starts_nothing(lab: Lab):
    guest = ReadOnlyLab(lab.workspace.path)
    assert guest.latents.known("run") is None
    assert not hasattr(guest.latents, "start")


def test_unknown_runs_and_settings_are_refused(lab: Lab):
    with pytest.raises(InputError):
        lab.latents.start("nothing")
    with pytest.raises(InputError, match="option 'colour'"):
        lab.latents.request(colour=3)
    with pytest.raises(InputError, match="steps"):
        lab.latents.walk_request(steps=1)
