"""The search for kinds of data that are told by their names finds them, and nothing else."""

from __future__ import annotations

import ast

import pytest

from tests.support.kind_names import kinds_by_name


@pytest.mark.parametrize(
    "line",
    [
        "if info.kind == 'images': pass",
        "if 'points' != space.kind: pass",
        "x = run.kind() in ('images', 'points')",
        "images = facts.get('data') == 'images'",
        "LEAST = {'images': 4, 'points': 16}",
        "x = {'images': 4}[space.kind]",
        "kind: Literal['images', 'points']",
        "kind: str = 'images'",
        "def f(kind='images'): pass",
        "def f(*, kind: str = 'points'): pass",
        "x = environment.get('kind', 'images')",
        "x = Space('points', (2,))",
        "x = kinds.get('images')",
        "x = DatasetInfo(kind='images')",
        "from genlab.kinds.images import SPEC",
        "from genlab.kinds import points",
        "match space.kind:\n    case 'images': pass",
    ],
)
def test_the_search_for_kinds_finds_them(line: str):
    assert list(kinds_by_name(ast.parse(line)))


@pytest.mark.parametrize("line", ["x = row['images'] <= seen", "x = {'images': run.images}", "x = order == 'images'"])
def test_a_count_of_images_is_no_kind_of_data(line: str):
    assert list(kinds_by_name(ast.parse(line))) == []
