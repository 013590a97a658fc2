"""Imports on the pages: under way, seen from everywhere; ended without a data set, with what can be done about it."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genlab.jobs.background import Job, JobDirectory
from genlab.lab import Lab
from tests.support.browser import wait_until
from tests.support.images import many, pets, picture, zipped
from tests.support.importing import added, name_of, upload
from tests.support.pages import checked, labels, open_page, told, words
from tests.support.runs import make_run


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """With one run in it: Home then has no need to decode the digits it greets newcomers with."""
    make_run(workspace / "runs", images=1_024, samples=())
    return workspace


@pytest.fixture
def halted(workspace: Path) -> Iterator[Callable[[], Job]]:
    """Halts the process of the import that is under way in the midst of its work, and gives its job."""
    halted: list[int] = []

    def halt() -> Job:
        wait_until(lambda: Lab().imports.all()[0].job.share > 0, what="progress")
        job = Lab().imports.all()[0].job
        halted.append(JobDirectory(job.path).status()["pid"])
        os.kill(halted[0], signal.SIGSTOP)
        return job

    yield halt
    for pid in halted:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def uploads_of(workspace: Path) -> list[str]:
    return [path.name for path in (workspace / "datasets" / ".uploads").rglob("*.zip")]


def begun(content: bytes) -> AppTest:
    return checked(upload("pets.zip", content).button(key="add/go").click().run())


def press(app: AppTest, label: str) -> AppTest:
    return checked(next(button for button in app.button if button.label == label).click().run())


def half() -> bytes:
    """A zip with a JPEG that is damaged behind its header, and not among those that a preview decodes."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(picture(side=256))).save(buffer, "JPEG")
    torn = buffer.getvalue()[: len(buffer.getvalue()) // 2]
    good = {f"{index:02d}.png": picture(index) for index in range(40)}
    return zipped(good | {"torn.jpg": torn})


def test_an_import_under_way_is_seen_from_every_page_and_can_be_cancelled(workspace, halted):
    app = begun(many())
    job = halted()
    assert "pets" in app.query_params["data"]
    assert "# pets" in words(app) and "leave this page or close it" in words(app)
    for page, query, shown in (
        ("data.py", {"data": "pets"}, "# pets"),
        ("data.py", {}, "## Being added"),
        ("home.py", {}, "adding pets"),
        ("curves.py", {}, "adding pets"),
    ):
        other = open_page(page, **query)
        assert shown in words(other), (page, query)
        assert ("Cancel" in labels(other.button)) == (page != "curves.py"), "another session has it too"
    again = checked(upload("pets.zip", zipped(pets())).button(key="add/go").click().run())
    assert "A data set called 'pets' is being added at this moment." in told(again)
    press(open_page("data.py", data="pets"), "Cancel")
    assert "Stopping…" in labels(open_page("data.py").button)
    os.kill(JobDirectory(job.path).status()["pid"], signal.SIGCONT)
    added(open_page("data.py"))
    assert Lab().imports.all() == [] and "Being added" not in words(open_page("data.py"))
    assert uploads_of(workspace) == ["pets.zip"], "the one that was refused is still in its form"


def test_what_is_refused_while_it_is_read_can_be_read_another_way(workspace):
    app = added(begun(half()))
    assert "torn.jpg" in words(app) and len(app.error) == 1
    assert "torn.jpg" in words(open_page("data.py")) and "pets could not be added" in labels_of_links(open_page())
    app = press(app, "Read it another way")
    assert "**41 images** · no classes" in words(app) and name_of(app) == "pets"
    assert Lab().imports.all() == [] and uploads_of(workspace) == ["pets.zip"]
    app.segmented_control(key="add/bad").set_value("skip").run()
    app = added(checked(app.button(key="add/go").click().run()))
    assert (Lab().data.describe("pets").count, Lab().data.describe("pets").skipped) == (40, 1)
    assert "# pets" in words(app) and uploads_of(workspace) == []


def labels_of_links(app: AppTest) -> str:
    return " ".join(item.proto.label for item in app.get("page_link"))


def test_what_is_refused_can_be_thrown_away(workspace):
    app = added(begun(half()))
    press(app, "Throw away")
    assert Lab().imports.all() == [] and uploads_of(workspace) == []
    assert "torn.jpg" not in words(open_page("data.py"))


def test_a_killed_import_is_told_and_tried_again_without_another_upload(workspace, halted):
    begun(many(1_000, 150))
    os.kill(JobDirectory(halted().path).status()["pid"], signal.SIGKILL)
    app = open_page("data.py", data="pets")
    assert "The process that did this is gone." in told(app)
    app = added(press(app, "Try again"))
    assert Lab().data.describe("pets").count == 150 and uploads_of(workspace) == []
    assert "# pets" in words(app)


def test_a_data_set_that_has_come_is_in_the_gallery(workspace):
    begun(many(64, 40))
    app = open_page("data.py")
    wait_until(lambda: not Lab().imports.all(), what="the data set")
    assert "pets" in labels(checked(app.run()).button)


def test_looking_only_shows_no_imports(workspace, halted, monkeypatch):
    begun(many())
    halted()
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    assert "Being added" not in words(open_page("data.py"))
    assert "adding pets" not in words(open_page())
    assert "leave this page" not in words(open_page("data.py", data="pets"))
