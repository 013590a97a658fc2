"""The code blocks of a Markdown file, for tests that run what the documentation says."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^`([\w/.-]+)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path, language: str) -> list[str]:
    """All blocks of ``language``, in order."""
    return [body for name, body in BLOCK.findall(document.read_text(encoding="utf-8")) if name == language]


def files(document: Path) -> dict[str, str]:
    """File name -> content of each Python block that stands below a line with only that name."""
    return dict(NAMED.findall(document.read_text(encoding="utf-8")))


def commands(document: Path) -> list[list[str]]:
    """The words of every ``genlab`` command in the blocks of shell and plain text, without comments and without
    what stands in a second column."""
    lines = [line for language in ("sh", "") for body in blocks(document, language) for line in body.splitlines()]
    words = [re.split(r" #|\s{2,}", line.strip())[0].split() for line in lines]
    return [line[1:] for line in words if line[:1] == ["genlab"]]
