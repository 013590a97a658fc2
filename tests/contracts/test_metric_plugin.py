"""A metric in a folder of one's own is put to the sabotage contract, which catches the ones that claim too much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

METRIC = '''"""How far the middle of the generated items is from that of the real ones."""

import numpy as np

from genlab.metrics.base import Measured, MetricSpec


def compute(evidence, options, rng):
    real, fake = evidence.real.features, evidence.fake.features
    value = float(np.linalg.norm(real.mean(axis=0) - fake.mean(axis=0))) + {luck} * rng.random()
    error = 2 * float(np.sqrt(real.var(axis=0).sum() / len(real) + fake.var(axis=0).sum() / len(fake)))
    return Measured(value, max(0.0, value - error), value + error, n=len(fake))


SPEC = MetricSpec(
    title="Middle",
    summary="How far the middles are apart",
    group="fidelity",
    better="{better}",
    limits=(0, {most}),
    minimum=20,
    compute=compute,
    notices={notices},
    ignores={ignores},
)
'''
RIGHT = {
    "luck": 0.0, "better": "down", "most": None, "notices": ("one_image", "one_class"), "ignores": ("memorised",)
}  # fmt: skip
METRICS = {
    "mine": {},
    "mine_upside_down": {"better": "up"},
    "mine_that_claims_too_much": {"notices": ("one_class", "memorised"), "ignores": ()},
    "mine_that_claims_too_little": {"ignores": ("noisy",)},
    "mine_that_notices_nothing": {"notices": ()},
    "mine_by_luck": {"luck": 1e-6},
    "mine_beyond_its_limits": {"most": 1e-3},
}


@pytest.mark.slow
def test_the_contract_tests_find_new_metrics_and_catch_broken_ones(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    for name, changes in METRICS.items():
        (folder / f"{name}.py").write_text(METRIC.format(**{**RIGHT, **changes}))
    tests = ["tests/contracts/test_metrics.py", "-k", "mine", "-v", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        env={**os.environ, "GENLAB_PLUGINS": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, dict[str, str]] = {name: {} for name in METRICS}
    for line in done.stdout.splitlines():
        if "%]" in line:
            test, verdict, *_ = line.split("::")[1].split()
            found[test.partition("[")[2].rstrip("]").split("-")[0]][test] = verdict
    assert len(found["mine"]) >= 12
    assert set(found["mine"].values()) == {"PASSED"}
    failed = {
        name: {test.split("[")[0] for test, verdict in tests.items() if verdict == "FAILED"}
        for name, tests in found.items()
    }
    assert failed["mine_upside_down"] == {"test_it_notices"}
    assert failed["mine_that_claims_too_much"] == {"test_it_notices"}
    assert found["mine_that_claims_too_much"]["test_it_notices[mine_that_claims_too_much-digits-one_class]"] == "PASSED"
    assert failed["mine_that_claims_too_little"] == {"test_it_ignores"}
    assert failed["mine_that_notices_nothing"] == {"test_what_judges_samples_notices_some_damage"}
    assert failed["mine_by_luck"] == {"test_the_same_seed_gives_the_same_numbers"}
    assert "test_it_gives_a_number_with_an_interval_or_a_reason" in failed["mine_beyond_its_limits"]
