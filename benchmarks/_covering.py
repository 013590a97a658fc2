"""Which tests go through which line: files of tests run once under coverage, every test under its own name.

What a test's fixtures do counts for all tests of its file, since fixtures may be shared; what functions remember is
forgotten from file to file. Processes that tests start are not followed.
"""

from __future__ import annotations

import ast
import gc
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from benchmarks._mutate import Mutant

SETUP, CALL = "|setup", "|call"


class Recorder:
    """A pytest plugin that tells coverage which test runs, and keeps what was found.

    Args:
        tree: The repository.
        kept: Of each file of tests where it is kept.
    """

    def __init__(self, tree: Path, kept: Mapping[str, Path]) -> None:
        self.tree, self.kept, self.file = tree, kept, ""
        self.coverage = Coverage(data_file=None, source=[str(tree / "genlab")], config_file=False, messages=False)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_sessionstart(self) -> None:
        """Begin before anything is imported."""
        self.coverage.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fixtures begin."""
        if _file_of(item.nodeid) != self.file:
            self.file = _file_of(item.nodeid)
            _forget()
        self.coverage.switch_context(item.nodeid + SETUP)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """The test begins."""
        self.coverage.switch_context(item.nodeid + CALL)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """The test has ended."""
        self.coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        """How long it takes, in seconds of computing: a busy machine makes no test slow."""
        began = time.process_time()
        done = yield
        self.seconds[item.nodeid] = time.process_time() - began
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Whether it can tell anything."""
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Keep it."""
        self.coverage.stop()
        data = self.coverage.get_data()
        passed = [test for test in self.seconds if test not in self.failed]
        of_file = {file: [test for test in passed if _file_of(test) == file] for file in self.kept}
        lines: dict[str, dict[str, dict[int, list[int]]]] = {file: {} for file in self.kept}
        number = {test: place for tests in of_file.values() for place, test in enumerate(tests)}
        for source in data.measured_files():
            name = Path(source).relative_to(self.tree).as_posix()
            for line, contexts in data.contexts_by_lineno(source).items():
                for file, own in _by_file(contexts).items():
                    if file in of_file:
                        found = sorted(set(_numbers(own, {test: number[test] for test in of_file[file]})))
                        lines[file].setdefault(name, {})[line] = found
        for file, out in self.kept.items():
            seconds = {test: round(self.seconds[test], 4) for test in of_file[file]}
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(json.dumps({"seconds": seconds, "lines": lines[file]}))


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _by_file(contexts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for context in contexts:
        found.setdefault(_file_of(context), []).append(context)
    return found


def _forget() -> None:
    """Empty what cached functions of the package remember, so that the next file of tests goes through their lines."""
    for thing in gc.get_objects():
        if type(thing) is _lru_cache_wrapper and getattr(thing, "__module__", "").startswith("genlab"):
            thing.cache_clear()


def _numbers(contexts: Iterable[str], number: dict[str, int]) -> Iterator[int]:
    for context in contexts:
        test, _, phase = context.rpartition("|")
        if phase == SETUP[1:]:
            yield from number.values()
        elif test in number:
            yield number[test]


class Covering:
    """What has been recorded.

    Args:
        files: Of each file of tests what a `Recorder` kept.
        tree: The repository.
    """

    def __init__(self, files: dict[str, Path], tree: Path) -> None:
        self._texts = {file: (tree / file).read_text(encoding="utf-8") for file in files}
        self.seconds: dict[str, float] = {}
        self._lines: dict[str, dict[int, set[str]]] = {}
        for path in files.values():
            found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {"seconds": {}, "lines": {}}
            tests = list(found["seconds"])
            self.seconds |= found["seconds"]
            for name, lines in found["lines"].items():
                own = self._lines.setdefault(name, {})
                for line, numbers in lines.items():
                    own.setdefault(int(line), set()).update(tests[number] for number in numbers)

    def of(self, mutant: Mutant, source: str) -> list[str]:
        """Tests that can notice a mutant, those first that are most likely to: near ones, then quick ones."""
        known, mirror = self._lines.get(mutant.file, {}), mirror_of(mutant.file)
        order: dict[str, None] = {}
        tree = ast.parse(source)
        for lines in _places(tree, mutant.line):
            group = {test for line in lines for test in known.get(line, ())}
            order |= dict.fromkeys(
                sorted(group, key=lambda test: (test.partition("::")[0] != mirror, self.seconds[test], test))
            )
        if function_at(tree, mutant.line) is None or not order:
            # A line that runs while a module is imported counts for the test that happens to import it first.
            order |= dict.fromkeys(self._of_importers(mutant.file))
        return list(order)

    def _of_importers(self, file: str) -> list[str]:
        """All tests in files that name a module, those of its own file first."""
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        files = {name for name, text in self._texts.items() if re.search(rf"\b{re.escape(module)}\b", text)}
        found = [test for test in self.seconds if test.partition("::")[0] in files]
        own = mirror_of(file)
        return sorted(found, key=lambda test: (test.partition("::")[0] != own, self.seconds[test], test))


def mirror_of(file: str) -> str:
    """Where the tests of a module are: ``genlab/a/_b.py`` -> ``tests/a/test_b.py``."""
    path = Path(file)
    return str(Path("tests", *path.parts[1:-1], f"test_{path.stem.lstrip('_')}.py"))


def function_at(tree: ast.Module, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The outermost function in whose body a line is; None for what is computed on the way of importing."""
    every = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    found = [node for node in every if node.body[0].lineno <= line <= (node.end_lineno or 0)]
    return min(found, key=lambda node: node.lineno, default=None)


def _places(tree: ast.Module, line: int) -> list[set[int]]:
    """Lines that run when the code at ``line`` matters, the nearest first.

    Of code in a function these are the lines of its statement; of what is defined on the way of importing, first those
    that use its names, then all that are in functions.
    """
    statement = _innermost(tree, line)
    if statement is None:
        return [{line}]
    own = _lines_of(statement)
    if function_at(tree, line) is not None:
        return [own]
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    around = [node for node in inside if node.lineno <= line < node.body[0].lineno]
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    named = _mentions(inside, names)
    return [own, *map(_body, around), named, {n for each in inside for n in _body(each)}]


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    return set(range(function.body[0].lineno, (function.end_lineno or 0) + 1))


def _mentions(functions: Iterable[ast.AST], names: set[str]) -> set[int]:
    nodes = [node for function in functions for node in ast.walk(function)]
    found = {node.lineno for node in nodes if isinstance(node, ast.Name) and node.id in names}
    return found | {node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr in names}


def _lines_of(statement: ast.stmt) -> set[int]:
    """Of a statement, without those in its body."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return set(range(statement.lineno, max(last, statement.lineno) + 1))


def _innermost(tree: ast.Module, line: int) -> ast.stmt | None:
    every = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    found = [node for node in every if node.lineno <= line <= (node.end_lineno or 0)]
    return max(found, key=lambda node: (node.lineno, -(node.end_lineno or 0)), default=None)
