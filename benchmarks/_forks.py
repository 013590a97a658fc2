"""Tests run in forks of a process that has the large libraries loaded, and mutants tried in forks of those.

A process collects files of tests once; each mutant of a function's body is then put into a fork of it, where the
function gets its new code and the tests run. The source on disk is changed meanwhile as well, for processes that tests
start. A mutant of what is computed on the way of importing takes a process that imports everything anew.
"""

from __future__ import annotations

import ast
import gc
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import psutil
import pytest

from benchmarks._covering import function_at
from benchmarks._mutate import Mutant

GRACE, SLOWER = 20.0, 5.0
"""Seconds of computing that a mutant may take, and times what its tests took: it may go round for ever."""

UNPATCHED = 98
PATIENCE = 120.0
"""Seconds of waiting after which one is ended: those in which it computes, or would if it had a core, do not count."""

LOOK, AWAKE = 1.0, 0.02
"""Seconds between two looks at whether a process waits, and the share of a core from which on it computes."""

QUIET = (
    *("-q", "--no-header", "-p", "no:cacheprovider", "--timeout", "0"),
    "-m",
    "not slow and not timed and not browser",
)


Found = tuple[str, str]
"""The state of a mutant, and the test that failed or ""."""


class UnpatchedError(Exception):
    """A function cannot be given its new code where it is."""


@dataclass(frozen=True)
class Job:
    """A mutant and the tests that it meets, in order; ``seconds`` is how long they take."""

    mutant: Mutant
    source: str
    tests: tuple[str, ...]
    seconds: float


class Trials:
    """A pytest plugin: in the place of running the tests, each mutant is tried in a fork.

    Args:
        jobs: The mutants.
        tree: The repository.
        out: A file beside which the names of failed tests are passed on.
        keep: Called with each, its state and the test that failed; not if its code cannot be put where it belongs.
    """

    def __init__(self, jobs: Sequence[Job], tree: Path, out: Path, keep: Callable[[Job, str, str], None]) -> None:
        self.jobs, self.tree, self.out, self.keep = jobs, tree, out, keep
        self.items: dict[str, pytest.Item] = {}
        self.failed = ""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try them."""
        self.items = {item.nodeid: item for item in session.items}
        functions = _functions(self.tree)
        for job in self.jobs:
            state, by = judged(
                job.tests,
                lambda tests, job=job: self._mutated(job, tests, functions),
                lambda test, job=job: in_fork(lambda: self._run([test]), self.out, job.seconds),
            )
            if state != "unpatched":
                self.keep(job, state, by)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def _mutated(self, job: Job, tests: Sequence[str], functions: dict[Any, list[FunctionType]]) -> Found:
        path, text = self.tree / job.mutant.file, job.mutant.applied(job.source)

        def work() -> str:
            _put(path, text, job.mutant.line, functions)
            return self._run(tests)

        with written(path, text, job.source):
            return in_fork(work, self.out, job.seconds)

    def _run(self, tests: Sequence[str]) -> str:
        chosen = [self.items[test] for test in tests if test in self.items]
        for place, item in enumerate(chosen):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=(*chosen, None)[place + 1])
            if self.failed:
                break
        return self.failed


def _functions(tree: Path) -> dict[Any, list[FunctionType]]:
    """Functions of the package that exist, by where their code is."""
    found: dict[Any, list[FunctionType]] = {}
    root = str(tree / "genlab")
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename.startswith(root):
            found.setdefault(_place(thing.__code__), []).append(thing)
    return found


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _put(path: Path, mutated: str, line: int, functions: dict[Any, list[FunctionType]]) -> None:
    """Give the function at ``line`` the code that ``mutated`` has for it, wherever it is known."""
    place = function_at(ast.parse(mutated), line)
    assert place is not None
    loader = SourceFileLoader("mutant", str(path))
    first = min([place.lineno, *(each.lineno for each in place.decorator_list)])
    for code in _codes(loader.source_to_code(mutated.encode(), str(path))):
        if code.co_name == place.name and code.co_firstlineno == first:
            for function in functions.get(_place(code), ()):
                try:
                    function.__code__ = code
                except ValueError as error:  # It closes over other names than before.
                    raise UnpatchedError from error


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


@contextmanager
def written(path: Path, mutated: str, source: str) -> Iterator[None]:
    """A mutant on disk; its time of change differs, so that no compiled file is taken for it."""
    about = path.stat()
    path.write_text(mutated, encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + 7_000_000_000))
    try:
        yield
    finally:
        path.write_text(source, encoding="utf-8")
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def in_fork(work: Any, out: Path, seconds: float | None = None, patience: float = PATIENCE) -> Found:
    """Do ``work`` in a fork: ``survived``, ``killed``, ``timeout`` or ``unpatched``, and which test failed.

    Args:
        work: Gives the name of a test that failed, or "".
        out: A file beside which the name is passed on.
        seconds: How long the tests take; None for work that may take its time.
        patience: Seconds for which it may wait, while it neither computes nor would if it had a core.
    """
    told = out.with_suffix(".failed")
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.setsid()
            if seconds is not None:
                limit = int(GRACE + SLOWER * seconds)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            failed = work()
            told.write_text(failed)
            code = 1 if failed else 0
        except UnpatchedError:
            code = UNPATCHED
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = _waited(child, patience if seconds is not None else None)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
        return "timeout", ""
    code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "timeout", ""
    if code == UNPATCHED:
        return "unpatched", ""
    by = told.read_text() if told.is_file() else "the process"
    return ("survived", "") if code == 0 else ("killed", by)


def judged(tests: Sequence[str], mutated: Callable[[Sequence[str]], Found], original: Callable[[str], Found]) -> Found:
    """What becomes of a mutant: a test that fails without it as well, if only on a busy machine, has not noticed it.

    Args:
        tests: Those that it meets, in order.
        mutated: Runs tests with the mutant until one fails, and gives the state and that test.
        original: Runs one test without the mutant.
    """
    left = list(tests)
    while True:
        state, by = mutated(left)
        if state != "killed" or by not in left or original(by)[0] == "survived":
            return state, by
        left.remove(by)


def _waited(child: int, patience: float | None) -> int | None:
    """The status with which a process ended; None when it has waited for longer than ``patience`` seconds in all."""
    if patience is None:
        return os.waitpid(child, 0)[1]
    idle, pause, looked, computed = 0.0, 0.005, time.monotonic(), 0.0
    while idle < patience:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(pause)
        pause, passed = min(0.1, pause * 1.3), time.monotonic() - looked
        if passed >= LOOK:
            before, (computed, ready) = computed, _computing(child)
            looked += passed
            idle += 0.0 if ready or computed - before >= AWAKE * passed else passed
    return None


def _computing(pid: int) -> tuple[float, bool]:
    """Seconds that a process and those below it have computed, and whether one of them computes or wants a core."""
    seconds, ready = 0.0, False
    with suppress(psutil.Error):
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            with suppress(psutil.Error):
                seconds += sum(process.cpu_times()[:4])
                ready |= process.status() == psutil.STATUS_RUNNING
    return seconds, ready


def run_tests(tree: Path, place: Path, files: Sequence[str], plugin: Any, more: Sequence[str] = ()) -> int:
    """Run files of tests with a plugin, in this process, which is a fork: it imports everything of the package anew.

    Nothing compiled is kept: Python tells files apart by second and size, and would take a mutant for the one before.
    """
    sys.dont_write_bytecode = True
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    os.chdir(tree)
    root = Path(__file__).resolve().parents[1]
    sys.path[:] = [str(tree), *(entry for entry in sys.path if entry not in ("", str(root)))]
    for name in [name for name in sys.modules if name.partition(".")[0] in {"genlab", "tests", "conftest"}]:
        del sys.modules[name]
    sink = os.open(place / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    words = [*files, *QUIET, *more, "-p", "pytest_timeout", "--rootdir", str(tree), "--basetemp", str(place / "tmp")]
    return int(pytest.main(words, plugins=[plugin]))


class Only:
    """A pytest plugin: of what is collected some tests, until one fails.

    Args:
        tests: Their names, in order.
    """

    def __init__(self, tests: Sequence[str]) -> None:
        self.place = {test: number for number, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep and order."""
        items[:] = sorted((i for i in items if i.nodeid in self.place), key=lambda item: self.place[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that could not be read."""
        if report.failed and not self.failed:
            self.failed = report.nodeid
