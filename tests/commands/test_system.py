"""The doctor's report and what opening the app is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Capture


def test_doctor_prints_one_line_per_thing(cli: Capture):
    document = cli.json("doctor")
    assert document["healthy"] is True
    names = [check["name"] for check in document["checks"]]
    assert {"genlab", "torch", "device", "workspace", "data sets"} <= set(names)
    code, out, _ = cli("doctor")
    assert code == 0
    assert all(any(name in line for line in out.splitlines()) for name in names)


def test_doctor_says_what_needs_mending_and_exits_with_2(cli: Capture, tmp_path: Path):
    (tmp_path / "file").write_text("")
    document = cli.json("doctor", "--workspace", tmp_path / "file" / "workspace", code=2)
    broken = [check for check in document["checks"] if not check["ok"]]
    assert [check["name"] for check in broken] == ["workspace"]
    assert "--workspace" in broken[0]["hint"]


@pytest.mark.parametrize("word", [(), ("app",)])
def test_genlab_alone_opens_the_app(
    word: tuple[str, ...], cli: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    import genlab.server

    asked: dict[str, Any] = {}
    monkeypatch.setattr(genlab.server, "serve", lambda **options: asked.update(options))
    code, _, err = cli(*word, "--port", "8600", "--read-only", "--no-browser", "--workspace", tmp_path)
    assert code == 0, err
    assert asked == {
        "host": "127.0.0.1",
        "port": 8600,
        "workspace": tmp_path,
        "open_browser": False,
        "read_only": True,
    }


@pytest.mark.parametrize("words", [("--port", "0"), ("--port", "web"), ("--nix",), ("--workspace", "x", "runs")])
def test_bad_options_of_the_app_are_refused(words: tuple[str, ...], cli: Capture):
    cli.refusal(*words)
