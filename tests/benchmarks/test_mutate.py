"""Mutants: what is changed and what is left alone, and where a mutant stands when lines move."""

from __future__ import annotations

import ast

import pytest

from benchmarks._mutate import mutants


def changes(source: str) -> list[str]:
    return [mutant.change(source) for mutant in mutants("m.py", source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a < b -> (a <= b)"]),
        ("a <= b == c", ["a <= b == c -> (a < b == c)", "a <= b == c -> (a <= b != c)"]),
        ("a is not None", ["a is not None -> (a is None)"]),
        ("a * factor", ["a * factor -> (a / factor)", "a * factor -> (a)"]),
        ("a += b", ["a += b -> a -= b", "a += b -> pass"]),
        ("a and b", ["a and b -> (a or b)"]),
        ("not a", ["not a -> (a)"]),
        ("-a", ["-a -> (a)"]),
        ("x = 0", ["0 -> 1"]),
        ("x = 3", ["3 -> 2", "3 -> 4"]),
        ("x = 0.9", ["0.9 -> 0.45", "0.9 -> 1.8"]),
        ("x = True", ["True -> False"]),
        ("x = a['images']", ["'images' -> 'images_'"]),
        ("x = 'Some words for people.'", []),
        ("f(a)", ["f(a) -> pass"]),
        ("x = f(a, b=c)", [", b=c -> nothing"]),
        ("x = f(b=c, d=e)", ["b=c, -> nothing", ", d=e -> nothing"]),
        ("x = min(a)", ["min -> max"]),
        ("a.b = c", ["a.b = c -> pass"]),
        ("if a: pass", ["a -> (not a)"]),
        ("for i in a:\n    break", ["break -> continue"]),
        ("def f():\n    return x", ["return x -> return None"]),
        ("def f():\n    return None", []),
    ],
)
def test_what_is_changed(source: str, expected: list[str]) -> None:
    assert sorted(changes(source)) == sorted(expected)


@pytest.mark.parametrize(
    "source",
    [
        '"""A text: 1 < 2."""',
        "def f(a: int | None) -> list[int]: ...",
        "@decorated(frozen=True)\nclass A: ...",
        "if TYPE_CHECKING:\n    x = 1",
        "Name = Literal['a', 'b']",
        "__all__ = ['a']",
        "assert a > 1",
        "x = f'{a + 1}'",
        "import a.b",
    ],
)
def test_what_is_left_alone(source: str) -> None:
    assert changes(source) == []


def test_a_mutant_differs_in_its_place_only() -> None:
    source = "# é ü\nx = [\n    'ähnlich', a < 1,\n]\ny = 2\n"
    for mutant in mutants("m.py", source):
        changed = mutant.applied(source)
        ast.parse(changed)
        assert changed != source
        assert changed.splitlines()[:2] == source.splitlines()[:2]
    (comparison,) = [m for m in mutants("m.py", source) if m.operator == "comparison"]
    assert comparison.applied(source) == source.replace("a < 1", "(a <= 1)") and comparison.line == 3


def test_a_mutant_is_known_again_when_lines_move() -> None:
    source = "x = a < b\ny = a < b\n"
    moved = "import z\n\n" + source
    keys = [mutant.key(source) for mutant in mutants("m.py", source)]
    assert keys == [mutant.key(moved) for mutant in mutants("m.py", moved)]
    assert len(set(keys)) == 2
