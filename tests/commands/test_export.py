"""``genlab export home``: a folder that any web server can host, or one sentence."""

from __future__ import annotations

from pathlib import Path

from tests.presentation.test_front import zoo
from tests.support.command import Capture

__all__ = ["zoo"]


def test_the_page_is_written_and_told(cli: Capture, zoo: Path, tmp_path: Path):
    target = tmp_path / "page"
    document = cli.json("export", "home", "--out", str(target))
    assert document["path"] == str(target) and document["shown"]["mnist-5k"][0] == "mnist-5k-vae-balanced"
    files = [path for path in target.rglob("*") if path.is_file()]
    assert document["files"] == len(files) and document["bytes"] == sum(path.stat().st_size for path in files)


def test_a_folder_that_is_not_empty_is_refused_in_one_sentence(cli: Capture, zoo: Path, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    message, hint = cli.refusal("export", "home", "--out", str(tmp_path / "full"))
    assert message.endswith("is not an empty folder.") and hint
