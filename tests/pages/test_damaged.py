"""What cannot be read is deleted from its list."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.support.pages import checked, open_page


def test_damaged_things_are_deleted_from_their_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from tests.support.runs import make_run

    monkeypatch.setenv("GENLAB_WORKSPACE", str(tmp_path))
    make_run(tmp_path / "runs", "20261101-000000-vae-whole")
    (tmp_path / "runs" / "broken").mkdir()
    (tmp_path / "runs" / "broken" / "config.json").write_text("{")
    app = open_page()
    assert "1 damaged run in this workspace" in [item.label for item in app.expander]
    checked(app.selectbox(key="home/damaged/which").select("run broken").run())
    checked(app.button(key="home/damaged/delete").click().run())
    assert not (tmp_path / "runs" / "broken").exists() and not app.expander
    assert [run.id for run in Lab().runs.all()] == ["20261101-000000-vae-whole"]
