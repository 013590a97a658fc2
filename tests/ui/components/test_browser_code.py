"""The unit tests of the browser's code, which Node.js runs, and what happens where there is none."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.browser_code import check
from tests.support.command import ROOT

HERE = Path(__file__).parent
TESTS = sorted(HERE.rglob("*.test.mjs"))


def test_the_browsers_code_passes_its_unit_tests():
    found = check.find()
    if found is None:
        assert not check.required(), check.MISSING
        pytest.skip(check.MISSING)
    done = subprocess.run(
        [*found.node, "--test", "--test-reporter=tap", *map(str, TESTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    (passed,) = re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert int(passed) >= len(TESTS)


def test_unit_tests_stand_where_the_code_does():
    code = ROOT / "genlab" / "ui" / "components"
    for path in TESTS:
        assert (code / path.relative_to(HERE).with_name(path.name.replace(".test.mjs", ".js"))).is_file(), path


@pytest.mark.parametrize(("insisted", "code"), [("", 0), ("1", 1)])
def test_without_node_one_line_says_that_nothing_was_checked(insisted, code, monkeypatch, capsys):
    monkeypatch.setattr(check, "find", lambda: None)
    monkeypatch.setenv("GENLAB_REQUIRE_BROWSER", insisted)
    assert check.main() == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The browser's code is not checked: there is no Node.js")


def test_a_node_that_is_too_old_is_none(monkeypatch, tmp_path):
    for name, said in (("node", "v20.18.3"), ("npm", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(check, "_packaged", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check.find() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.19.0\n")
    found = check.find()
    assert found is not None and found.node == (str(tmp_path / "node"),)
