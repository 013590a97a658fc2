"""What the conductor promises: it decides by records, and uses the lab as a person would."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.command import ROOT

CONDUCTOR = ROOT / "genlab" / "conductor.py"


def by_name(path: Path) -> Iterator[str]:
    """Values that are looked up under a name, as in ``document["entries"]`` or ``document.get("entries")``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript):
            key: ast.expr | None = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            key = node.args[0] if node.args else None
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield f"{path.name}:{node.lineno} {ast.unparse(node)}"


def test_the_conductor_decides_by_records_and_not_by_documents():
    assert list(by_name(CONDUCTOR)) == []


def test_the_search_for_documents_finds_them(tmp_path: Path):
    (tmp_path / "some.py").write_text("a['b']\na.get('b')\na[0]\na.get(b)")
    assert list(by_name(tmp_path / "some.py")) == ["some.py:1 a['b']", "some.py:2 a.get('b')"]


def test_the_conductor_uses_the_lab_as_a_person_would():
    tree = ast.parse(CONDUCTOR.read_text(encoding="utf-8"))
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words = {name.removeprefix("self.lab.") for name in used if name.startswith("self.lab.")}
    assert {"runs.submit", "runs.resume", "matches.judge_run", "matches.judge"} <= words
    assert [word for word in words if word.startswith("_") or "._" in word] == []
