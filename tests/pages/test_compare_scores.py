"""Compare, the numbers."""

from __future__ import annotations

import pytest

from tests.support.compare_page import make, open_compare
from tests.support.pages import words

pytestmark = pytest.mark.usefixtures("half_done")


def test_scores_of_different_data_stand_apart(lab):
    make(lab, "vae")
    other = make(lab, "gan", "gan", data="digits")
    other.write_environment({"data": {"fingerprint": "1" * 64}, "space": {"kind": "images"}})
    app = open_compare("vae", "gan")
    assert "cannot be compared" in words(app)
    assert len([item for item in app.markdown if item.value.startswith("### ") and "Headlines" not in item.value]) == 2


def test_damaged_files_are_told_and_left_out(lab):
    run = make(lab, "vae")
    (run.path / "evaluations" / "bad.json").write_text("{")
    next((run.path / "portraits").glob("*/ways.png")).write_bytes(b"no picture")
    app = open_compare("vae")
    assert "1 evaluation of VAE" in words(app)
    assert "cannot be read" in words(app)
    assert len(app.get("image")) == 4
