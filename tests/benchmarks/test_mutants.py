"""Mutants: an even sample, the tests that cover a line, and a report that counts what survived."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import _mutants_report, mutants
from benchmarks._covering import mirror_of
from benchmarks._forks import in_fork
from benchmarks._mutate import mutants as of_source
from benchmarks.mutants import Hunt

CODE = '''"""A module."""

LIMIT = 3


def small(x):
    """Whether it is."""
    return x < LIMIT


def untested(x):
    return x + 1
'''
TESTS = """
from genlab.part.sizes import small


def test_small():
    assert small(2)


def test_something_else():
    assert True
"""


PROJECT = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
pythonpath = ["."]
"""


@pytest.fixture
def hunt(tmp_path: Path) -> Hunt:
    """A hunt in a repository of one module and its tests."""
    found = Hunt(tmp_path, tmp_path / "place")
    files = {"genlab/part/sizes.py": CODE, "tests/part/test_sizes.py": TESTS, "pyproject.toml": PROJECT}
    for name, text in files.items():
        (found.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (found.tree / name).write_text(text)
    for folder in ("genlab", "genlab/part"):
        (found.tree / folder / "__init__.py").touch()
    return found


@pytest.mark.slow
def test_each_mutant_meets_the_tests_that_go_through_its_line(hunt: Hunt) -> None:
    states = {
        "3 -> 2": ("killed", "tests/part/test_sizes.py::test_small", 2),
        "3 -> 4": ("survived", "", 2),
        "return x < LIMIT -> return None": ("killed", "tests/part/test_sizes.py::test_small", 1),
        "x < LIMIT -> (x <= LIMIT)": ("survived", "", 1),
        "x + 1 -> (x - 1)": ("survived", "", 2),
    }
    name = "genlab/part/sizes.py"
    chosen = [one for one in of_source(name, CODE) if one.change(CODE) in states]
    covering = hunt.covering(["tests/part/test_*.py"])
    assert set(covering.seconds) == {f"tests/part/test_sizes.py::test_{test}" for test in ("small", "something_else")}
    hunt.try_all(chosen, {name: CODE}, covering)
    rows = hunt.results().values()
    assert {row["change"]: (row["state"], row["by"], row["tests"]) for row in rows} == states
    assert (hunt.tree / name).read_text() == CODE, "all is as it was"


@pytest.mark.slow
def test_what_is_computed_while_importing_meets_the_tests_of_its_module_whoever_imports_first(hunt: Hunt) -> None:
    files = {
        "genlab/part/names.py": 'NAMES = {"one": 1}\n',
        "tests/part/test_names.py": "from genlab.part.names import NAMES as N\ndef test_names(): assert N['one']\n",
        "tests/part/test_early.py": "def test_early():\n    import genlab.part.names\n",
    }
    for name, text in files.items():
        (hunt.tree / name).write_text(text)
    name = "genlab/part/names.py"
    chosen = [one for one in of_source(name, files[name]) if one.change(files[name]) == "\"one\" -> 'one_'"]
    hunt.try_all(chosen, {name: files[name]}, hunt.covering(["tests/part/test_*.py"]))
    rows = list(hunt.results().values())
    assert [(row["state"], row["by"]) for row in rows] == [("killed", "tests/part/test_names.py::test_names")]


def test_the_sample_is_even_and_its_seeds_differ() -> None:
    sources = {"a.py": "x = 1 + 2 + 3 + 4\n" * 20, "b.py": "x = 1 + 2 + 3 + 4\n" * 20, "c.py": "x = 1\n"}
    chosen = mutants.sample(sources, 42, seed=1)
    counts = Counter(mutant.file for mutant in chosen)
    assert counts == {"a.py": 20, "b.py": 20, "c.py": 2} and len(set(chosen)) == 42
    assert chosen == mutants.sample(sources, 42, seed=1) != mutants.sample(sources, 42, seed=2)
    assert len(mutants.sample({"c.py": "x = 1\n"}, 42, seed=1)) == len(of_source("c.py", "x = 1\n"))


@pytest.mark.slow
def test_a_test_that_fails_without_the_mutant_has_not_noticed_it(hunt: Hunt) -> None:
    """It passed when the coverage was recorded and fails from then on, as on a busy machine a test does that waits."""
    file = "tests/part/test_sizes.py"
    tests = TESTS.replace("assert True", "assert not pathlib.Path('late').exists()").replace(
        "\nfrom", "import pathlib\nfrom", 1
    )
    (hunt.tree / file).write_text(tests)
    covering = hunt.covering(["tests/part/test_*.py"])
    (hunt.tree / "late").touch()
    name = "genlab/part/sizes.py"
    chosen = [one for one in of_source(name, CODE) if one.change(CODE) in {"x + 1 -> (x - 1)", "3 -> 4", "3 -> 2"}]
    hunt.try_all(chosen, {name: CODE}, covering)
    found = {row["change"]: (row["state"], row["by"]) for row in hunt.results().values()}
    small = ("killed", f"{file}::test_small")
    assert found == {"3 -> 2": small, "3 -> 4": ("survived", ""), "x + 1 -> (x - 1)": ("survived", "")}


def test_only_what_waits_by_itself_loses_patience(tmp_path: Path) -> None:
    def computes() -> str:
        while time.process_time() < 1.5:
            pass
        return ""

    began = time.monotonic()
    assert in_fork(lambda: str(time.sleep(60) or ""), tmp_path / "out", 1.0, patience=1.5) == ("timeout", "")
    assert time.monotonic() - began < 60
    assert in_fork(computes, tmp_path / "out", 1.0, patience=0.5) == ("survived", "")


def test_where_the_tests_of_a_module_are() -> None:
    assert mirror_of("genlab/datasets/foreign/_decode.py") == "tests/datasets/foreign/test_decode.py"
    assert mirror_of("genlab/training/watch/rules.py") == "tests/training/watch/test_rules.py"


def told(rows: list[dict[str, object]]) -> int:
    command = "python -m benchmarks.mutants --seed 5"
    return _mutants_report.report(rows, command=command, files=1, drawn={"store": len(rows), "kinds": 3})


def row(state: str, change: str = "a < b -> (a <= b)") -> dict[str, object]:
    place = {"file": "genlab/store/run.py", "line": 7, "before": "return a < b", "operator": "comparison"}
    return {**place, "change": change, "state": state}


def test_the_report_lists_what_survived_and_why_some_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mutants_report, "RESULTS", tmp_path)
    known = tmp_path / "equivalent.json"
    one = {key: row("survived")[key] for key in ("file", "before", "change")}
    known.write_text(json.dumps([{**one, "why": "They are never equal."}]))
    monkeypatch.setattr(_mutants_report, "EQUIVALENT", known)
    rows = [*[row("killed")] * 7, row("timeout"), row("survived"), row("survived", "1 -> 2")]
    assert told(rows) == 1, "too few, and too many survived"
    text = (tmp_path / "mutants.md").read_text()
    assert "8 of 10, 80.0%; without 1 equivalent ones 88.9%" in text and "--seed 5" in text
    missed, _, same = text.partition("## Equivalent")
    assert "`genlab/store/run.py:7` `1 -> 2`" in missed and "They are never equal." in same
    assert len(json.loads((tmp_path / "mutants.json").read_text())["mutants"]) == 10


def test_what_was_noticed_at_first_stands_beside_what_was_noticed_after_tests_were_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mutants_report, "RESULTS", tmp_path)
    hunt = Hunt(tmp_path, tmp_path / "build" / "any")
    hunt.found.parent.mkdir()
    lines = [row("survived") | {"key": "a"}, row("killed") | {"key": "b"}, row("killed") | {"key": "a"}]
    hunt.found.write_text("".join(json.dumps(line) + "\n" for line in lines))
    told(list(hunt.results().values()))
    text = (tmp_path / "mutants.md").read_text()
    assert cells(text, "store") == ["2", "2", "1", "2", "100%"]
    assert "1 of these 2 mutants were not noticed at first" in text


def test_packages_that_are_not_tried_again_keep_their_figures_and_say_whose_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mutants_report, "RESULTS", tmp_path)
    document = {
        "command": "python -m benchmarks.mutants --seed 3 --package store",
        "files": 150,
        "machine": {"date": "2025-01-02"},
        "mutants": [row("killed"), row("survived")],
    }
    (tmp_path / "mutants.json").write_text(json.dumps(document))
    of_kinds = row("killed") | {"file": "genlab/kinds/base.py", "first": "killed"}
    for _ in range(2):  # A second report finds them in the first one's file.
        told([of_kinds])
        text = (tmp_path / "mutants.md").read_text()
        assert "of store are those of an earlier run, of 2025-01-02" in text and "--seed 3" in text and "150" in text
        assert cells(text, "kinds") == ["3", "1", "1", "1", "100%"]
        assert cells(text, "store") == ["earlier", "2", "not kept", "1", "50%"]
        assert "1 of 3 of kinds" in text and "2 of 3, 66.7%" in text
    told([of_kinds, row("killed")])
    assert "earlier" not in (tmp_path / "mutants.md").read_text(), "what is tried anew takes its place"


def cells(text: str, package: str) -> list[str]:
    """The package's row of the table, without its name."""
    (found,) = [line for line in text.splitlines() if line.startswith(f"| {package} ")]
    return [cell.strip() for cell in found.split("|")[2:-1]]
