from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from genlab.store import run_files, tails
from genlab.store.lines import MOST_LINES
from genlab.store.run import RunReader
from genlab.store.tails import REMEMBERED, Tails, halved
from tests.support.runs import make_run, metrics_row


def test_rows_are_read_once_and_added(tmp_path):
    run = make_run(tmp_path, images=4_096)
    tails = Tails()
    tail = tails.of(run)
    assert [row["images"] for row in tail.rows] == [1_024, 2_048, 3_072, 4_096]
    before = tail.version
    assert tails.of(run) is tail and tail.version == before
    run.append_metrics(metrics_row("vae", 5_120))
    assert [row["images"] for row in tails.of(run).rows][-1] == 5_120
    assert tail.version > before


def test_a_run_that_goes_back_is_read_anew(tmp_path):
    run = make_run(tmp_path, images=8_192)
    tails = Tails()
    assert len(tails.of(run).rows) == 8
    run.rewind(2_048)
    for images in range(3_072, 12_289, 1_024):
        run.append_metrics({**metrics_row("vae", images), "again": 1.0})
    rows = tails.of(run).rows
    assert [row["images"] for row in rows] == list(range(1_024, 12_289, 1_024))
    assert [("again" in row) for row in rows] == [False] * 2 + [True] * 10


def test_a_half_written_row_waits_for_its_end(tmp_path):
    run = make_run(tmp_path, images=1_024)
    tails = Tails()
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"images": 2048, "loss')
    assert len(tails.of(run).rows) == 1
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('/vae": 1.0}\n')
    assert tails.of(run).rows[-1] == {"images": 2048, "loss/vae": 1.0}


def test_a_run_without_rows_has_none(tmp_path):
    run = make_run(tmp_path, images=0)
    assert Tails().of(run).rows == []


def test_only_so_many_are_remembered(tmp_path):
    tails = Tails()
    first = make_run(tmp_path, "first", images=1_024, samples=())
    kept = tails.of(first)
    for index in range(REMEMBERED):
        tails.of(make_run(tmp_path, f"run-{index}", images=0, samples=()))
    assert tails.of(first) is not kept


def _long(folder: Path, rows: int, watched: int = 8) -> RunReader:
    """A run with so many rows, of which every ``watched``-th says more."""
    run = make_run(folder, "long", images=0, samples=())
    lines = (
        {"images": 64 * row, "loss/vae": row / 7} | ({} if row % watched else {"watch/modes": 10})
        for row in range(1, rows + 1)
    )
    (run.path / "metrics.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return run


def test_of_very_many_rows_some_are_parsed_evenly_spread(tmp_path, monkeypatch):
    """What a page pays to open a long curve does not grow with it: 40 times the rows, as many parsed."""
    parsed = 0

    def counted(line: bytes) -> tuple[dict[str, object] | None, bool]:
        nonlocal parsed
        parsed += 1
        return run_files.read_row(line)

    monkeypatch.setattr(tails, "read_row", counted)
    total = 40 * MOST_LINES
    tail = Tails().of(_long(tmp_path, total))
    assert parsed <= MOST_LINES + 1
    images = [row["images"] for row in tail.rows]
    assert len(images) > 0.9 * MOST_LINES
    assert images == sorted(set(images)) and images[0] == 64 and images[-1] == 64 * total
    gaps = [later - sooner for sooner, later in pairwise(images)]
    assert max(gaps) <= 64 * 2.5 * 40, "no part of the curve is left out"
    assert tail.every == pytest.approx(40, rel=0.2)
    assert all(row["loss/vae"] == row["images"] / 64 / 7 for row in tail.rows), "every row is one of the file's"
    watched = [row for row in tail.rows if "watch/modes" in row]
    assert 0.2 * len(tail.rows) < len(watched) < 0.3 * len(tail.rows), "of two neighbours the one that says more"


def test_what_is_added_to_a_long_curve_is_read_whole(tmp_path):
    run, known = _long(tmp_path, 3 * MOST_LINES), Tails()
    before = list(known.of(run).rows)
    with (run.path / "metrics.jsonl").open("a") as file:
        file.writelines(f'{{"images": {10**8 + row}}}\n' for row in range(50))
    rows = known.of(run).rows
    assert rows[:-50] == before
    assert [row["images"] for row in rows[-50:]] == [10**8 + row for row in range(50)]


def test_a_curve_that_grows_while_it_is_watched_stays_as_short(tmp_path):
    run, known = _long(tmp_path, MOST_LINES), Tails()
    assert len(known.of(run).rows) == MOST_LINES and known.of(run).every == 1
    for part in range(1, 5):
        with (run.path / "metrics.jsonl").open("a") as file:
            file.writelines(f'{{"images": {part * 10**7 + row}}}\n' for row in range(MOST_LINES))
        tail = known.of(run)
        assert len(tail.rows) <= 2 * MOST_LINES
    assert tail.rows[0]["images"] == 64 and tail.rows[-1]["images"] == 4 * 10**7 + MOST_LINES - 1
    assert tail.every > 1.5
    assert sum("watch/modes" in row for row in tail.rows) == MOST_LINES // 8


def test_a_half_written_row_of_a_long_curve_waits_for_its_end(tmp_path):
    run, known = _long(tmp_path, 2 * MOST_LINES), Tails()
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"images": 99999999, "loss')
    assert known.of(run).rows[-1]["images"] == 64 * 2 * MOST_LINES
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('/vae": 1.0}\n')
    assert known.of(run).rows[-1] == {"images": 99_999_999, "loss/vae": 1.0}


def test_of_two_rows_the_one_stays_that_says_more():
    rows = [{"images": 1}, {"images": 2}, {"images": 3, "a": 1}, {"images": 4, "a": 1}, {"images": 5}, {"images": 6}]
    assert [row["images"] for row in halved(rows)] == [1, 3, 4, 6]
    apart = [{"images": 1}, {"images": 2, "a": 1}, {"images": 3, "b": 1}, {"images": 4}]
    assert halved(apart) == apart
