"""How much of the code the tests hold: small changes are made to it, one at a time, and the tests should notice each.

    python -m benchmarks.mutants --seed 1 --number 700

A sample spread evenly over the files of `SCOPE` is drawn by the seed. All is done in a copy of the repository below
``build/mutants``: there the tests of a package run once under coverage, and then each of its mutants against those that
go through its line, those of its own module first. With ``--wide`` the tests of all of `SCOPE` and `WIDE` are taken.
What has been found is kept, so that a run that was cut off goes on where it was; ``--again`` tries those once more that
survived, after tests were added. ``benchmarks/results/mutants.md`` lists what survived.

Mutants that nobody can tell from the original stand, each with its reason, in ``benchmarks/mutants_equivalent.json``.

Mutmut changes neither what stands outside functions nor a sample; cosmic-ray runs one command for all mutants. Hence
this one.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._common import progress
from benchmarks._covering import Covering, Recorder, function_at, mirror_of
from benchmarks._forks import Found, Job, Only, Trials, in_fork, judged, run_tests, written
from benchmarks._mutants_report import report
from benchmarks._mutate import Mutant, mutants, parses

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "mutants"
SCOPE = {
    "training": "genlab/training/**/*.py",
    "store": "genlab/store/**/*.py",
    "metrics": "genlab/metrics/**/*.py",
    "datasets": "genlab/datasets/**/*.py",
    "kinds": "genlab/kinds/**/*.py",
    "verdicts": "genlab/verdicts/*.py",
}
"""Package -> its files that are changed."""

DECLARED = (
    *(f"tests/contracts/test_{what}.py" for what in ("metric_scales", "dataset_facts")),
    "tests/test_docs_tables.py",
)
"""Files of tests that read what entries declare, the last in processes of its own: no function's line runs for it."""

MOST_FILES = 4
"""Files of tests that a mutant of what is computed on the way of importing meets besides: all are imported anew."""

AT_ONCE = 10
"""Files of tests whose coverage is recorded by one process."""

LEFT_OUT = (
    *("tests/kinds/test_plugin.py", "tests/kinds/test_proportions.py"),
    *("tests/verdicts/test_straw_models.py", "tests/contracts/test_metric_plugin.py"),
)
"""Files of tests that train or start whole programs: too much for each mutant, which therefore survives more easily."""

WIDE = ("worker", "models", "matches", "evaluation", "encoders", "exploration", "jobs", "lab", "presets")
"""Folders of tests of what builds on the scope."""

NUMBER = 700
ENOUGH = 40.0
"""Seconds of computing, as tests took under coverage, that a mutant has to survive; at least its own module's."""

LIBRARIES = (
    *("hypothesis", "numpy", "scipy.stats", "pandas", "pydantic", "PIL.Image", "torch"),
    *("torchvision", "safetensors.torch", "accelerate", "sklearn.neighbors", "sklearn.linear_model", "torchmetrics"),
)
Row = dict[str, Any]


class Hunt:
    """One hunt, in a copy of the repository.

    Args:
        root: The repository.
        place: Where the copy is kept, and beside it what is found.
    """

    def __init__(self, root: Path = ROOT, place: Path = PLACE) -> None:
        self.root, self.place, self.tree = root, place, place / "tree"
        self.found = place.parent / "found.jsonl"

    def copy(self) -> None:
        """Make the copy, or bring it up to date; times of change stay, so that compiled files stay good."""
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=self.root, capture_output=True, check=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (self.root / name).is_file()}
        for name in wanted:
            old, new = self.root / name, self.tree / name
            if not new.is_file() or old.stat().st_mtime_ns != new.stat().st_mtime_ns:
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(old, new)
        for path in [path for path in self.tree.rglob("*.py") if path.relative_to(self.tree).as_posix() not in wanted]:
            path.unlink()

    def covering(self, patterns: Sequence[str]) -> Covering:
        """Which tests cover what; those of files that have changed since are recorded anew."""
        files = sorted({path.relative_to(self.tree).as_posix() for one in patterns for path in self.tree.glob(one)})
        files = [file for file in files if file not in LEFT_OUT]
        scope = sorted(path for one in SCOPE.values() for path in self.tree.glob(one))
        code = b"".join(path.read_bytes() for path in scope)
        kept = {file: self._record_of(file, code) for file in files}
        todo = [file for file, out in kept.items() if not out.is_file()]
        for start in range(0, len(todo), AT_ONCE):
            group = {file: kept[file] for file in todo[start : start + AT_ONCE]}
            progress(f"recording {', '.join(group)}")
            in_fork(lambda group=group: self._tell(group), self.place / "recording")
        return Covering(kept, self.tree)

    def _record_of(self, file: str, code: bytes) -> Path:
        """Where the coverage of a file of tests is kept: under a name that says what it was recorded with."""
        digest = hashlib.sha256(code + (self.tree / file).read_bytes())
        return self.place / "covering" / f"{Path(file).stem}-{digest.hexdigest()[:16]}.json"

    def _tell(self, kept: Mapping[str, Path]) -> str:
        run_tests(self.tree, self.place, list(kept), Recorder(self.tree, kept))
        return ""

    def results(self, since: int = 0) -> dict[str, Row]:
        """What has been found so far, by the mutants' keys, of several the last; ``since`` bytes are passed over.

        The state that one was found in for the first time is its ``first``.
        """
        if not self.found.is_file():
            return {}
        rows: dict[str, Row] = {}
        for row in map(json.loads, self.found.read_bytes()[since:].decode().splitlines()):
            rows[row["key"]] = {**row, "first": rows.get(row["key"], {"first": row["state"]})["first"]}
        return rows

    def try_all(self, chosen: Sequence[Mutant], sources: dict[str, str], covering: Covering) -> None:
        """Try mutants, each until it was noticed or has met all its tests; each is kept as soon as it is known.

        Functions are tried in forks of one process that has read all the tests, all else in processes of its own.
        """
        jobs = [_job(mutant, sources[mutant.file], covering) for mutant in chosen]
        out, done = self.place / "trials", self.found.stat().st_size if self.found.is_file() else 0
        inside = [job for job in jobs if job.tests and function_at(ast.parse(job.source), job.mutant.line) is not None]
        if inside:
            trials = Trials(inside, self.tree, out, self._keep)
            in_fork(lambda: str(run_tests(self.tree, self.place, _files([job.tests for job in inside]), trials)), out)
        known = self.results(done)
        for job in jobs:
            if job.mutant.key(job.source) not in known:
                self._keep(job, *(self._anew(job, out) if job.tests else ("survived", "")))

    def _anew(self, job: Job, out: Path) -> Found:
        def mutated(tests: Sequence[str]) -> Found:
            with written(self.tree / job.mutant.file, job.mutant.applied(job.source), job.source):
                return in_fork(lambda: self._run(tests), out, job.seconds)

        return judged(job.tests, mutated, lambda test: in_fork(lambda: self._run([test]), out, job.seconds))

    def _run(self, tests: Sequence[str]) -> str:
        only = Only(tests)
        code = run_tests(self.tree, self.place, _files([tests]), only, ["-x"])
        return only.failed or ("" if code in (0, 5) else "the import")

    def _keep(self, job: Job, state: str, by: str) -> None:
        mutant, source = job.mutant, job.source
        row = {
            "key": mutant.key(source),
            "file": mutant.file,
            "line": mutant.line,
            "operator": mutant.operator,
            "change": mutant.change(source),
            "before": mutant.before,
            "state": state,
            "by": by,
            "tests": len(job.tests),
        }
        with self.found.open("a") as file:
            file.write(json.dumps(row) + "\n")
        progress(f"{state:<9}{mutant.file}:{mutant.line} {row['change'][:90]}")


def _job(mutant: Mutant, source: str, covering: Covering) -> Job:
    """A mutant and the tests that it is to meet, file by file; as much as `ENOUGH` allows."""
    mirror, total = mirror_of(mutant.file), 0.0
    groups: dict[str, list[str]] = {}
    for test in covering.of(mutant, source):
        file = test.partition("::")[0]
        total += covering.seconds[test]
        if total <= ENOUGH or file == mirror:
            groups.setdefault(file, []).append(test)
    if function_at(ast.parse(source), mutant.line) is None:
        first = {file: [test for test in covering.seconds if test.startswith(file)] for file in DECLARED}
        near = {file: groups[file] for file in sorted(groups, key=lambda file: file != mirror)[:MOST_FILES]}
        groups = {file: first.pop(file) for file in DECLARED[:-1]} | near | first
    tests = tuple(test for group in groups.values() for test in group)
    return Job(mutant, source, tests, sum(covering.seconds[test] for test in tests))


def _files(tests: Sequence[Sequence[str]]) -> list[str]:
    """The files of several lists of tests, each once."""
    return list(dict.fromkeys(test.partition("::")[0] for several in tests for test in several))


def sample(sources: dict[str, str], number: int, seed: int) -> list[Mutant]:
    """``number`` mutants, as evenly spread over the files as these have any."""
    piles = [_shuffled(file, source, seed) for file, source in sorted(sources.items())]
    chosen: list[Mutant] = []
    while len(chosen) < number and (ready := [one for pile in piles if (one := next(pile, None)) is not None]):
        if len(chosen) + len(ready) > number:
            ready = random.Random(f"{seed}/last").sample(ready, number - len(chosen))
        chosen += ready
    return chosen


def _shuffled(file: str, source: str, seed: int) -> Iterator[Mutant]:
    pile = mutants(file, source)
    random.Random(f"{seed}/{file}").shuffle(pile)
    return (one for one in pile if parses(one.applied(source)))


def main(words: list[str] | None = None) -> int:
    """Draw, try, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10_000), help="of the sample; by default a new one"
    )
    parser.add_argument("--number", type=int, default=NUMBER, help="mutants")
    parser.add_argument("--wide", action="store_true", help="take tests of what builds on the scope, too")
    parser.add_argument("--again", action="store_true", help="try those that survived once more")
    parser.add_argument("--package", action="append", choices=SCOPE, help="try only those of this one, for now")
    parser.add_argument("--functions", action="store_true", help="try only those within functions, for now")
    options = parser.parse_args(words)
    os.environ["OMP_NUM_THREADS"] = "1"
    files = sorted({path.relative_to(ROOT).as_posix() for one in SCOPE.values() for path in ROOT.glob(one)})
    sources = {file: (ROOT / file).read_text(encoding="utf-8") for file in files}
    chosen = sample(sources, options.number, options.seed)
    for name in LIBRARIES:
        with suppress(ImportError):
            import_module(name)
    for package in options.package or SCOPE:
        _hunt(package, [one for one in chosen if one.file.startswith(f"genlab/{package}/")], sources, options)
    known = Hunt(place=PLACE / "any").results()
    rows = [known[key] for mutant in chosen if (key := mutant.key(sources[mutant.file])) in known]
    if len(rows) < len(chosen):
        progress(f"{len(chosen) - len(rows)} of {len(chosen)} mutants are still to be tried")
    if not rows:
        return 2
    wide = " --wide" if options.wide else ""
    command = f"python -m benchmarks.mutants --seed {options.seed} --number {options.number}{wide}"
    drawn = Counter(Path(mutant.file).parts[1] for mutant in chosen)
    return report(rows, command=command, files=len(files), drawn=drawn)


def _hunt(package: str, chosen: list[Mutant], sources: dict[str, str], options: argparse.Namespace) -> None:
    """Try those mutants of a package that are not known yet."""
    hunt = Hunt(place=PLACE / package)
    known = hunt.results()
    state = {mutant: known.get(mutant.key(sources[mutant.file]), {}).get("state") for mutant in chosen}
    todo = [one for one in chosen if state[one] is None or (options.again and state[one] == "survived")]
    if options.functions:
        todo = [one for one in todo if function_at(ast.parse(sources[one.file]), one.line) is not None]
    progress(f"{package}: {len(todo)} of {len(chosen)} mutants")
    if todo:
        hunt.copy()
        hunt.try_all(todo, sources, hunt.covering(tests_of(package, wide=options.wide)))


def tests_of(package: str, *, wide: bool) -> list[str]:
    """Where the tests are that a package's mutants meet."""
    folders = (*SCOPE, *WIDE) if wide else (package,)
    more = (f"tests/{folder}/**/test_*.py" for folder in folders)
    contracts = (f"tests/contracts/test_{folder.removesuffix('s')}*.py" for folder in folders)
    return [*more, *contracts, DECLARED[-1]]


if __name__ == "__main__":
    sys.exit(main())
