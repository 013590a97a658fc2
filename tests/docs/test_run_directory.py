"""``docs/run-directory.md`` is right: its programs work without genlab, and it names all that a worker writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genlab.config import load_config
from genlab.worker.inline import InlineLauncher
from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from tests.docs.blocks import ROOT, blocks

DOCUMENT = ROOT / "docs" / "run-directory.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\s]+)`", TEXT))
"""Everything that stands in the document as code."""

PATTERNS = [
    re.compile(re.sub("PLAYER|PLACE|NAME", r"\\w+", re.escape(name))) for name in NAMED if re.search("[A-Z]", name)
]


def named(key: str) -> bool:
    return key in NAMED or any(pattern.fullmatch(key) for pattern in PATTERNS)


def described(section: str) -> set[str]:
    """The keys in the first column of the table in a section."""
    (text,) = re.findall(rf"^## {re.escape(section)}\n(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def program(name: str, *words: str | Path) -> str:
    """Output of one of the document's programs, run where genlab cannot be imported."""
    (code,) = [block for block in blocks(DOCUMENT, "python") if block.startswith(f"# {name}.py")]
    without_genlab = "import sys; sys.modules['genlab'] = None\n"
    command = [sys.executable, "-I", "-c", without_genlab + code, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_run_written_by_another_program_is_a_run(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "elsewhere"
    program("write_run", path)
    (run,) = Lab(tmp_path).runs.all()
    assert (run.name, run.state, run.family, run.images, run.target) == (
        "from elsewhere",
        "completed",
        "gan",
        2000,
        2000,
    )
    assert run.images_per_second == pytest.approx(160)
    rows, _ = RunDirectory(path).metrics()
    assert [row["images"] for row in rows] == [1000, 2000]
    assert RunDirectory(path).config().model.name == "gan"


def test_another_program_reads_a_run(tmp_path: Path) -> None:
    program("write_run", tmp_path / "run")
    with (tmp_path / "run" / "metrics.jsonl").open("a") as file:
        file.write('{"images": 3000, "st')
    assert program("read_run", tmp_path / "run").split() == ["gan", "completed", "2", "2000", "[]"]


def test_the_example_configuration_is_valid() -> None:
    example, *_ = blocks(DOCUMENT, "json")
    assert load_config(json.loads(example)).model.options.penalty.name == "r1"
    assert load_config({}).model.name == "vae"


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        ("vae", {"likelihood": "gaussian", "importance_samples": 2}),
        ("gan", {"penalty": "gradient_penalty"}),
        ("vae_gan", {}),
        ("soft_intro_vae", {}),
    ],
)
def test_the_document_names_all_that_a_worker_writes(model: str, settings: dict[str, object], tmp_path: Path) -> None:
    lab = Lab(tmp_path, launcher=InlineLauncher())
    small = {"images": 128, "threads": 1, "network.width": 16, "log_every": 64, "data.limit": 256}
    run = lab.runs.submit(lab.configs.make(model, "ring", settings={**small, **settings}))
    directory = lab.runs.read(run)
    assert run.state == "completed", directory.log_tail()
    rows, _ = directory.metrics()
    documents = {
        "status.json": directory.status(),
        "environment.json": directory.environment(),
        "metrics.jsonl": {key: value for row in rows for key, value in row.items()},
    }
    assert set(documents["status.json"]) == described("status.json")
    unnamed = [f"{file}: {key}" for file, keys in documents.items() for key in keys if not named(key)]
    assert unnamed == []
    files = {path.name for path in run.path.iterdir()} | {
        path.name for path in directory.checkpoints()[0].path.iterdir()
    }
    assert [name for name in files if name not in TEXT] == []
