"""Where one goes from a run's page: a finished run is compared with one that ships, others with those beside them."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from tests.support.pages import open_page
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace, tmp_path, monkeypatch) -> Lab:
    make_run(tmp_path / "zoo" / "runs", "shipped-vae", model="vae", data="mnist-5k")
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    return Lab()


def compared(run: str) -> tuple[list[str], str]:
    """Whom the link to Compare takes along, and what it says of that."""
    (link,) = [each.proto for each in open_page("train.py", run=run).get("page_link") if each.proto.label == "Compare"]
    return [name for key, _, name in (part.partition("=") for part in link.query_string.split("&")) if key == "run"], (
        link.help
    )


def test_a_finished_run_is_compared_with_the_one_that_ships(lab):
    make_run(lab.workspace.runs, "mine", model="vae", data="mnist-5k")
    make_run(lab.workspace.runs, "failed", model="vae", data="mnist-5k", state="failed")
    names, words = compared("mine")
    assert names == ["mine", "shipped-vae"] and words.startswith("Beside ") and "comes with genlab" in words
    assert compared("failed") == (["failed"], "")
