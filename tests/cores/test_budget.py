"""One budget of cores for all workspaces of a machine: waited for in turn, borrowed when free, freed by the kernel."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from genlab.cores import budget
from genlab.errors import InputError
from genlab.jobs import queue

PATIENCE = 120
HOLD = """
import sys, time
from genlab.cores import budget
claim = budget.CoreClaim(int(sys.argv[1]), sys.argv[2])
while (name := claim.attempt()) is None:
    time.sleep(0.02)
print(name, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genlab.cores.available", lambda: 4)


@pytest.fixture
def claims() -> Iterator[ExitStack]:
    """Releases the claims that a test makes."""
    with ExitStack() as stack:
        yield stack


def _claim(stack: ExitStack, threads: int, who: str) -> budget.CoreClaim:
    claim = budget.CoreClaim(threads, who)
    stack.callback(claim.release)
    return claim


def test_a_run_gets_as_many_cores_as_it_has_threads(claims: ExitStack):
    assert _claim(claims, 1, "one").attempt() == "cpu-0"
    assert _claim(claims, 3, "three").attempt() == "cpu-1,2,3"
    assert budget.holders() == ["one", "three", "three", "three"]
    assert _claim(claims, 1, "late").attempt() is None


def test_no_more_than_there_are_is_asked_for(claims: ExitStack):
    assert _claim(claims, 64, "large").attempt() == "cpu-0,1,2,3"


def test_what_is_given_back_is_there_for_others(claims: ExitStack):
    first = _claim(claims, 4, "first")
    assert first.attempt()
    second = _claim(claims, 2, "second")
    assert second.attempt() is None and second.holders() == ["first"] * 4
    first.release()
    assert second.attempt() == "cpu-0,1"
    second.release()
    assert budget.holders() == []


def test_a_large_claim_is_not_overtaken_by_small_ones(claims: ExitStack):
    """Whoever has waited longest gathers; else a run of several threads would wait for ever beside runs of one."""
    small = [_claim(claims, 1, f"small-{index}") for index in range(3)]
    assert all(claim.attempt() for claim in small)
    large, later = _claim(claims, 3, "large"), _claim(claims, 1, "later")
    assert large.attempt() is None, "it holds the one that is free, and waits for two"
    small[0].release()
    assert later.attempt() is None and large.attempt() is None
    small[1].release()
    assert later.attempt() is None
    assert large.attempt() == "cpu-3,0,1"
    small[2].release()
    assert later.attempt() == "cpu-2"


def test_who_waits_and_goes_away_stands_in_nobodys_way(claims: ExitStack):
    holder = _claim(claims, 3, "holder")
    assert holder.attempt()
    large = _claim(claims, 4, "large")
    assert large.attempt() is None
    later = _claim(claims, 1, "later")
    assert later.attempt() is None
    large.release()
    assert later.attempt() == "cpu-3"


def test_slots_that_a_person_sets_count_runs_and_not_threads(claims: ExitStack, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_SLOTS", "2")
    assert _claim(claims, 4, "one").attempt() == "cpu-0"
    assert _claim(claims, 4, "two").attempt() == "cpu-1"
    assert _claim(claims, 4, "three").attempt() is None


def test_work_that_a_person_waits_for_takes_what_is_free_and_waits_for_nothing(claims: ExitStack):
    with budget.borrowed(2, "an evaluation") as held:
        assert held == 2 and budget.holders() == ["an evaluation"] * 2
        assert _claim(claims, 2, "run").attempt()
        with budget.borrowed(2, "another") as none:
            assert none == 0
    assert budget.holders() == ["run"] * 2
    with budget.borrowed(0, "a match") as none:
        assert none == 0


def test_nobody_takes_a_core_that_somebody_waits_for(claims: ExitStack):
    assert _claim(claims, 2, "holder").attempt()
    waiting = _claim(claims, 3, "waiting")
    assert waiting.attempt() is None
    holder = _claim(claims, 1, "small")
    assert holder.attempt() is None
    with budget.borrowed(1, "an evaluation") as held, budget.together(8) as cores:
        assert held == 0 and cores == 1


def test_pieces_use_the_cores_that_are_free(claims: ExitStack):
    with budget.together(8) as cores:
        assert cores == 5, "this process's own, and the four that nobody holds"
    with budget.together(2) as cores:
        assert cores == 2
    assert _claim(claims, 3, "run").attempt()
    with budget.together(8) as cores:
        assert cores == 2
    assert _claim(claims, 1, "other").attempt()
    with budget.together(8) as cores:
        assert cores == 1


def test_who_works_now_and_then_holds_a_core_while_it_does(claims: ExitStack):
    now = [100.0]
    core = budget.Occasional("the Playground", pause=2.0, clock=lambda: now[0])
    core.note(False)
    assert budget.holders() == []
    core.note(True)
    assert budget.holders() == ["the Playground"]
    now[0] += 1.9
    core.note(False)
    assert budget.holders() == ["the Playground"], "that was no pause"
    now[0] += 0.1
    core.note(False)
    assert budget.holders() == []
    assert _claim(claims, 4, "run").attempt()
    core.note(True)
    now[0] += 1.0
    claims.close()
    core.note(True)
    assert budget.holders() == [], "it has tried a moment ago"
    now[0] += 1.0
    core.note(True)
    assert budget.holders() == ["the Playground"]


def test_another_process_counts_and_its_death_frees_its_cores(claims: ExitStack):
    other = subprocess.Popen([sys.executable, "-c", HOLD, "1", "other"], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "cpu-0\n"
    rest = _claim(claims, 4, "rest")
    assert rest.attempt() is None and rest.holders() == ["other"]
    other.kill()
    other.communicate()
    deadline = time.monotonic() + PATIENCE
    while rest.attempt() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_two_workspaces_share_the_cores_and_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each workspace keeps its order; where both wait, their first ones are served by how long they have been first."""
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    order: list[str] = []
    with ExitStack() as stack:
        holder = _claim(stack, 1, "holder")
        assert holder.attempt()
        lines = {}
        for workspace, number in (("a", 1), ("a", 2), ("b", 1)):
            line = queue.TicketLine(tmp_path / workspace, f"{number}")
            line.folder.mkdir(exist_ok=True)
            line.join()
            lines[f"{workspace}{number}"] = line
        waiting = {name: _claim(stack, 1, name) for name in lines}
        holding = dict.fromkeys(lines, False)
        for _ in range(20):
            for name, line in lines.items():
                if not holding[name] and name not in order and line.before() is None and waiting[name].attempt():
                    holding[name] = True
                    order.append(name)
                    line.leave()
            holder.release()
            for name in [name for name, has in holding.items() if has]:
                waiting[name].release()
                holding[name] = False
    assert order == ["a1", "b1", "a2"]


def test_a_folder_that_was_named_and_cannot_be_used_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(budget.FOLDER, str(tmp_path / "file"))
    with pytest.raises(InputError, match="locks of this machine's cores cannot be written to"):
        budget.CoreClaim(1, "run")
    budget.Occasional("the Playground").note(True)


def test_without_any_folder_there_is_no_budget_and_work_goes_on(monkeypatch: pytest.MonkeyPatch, claims: ExitStack):
    monkeypatch.setattr(budget, "folder", lambda: None)
    claim = _claim(claims, 2, "run")
    assert claim.attempt() == "cpu" and claim.holders() == [] and budget.holders() is None
    with budget.borrowed(2, "job") as held, budget.together(8) as cores:
        assert held == 0 and cores == 1


def test_the_folder_is_the_users_and_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(budget.FOLDER)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *a, **k: str(tmp_path / "cache"))
    monkeypatch.setattr("platform.node", lambda: "some/where")
    budget.CoreClaim(1, "run")
    assert (tmp_path / "cache" / "cores" / "some_where").is_dir()
