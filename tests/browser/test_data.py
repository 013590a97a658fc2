from __future__ import annotations

import io
import os
import signal
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.browser import settle, wait_until
from tests.support.images import many


def zip_of_pictures(path: Path, *, broken: bool = False) -> Path:
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("cats", "dogs"):
            for index in range(12):
                buffer = io.BytesIO()
                Image.fromarray(rng.integers(0, 255, (20, 20, 3), np.uint8)).save(buffer, "PNG")
                archive.writestr(f"{folder}/{index:02d}.png", buffer.getvalue())
        if broken:
            archive.writestr("cats/torn.png", b"\x89PNG\r\n\x1a\n and nothing more")
    return path


def test_the_gallery_fills_with_pictures_and_opens_a_data_set(server, page):
    page.goto(f"{server.url}/data")
    page.get_by_alt_text("Some items of Digits").wait_for()
    page.get_by_alt_text("Some items of Ring").wait_for()
    page.get_by_role("button", name="Digits", exact=True).click()
    page.wait_for_url("**/data?data=digits")
    page.get_by_alt_text("144 items of Digits, train part").wait_for()
    page.get_by_text("1,497 for training, 300 for testing").wait_for()
    page.get_by_role("button", name="Train on it").click()
    page.wait_for_url("**/train?data=digits")


@pytest.mark.slow
def test_points_are_drawn(server, page):
    page.goto(f"{server.url}/data?data=ring")
    page.locator(".js-plotly-plot").wait_for()
    assert "mode 8" in page.locator(".js-plotly-plot .legend").text_content()


def test_a_zip_is_previewed_added_and_removed_again(server, page, tmp_path):
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    page.locator("input[type=file]").set_input_files(zip_of_pictures(tmp_path / "My pets.zip"))
    page.get_by_text("24 images").first.wait_for()
    page.get_by_alt_text("The first 24 images as they would be stored").wait_for()
    assert page.get_by_role("textbox", name="Name of the data set").input_value() == "my-pets"
    page.get_by_role("button", name="Add to this workspace").click()
    page.wait_for_url("**/data?data=my-pets")
    page.get_by_text("20 × 20 px, colour", exact=True).wait_for()
    assert [info.name for info in Lab(server.workspace).data.all() if info.source == "added"] == ["my-pets"]
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("my-pets was removed").wait_for()
    assert not [info for info in Lab(server.workspace).data.all() if info.source == "added"]


@pytest.mark.slow
def test_a_damaged_picture_is_refused_with_its_name_or_skipped_by_choice(server, page, tmp_path):
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    page.locator("input[type=file]").set_input_files(zip_of_pictures(tmp_path / "torn.zip", broken=True))
    page.get_by_text("1 file cannot be used").wait_for()
    page.get_by_role("button", name="Add to this workspace").click()
    page.get_by_text("cats/torn.png").first.wait_for()
    settle(page)
    assert page.get_by_role("button", name="Add to this workspace").is_visible()
    page.get_by_text("Skip", exact=True).click()
    page.get_by_text("They will be skipped").wait_for()
    page.get_by_role("button", name="Add to this workspace").click()
    page.wait_for_url("**/data?data=torn")
    page.get_by_text("1 file that could not be read").wait_for()


def halted(lab: Lab, name: str) -> int:
    """The process of the import that adds ``name``, halted in the midst of its work."""
    wait_until(lambda: (one := lab.imports.known(name)) and one.job.share > 0, what="progress")
    pid: int = JobDirectory(lab.imports.known(name).job.path).status()["pid"]
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_an_import_goes_on_while_its_page_is_left_and_closed(server, visit, page, tmp_path):
    (tmp_path / "Holiday.zip").write_bytes(many(1_000, 600))
    lab = Lab(server.workspace)
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    page.locator("input[type=file]").set_input_files(tmp_path / "Holiday.zip")
    page.get_by_role("button", name="Add to this workspace").click()
    page.get_by_text("This goes on in the background").wait_for()
    pid = halted(lab, "holiday")
    try:
        page.get_by_role("progressbar").wait_for()
        page.get_by_role("button", name="All data sets").click()
        page.get_by_role("heading", name="Being added").wait_for()
        page.get_by_text("holiday · ").wait_for()
        page.get_by_role("link", name="Home").click()
        page.get_by_text("adding holiday").wait_for()
        page.close()
        again = visit.open()
        again.goto(f"{server.url}/data?data=holiday")
        again.get_by_role("button", name="Cancel").wait_for()
    finally:
        os.kill(pid, signal.SIGCONT)
    again.get_by_text("500 for training, 100 for testing").wait_for()
    assert lab.data.describe("holiday").count == 600
    assert not list(lab.workspace.uploads.rglob("*.zip"))
    again.get_by_role("button", name="All data sets").click()
    again.get_by_role("button", name="holiday", exact=True).wait_for()
    assert again.get_by_role("heading", name="Being added").count() == 0


@pytest.mark.slow
def test_a_killed_import_is_tried_again_and_a_cancelled_one_is_gone(server, page, tmp_path):
    (tmp_path / "Journey.zip").write_bytes(many(1_000, 600))
    lab = Lab(server.workspace)
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    page.locator("input[type=file]").set_input_files(tmp_path / "Journey.zip")
    page.get_by_role("button", name="Add to this workspace").click()
    os.kill(halted(lab, "journey"), signal.SIGKILL)
    page.get_by_text("The process that did this is gone.").wait_for()
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("This goes on in the background").wait_for()
    pid = halted(lab, "journey")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Stopping…").wait_for()
    os.kill(pid, signal.SIGCONT)
    page.get_by_text("journey was not added: it was cancelled.").wait_for()
    assert not list(lab.workspace.uploads.rglob("*.zip"))
    assert [path.name for path in (lab.workspace.datasets / "added").glob(".staging-*")] == []


@pytest.mark.parametrize("address", ["/genlab/runs/..%2f..%2fsecret/samples/1.png", "/genlab/data/..%2fx.png"])
def test_routes_give_nothing_outside_the_workspace(server, page, address):
    assert page.goto(f"{server.url}{address}").status in {400, 403, 404}


def drop_on(page, place, path: Path) -> None:
    """Drop a file or folder of this computer on an element, as a hand would."""
    box = place.bounding_box()
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})


def test_a_folder_that_is_dropped_keeps_its_sub_folders(server, page, tmp_path):
    with zipfile.ZipFile(zip_of_pictures(tmp_path / "x.zip")) as archive:
        archive.extractall(tmp_path / "Dropped pets")
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    drop_on(page, page.get_by_test_id("stFileUploaderDropzone"), tmp_path / "Dropped pets")
    page.get_by_text("2 classes · stored as 20 × 20 px").wait_for()
    assert page.get_by_role("textbox", name="Name of the data set").input_value() == "dropped-pets"
    page.get_by_role("button", name="Add to this workspace").click()
    page.wait_for_url("**/data?data=dropped-pets")
    page.get_by_role("button", name="Start a match").wait_for()
    info = Lab(server.workspace).data.describe("dropped-pets")
    assert (info.count, info.classes) == (24, ("cats", "dogs"))
    page.get_by_role("button", name="Start a match").click()
    page.wait_for_url("**/match?data=dropped-pets")


@pytest.mark.slow
def test_a_folder_can_be_chosen(server, page, tmp_path):
    with zipfile.ZipFile(zip_of_pictures(tmp_path / "x.zip")) as archive:
        archive.extractall(tmp_path / "Chosen pets")
    page.goto(f"{server.url}/data?add=1")
    settle(page)
    page.get_by_text("Choose a folder").click()
    page.get_by_text("A folder of files").wait_for()
    settle(page)
    page.locator("input[type=file]").set_input_files(tmp_path / "Chosen pets")
    page.get_by_text("2 classes · stored as 20 × 20 px").wait_for()
    assert page.get_by_role("textbox", name="Name of the data set").input_value() == "chosen-pets"
