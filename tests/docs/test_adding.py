"""What ``docs/adding.md`` tells people to write works as it stands, from a folder outside the package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from genlab.registry import DASHED
from tests.docs.blocks import ROOT, files
from tests.support.command import child_environment, genlab

RECIPES = files(ROOT / "docs" / "adding.md")
LOSS = "losses/squared_hinge.py"
KINDS = {
    "losses", "penalties", "likelihoods", "objectives", "families", "networks", "corruptions", "kinds", "datasets",
    "presets", "metrics", "encoders", "claims", "derivations",
}  # fmt: skip


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    folder = tmp_path / "my-lab"
    for name, content in RECIPES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_there_is_a_recipe_for_every_registry() -> None:
    assert {Path(name).parent.name for name in RECIPES} == KINDS


def test_a_loss_is_about_fifteen_lines() -> None:
    assert 8 <= len(RECIPES[LOSS].splitlines()) <= 15


def test_naming_the_recipes_loads_no_torch(plugins: Path) -> None:
    code = (
        "import sys\n"
        "from genlab.registry import PACKAGES, registry\n"
        "for kind in PACKAGES: print(*registry(kind).names())\n"
        "assert 'torch' not in sys.modules"
    )
    environment = child_environment(GENLAB_PLUGINS=str(plugins))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    for name in RECIPES:
        kind, stem = name.split("/")
        stem = stem.removesuffix(".py")
        assert (stem.replace("_", "-") if kind in DASHED else stem) in done.stdout.split()


def test_one_run_is_made_of_all_that_go_together(plugins: Path, tmp_path: Path) -> None:
    done = genlab(
        *("train", "--workspace", tmp_path / "workspace", "--data", "bars", "--model", "gan", "--json"),
        *("--preset", "small-latents", "--images", "256", "--set", "loss=squared_hinge", "--set", "threads=1"),
        *("--set", "penalty.weight=2", "--set", "penalty=flat_between", "--set", "network=shallow"),
        GENLAB_PLUGINS=str(plugins),
    )
    run = json.loads(done.stdout)
    assert (done.returncode, run["state"], run["data"], run["network"]) == (0, "completed", "bars", "shallow"), run
    config = json.loads((Path(run["path"]) / "config.json").read_bytes())
    assert config["latent_dim"] == 2
    assert config["model"]["loss"] == {"name": "squared_hinge"}
    assert config["model"]["penalty"] == {"name": "flat_between", "weight": 2.0}


@pytest.mark.slow
def test_the_recipes_keep_every_contract(plugins: Path) -> None:
    names = [Path(name).stem for name in RECIPES if not name.startswith("presets/")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/contracts",
        "-v",
        "-p",
        "no:cacheprovider",
        "-k",
        " or ".join(names),
    ]
    environment = child_environment(GENLAB_PLUGINS=str(plugins))
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [line for line in done.stdout.splitlines() if " PASSED" in line]
    for name in names:
        least = {"thumbnail": 1, "brightness": 3}.get(name, 5)
        assert len([line for line in passed if name in line]) >= least, f"{name} was hardly tested"
