"""A loss in a folder of one's own is a loss everywhere, and the contract tests find it with nothing written for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LOSS = '''"""A loss from outside."""

from genlab.objectives.base import LossSpec

SPEC = LossSpec(
    title="Mine",
    summary="The difference of scores, bent",
    critic=lambda real, fake: (fake - real).arctan() + 2,
    generator=lambda real, fake: {generator},
    reading="Both are 2 when the critic cannot tell.",
)
'''


def _contract(folder: Path, generator: str) -> subprocess.CompletedProcess[str]:
    (folder / "losses").mkdir()
    (folder / "losses" / "mine.py").write_text(LOSS.format(generator=generator))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/contracts/test_losses.py",
        "-k",
        "mine",
        "-v",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "GENLAB_PLUGINS": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)


def test_the_contract_tests_find_a_new_loss(tmp_path: Path) -> None:
    done = _contract(tmp_path, "(real - fake).arctan() + 2")
    assert done.returncode == 0, done.stdout
    assert "test_the_critic_wants_real_up_and_fake_down[mine-0.5] PASSED" in done.stdout


@pytest.mark.parametrize(
    ("generator", "failing"),
    [
        ("(fake - real).arctan()", "test_the_generator_wants_fake_up"),
        ("(real - fake).mean()", "test_a_pair_is_judged_by_itself"),
    ],
)
def test_the_contract_tests_catch_a_broken_loss(tmp_path: Path, generator: str, failing: str) -> None:
    done = _contract(tmp_path, generator)
    assert done.returncode == 1, done.stdout
    assert any(line.startswith("FAILED") and failing in line for line in done.stdout.splitlines()), done.stdout
