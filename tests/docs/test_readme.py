"""README and documentation name commands, settings, files and headings that exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from genlab.commands.train import parse_settings
from genlab.lab import Lab
from tests.docs.blocks import ROOT, blocks, commands
from tests.support.command import Capture, child_environment

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = [(path, words) for path in DOCUMENTS for words in commands(path) if words]
GROUPS = {"data", "export"}
PLAIN = re.compile(r"\x1b\[[0-9;]*m")


def _ids(value: object) -> str:
    return value.name if isinstance(value, Path) else " ".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("document", "words"), COMMANDS, ids=_ids)
def test_commands_and_their_options_exist(document: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    depth = 0 if words[0].startswith("-") else 2 if words[0] in GROUPS else 1
    code, text, _ = Capture(capsys)(*(words[:depth] or ["app"]), "--help")
    assert code == 0, f"{document.name}: genlab {' '.join(words)}"
    known = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", PLAIN.sub("", text)))
    options = {word.partition("=")[0] for word in words[depth:] if word.startswith("-")}
    assert options <= known, f"{document.name}: {options - known} of genlab {' '.join(words)}"


@pytest.mark.parametrize(
    ("document", "words"), [(d, w) for d, w in COMMANDS if w[0] == "train" and d.name == "README.md"], ids=_ids
)
def test_what_is_to_be_trained_can_be_configured(document: Path, words: list[str], tmp_path: Path) -> None:
    given = dict(pairwise(words))
    changes = [value for option, value in pairwise(words) if option == "--set"]
    data = given.get("--data", "mnist-5k")
    if data == "photos":
        data = "shapes"
    settings = {name: value for name, value in parse_settings(changes).items() if "$" not in str(value)}
    Lab(tmp_path).configs.draft(given.get("--model", "vae"), data, given.get("--preset", "quick"), settings)


def test_every_command_of_the_command_line_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    from genlab.cli import PANELS

    there = {words[0] for path, words in COMMANDS if path.name == "README.md"}
    assert {command.__name__ for group in PANELS.values() for command in group} | GROUPS <= there | {"app"}


@pytest.mark.slow
def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = blocks(ROOT / "README.md", "python")
    short = example.replace('"training.images": 100_000', '"training.images": 128, "training.threads": 1')
    assert short != example
    done = subprocess.run(
        [sys.executable, "-c", short],
        env=child_environment(GENLAB_WORKSPACE=str(tmp_path / "workspace")),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "completed" in done.stdout
    assert "torch.Size([16, 1, 8, 8])" in done.stdout


def _anchor(heading: str) -> str:
    """The address of a heading, as Markdown viewers make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def _anchors(document: Path) -> set[str]:
    return {
        _anchor(heading) for heading in re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    for target in targets:
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = document if not name else Path(os.path.normpath(document.parent / name))
        assert path.exists(), f"{document.name}: {target}"
        assert not anchor or anchor in _anchors(path), f"{document.name}: {target}"


def test_there_are_documents_to_look_at() -> None:
    assert len(COMMANDS) > 20
