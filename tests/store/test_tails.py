from __future__ import annotations

from genlab.store.tails import REMEMBERED, Tails
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
