"""What shows things asks the lab: it opens no run, job or match for writing, and walks no folder of a workspace."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import CODE, ROOT, short, tree

WALKS = {"glob", "rglob", "iterdir", "scandir", "listdir"}
WRITERS = {
    "RunDirectory",
    "JobDirectory",
    "MatchDirectory",
    "find_run",
    "find_runs",
    "find_jobs",
    "damaged_jobs",
    "Listing",
}


def around_the_lab(path: Path) -> Iterator[str]:
    """Places where what shows things looks into the workspace's folders itself instead of asking the lab."""
    for node in ast.walk(tree(path)):
        where = f"{short(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ImportFrom):
            yield from (f"{where} {alias.name}" for alias in node.names if alias.name in WRITERS)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WALKS:
                yield f"{where} {ast.unparse(node.func)}"
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value).endswith("lab.workspace")
            and node.attr != "path"
        ):
            yield f"{where} lab.workspace.{node.attr}"


def test_what_shows_things_asks_the_lab_and_walks_no_folder():
    own_files = "genlab/ui/components/assets.py"
    looked = [p for p in CODE if short(p).startswith(("genlab/ui/", "genlab/presentation/", "pages/"))]
    assert [where for p in looked if short(p) != own_files for where in around_the_lab(p)] == []


@pytest.mark.parametrize(
    "line",
    [
        "from genlab.store.run import Run, RunDirectory",
        "from genlab.jobs.background import JobDirectory",
        'list((run.path / "evaluations").glob("*.json"))',
        "_lab.workspace.jobs",
        "str(lab.workspace.runs)",
    ],
)
def test_the_search_for_ways_around_the_lab_finds_them(line: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"{__name__}.tree", lambda path: ast.parse(line))
    assert len(list(around_the_lab(ROOT / "app.py"))) == 1
