"""A family is one file, and the objective that belongs to it: from a folder of one's own it appears everywhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, child_environment, genlab

FLOW = ROOT / "tests" / "support" / "flow"
INSIDE = "tests/contracts/inside_family_plugin.py"


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FLOW, tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__")))


def run_tests(plugins: Path, *words: str) -> dict[str, str]:
    """Test -> verdict, of tests run in a process that has the plugins."""
    command = [sys.executable, "-m", "pytest", "-v", "-n0", "-p", "no:cacheprovider", *words]
    environment = child_environment(GENLAB_PLUGINS=str(plugins))
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1_150, check=False
    )
    found = re.findall(r"::(\S+) (PASSED|FAILED|ERROR|SKIPPED)", done.stdout)
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    return dict(found)


def test_it_is_two_files_of_about_a_hundred_lines_without_encoder_or_critic() -> None:
    files = sorted(path.relative_to(FLOW).as_posix() for path in FLOW.rglob("*.py"))
    assert files == ["families/flow_matching.py", "objectives/flow_matching.py"]
    text = "".join((FLOW / name).read_text(encoding="utf-8") for name in files)
    assert text.count("\n") <= 125 and ".encoder(" not in text and ".critic(" not in text


@pytest.mark.timeout(1_200)
def test_it_goes_through_training_evaluation_pages_a_match_and_a_report(plugins: Path) -> None:
    verdicts = run_tests(plugins, INSIDE)
    assert set(verdicts.values()) == {"PASSED"} and len(verdicts) >= 14


@pytest.mark.slow
def test_it_keeps_the_contracts(plugins: Path) -> None:
    files = [f"tests/contracts/test_{name}.py" for name in ("families", "objectives", "presets")]
    verdicts = run_tests(plugins, *files, "-k", "flow_matching or ordinary")
    assert len([name for name in verdicts if "flow_matching" in name]) >= 15
    assert set(verdicts.values()) <= {"PASSED", "SKIPPED"}


def test_an_objective_whose_family_is_missing_is_left_out_and_told(plugins: Path, tmp_path: Path) -> None:
    shutil.rmtree(plugins / "families")
    why = "objectives/flow_matching.py is of the family 'flow_matching', which there is not."
    listed = genlab("models", "--json", GENLAB_PLUGINS=str(plugins))
    assert listed.returncode == 0 and f"warning: {why} Add families/flow_matching.py" in listed.stderr
    assert "flow_matching" not in [one["name"] for one in json.loads(listed.stdout)["models"]]
    refused = genlab("train", "--model", "flow_matching", "--data", "digits", GENLAB_PLUGINS=str(plugins))
    assert refused.returncode == 1 and why in refused.stderr and "Traceback" not in refused.stderr
    checks = json.loads(genlab("doctor", "--json", GENLAB_PLUGINS=str(plugins)).stdout)["checks"]
    assert why in [line["value"] for line in checks if line["name"] == "GENLAB_PLUGINS"]
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('pages/_router.py', default_timeout=60).run()\n"
        "app = app.switch_page('train.py').run()\n"
        "assert not app.exception and app.button(key='train/start')\n"
        "print(*[warning.value for warning in app.warning])"
    )
    environment = child_environment(GENLAB_PLUGINS=str(plugins), GENLAB_WORKSPACE=str(tmp_path / "workspace"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert why in done.stdout.replace("\\", "")
