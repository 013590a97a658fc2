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
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._common import progress
from benchmarks._covering import Covering, Recorder, function_at, mirror_of
from benchmarks._forks import SUSPECT, Job, Only, Trials, confirmed, in_fork, run_tests, written
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
"""Files of tests that read what entries declare, some in a process of their own: no line of a function runs for it."""

MOST_FILES = 4
"""Files of tests that a mutant of what is computed on the way of importing meets besides: each imports all anew."""

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
        scope = sorted(path for one in SCOPE.values() for path in self.tree.glob(one))
        code = b"".join(path.read_bytes() for path in scope)
        kept = {file: self._record_of(file, code) for file in files}
        for file, out in kept.items():
            if not out.is_file():
                progress(f"recording {file}")
                in_fork(lambda f=file, o=out: self._tell(f, o), self.place / "recording")
        return Covering(kept, self.tree)

    def _record_of(self, file: str, code: bytes) -> Path:
        """Where the coverage of a file of tests is kept: under a name that says what it was recorded with."""
        digest = hashlib.sha256(code + (self.tree / file).read_bytes())
        return self.place / "covering" / f"{Path(file).stem}-{digest.hexdigest()[:16]}.json"

    def _tell(self, file: str, out: Path) -> str:
        run_tests(self.tree, self.place, [file], Recorder(self.tree, out))
        return ""

    def results(self) -> dict[str, Row]:
        """What has been found so far, by the mutants' keys; of several the last."""
        if not self.found.is_file():
            return {}
        return {row["key"]: row for row in map(json.loads, self.found.read_text().splitlines())}

    def try_all(self, chosen: Sequence[Mutant], sources: dict[str, str], covering: Covering) -> None:
        """Try mutants, those that meet tests of one file together, until each was noticed or has met all its tests."""
        open_ones = {mutant: _plan(mutant, sources[mutant.file], covering) for mutant in chosen}
        met = {mutant: sum(len(tests) for _, tests in plan) for mutant, plan in open_ones.items()}
        while open_ones:
            for mutant in [mutant for mutant, plan in open_ones.items() if not plan]:
                self._keep(mutant, sources[mutant.file], "survived", "", met[mutant])
                del open_ones[mutant]
            groups: dict[str, list[Mutant]] = {}
            for mutant, plan in open_ones.items():
                groups.setdefault(plan[0][0], []).append(mutant)
            for file, group in groups.items():
                jobs = [_job(mutant, sources[mutant.file], open_ones[mutant].pop(0)[1], covering) for mutant in group]
                for job, state, by in self._try(file, jobs):
                    if state != "survived":
                        self._keep(job.mutant, job.source, state, by, met[job.mutant])
                        del open_ones[job.mutant]

    def _try(self, file: str, jobs: list[Job]) -> Iterator[tuple[Job, str, str]]:
        """Try jobs on one file of tests: functions in forks of one process, all else in processes of its own."""
        inside = [job for job in jobs if function_at(ast.parse(job.source), job.mutant.line) is not None]
        out = self.place / "trials.jsonl"
        out.unlink(missing_ok=True)
        if inside:
            in_fork(lambda: str(run_tests(self.tree, self.place, [file], Trials(inside, self.tree, out))), out)
        told = [json.loads(line) for line in out.read_text().splitlines()] if out.is_file() else []
        known = dict(zip([job.mutant for job in inside], told, strict=False))
        for job in sorted(jobs, key=lambda job: job.mutant not in known):
            state, by = known.get(job.mutant, ("unpatched", ""))
            if state == "unpatched":
                with written(self.tree / job.mutant.file, job.mutant.applied(job.source), job.source):
                    began = time.monotonic()
                    state, by = in_fork(lambda job=job: self._anew(file, job.tests), out, job.seconds)
                if state == "killed" and by in job.tests and time.monotonic() - began > SUSPECT:
                    state, by = confirmed(by, lambda by=by: self._anew(file, (by,)), out, job.seconds)
            yield job, state, by

    def _anew(self, file: str, tests: Sequence[str]) -> str:
        only = Only(tests)
        code = run_tests(self.tree, self.place, [file], only, ["-x"])
        return only.failed or ("" if code in (0, 5) else "the import")

    def _keep(self, mutant: Mutant, source: str, state: str, by: str, tests: int) -> None:
        row = {
            "key": mutant.key(source),
            "file": mutant.file,
            "line": mutant.line,
            "operator": mutant.operator,
            "change": mutant.change(source),
            "before": mutant.before,
            "state": state,
            "by": by,
            "tests": tests,
        }
        with self.found.open("a") as file:
            file.write(json.dumps(row) + "\n")
        progress(f"{state:<9}{mutant.file}:{mutant.line} {row['change'][:90]}")


def _plan(mutant: Mutant, source: str, covering: Covering) -> list[tuple[str, tuple[str, ...]]]:
    """Files of tests and which of their tests a mutant is to meet, in order; as much as `ENOUGH` allows."""
    mirror, total = mirror_of(mutant.file), 0.0
    groups: dict[str, list[str]] = {}
    for test in covering.of(mutant, source):
        file = test.partition("::")[0]
        total += covering.seconds[test]
        if total <= ENOUGH or file == mirror:
            groups.setdefault(file, []).append(test)
    if function_at(ast.parse(source), mutant.line) is None:
        first = {file: [test for test in covering.seconds if test.startswith(file)] for file in DECLARED}
        rest = {file: groups[file] for file in sorted(groups, key=lambda file: file != mirror)[:MOST_FILES]}
        groups = {file: tests for file, tests in first.items() if tests} | rest
    return [(file, tuple(tests)) for file, tests in groups.items()]


def _job(mutant: Mutant, source: str, tests: tuple[str, ...], covering: Covering) -> Job:
    return Job(mutant, source, tests, sum(covering.seconds[test] for test in tests))


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
    return report(rows, command=command, files=len(files))


def _hunt(package: str, chosen: list[Mutant], sources: dict[str, str], options: argparse.Namespace) -> None:
    """Try those mutants of a package that are not known yet."""
    hunt = Hunt(place=PLACE / package)
    known = hunt.results()
    state = {mutant: known.get(mutant.key(sources[mutant.file]), {}).get("state") for mutant in chosen}
    todo = [one for one in chosen if state[one] is None or (options.again and state[one] == "survived")]
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
