"""A loss in a folder of one's own is a loss everywhere, and the contract tests find it with nothing written for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
GENERATORS = {
    "mine": "(real - fake).arctan() + 2",
    "mine_upside_down": "(fake - real).arctan() + 2",
    "mine_mixed_up": "(real - fake).arctan().mean().expand(len(fake))",
}


def test_the_contract_tests_find_new_losses_and_catch_broken_ones(tmp_path: Path) -> None:
    folder = tmp_path / "losses"
    folder.mkdir()
    for name, generator in GENERATORS.items():
        (folder / f"{name}.py").write_text(LOSS.format(generator=generator))
    tests = ["tests/contracts/test_losses.py", "-k", "mine", "-v", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        env={**os.environ, "GENLAB_PLUGINS": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    verdicts = [line.split("::")[1].split() for line in done.stdout.splitlines() if "%]" in line]
    of = {name: {test: verdict for test, verdict, *_ in verdicts if _case(test) == name} for name in GENERATORS}
    assert len(of["mine"]) >= 10
    assert set(of["mine"].values()) == {"PASSED"}
    failed = {name: {test.split("[")[0] for test, verdict in of[name].items() if verdict == "FAILED"} for name in of}
    assert failed["mine_upside_down"] == {"test_the_generator_wants_fake_up"}
    assert failed["mine_mixed_up"] == {"test_a_pair_is_judged_by_itself"}


def _case(test: str) -> str:
    """The loss in a test's parameters: ``test_x[mine-0.5]`` is about ``mine``."""
    return test.partition("[")[2].rstrip("]").split("-")[0]
