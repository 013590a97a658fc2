"""How much of a match is done, and how long the rest takes."""

from __future__ import annotations

import pytest

from genlab.matches.pace import JUDGING as JUDGED
from genlab.matches.pace import judging_seconds, share_and_left
from genlab.verdicts.match_run import MatchRun, Outcome


def asked(family: str) -> MatchRun:
    outcome = Outcome("queued", target=1_000)
    return MatchRun(family=family, model=family, seed=0, role="seed", lr_factor=1.0, outcome=outcome)


RUNS = [asked("vae"), asked("gan")]
SPEEDS = {"vae": 100.0, "gan": 50.0}
JUDGING = {"seed": 5.0}


def test_a_match_that_has_not_begun() -> None:
    assert share_and_left(RUNS, SPEEDS, JUDGING) == (0.0, 10 + 20 + 2 * 5)


def test_training_and_judging_both_count() -> None:
    runs = [RUNS[0].known(images=1_000, over=True, judged=True), RUNS[1].known(images=500)]
    share, left = share_and_left(runs, SPEEDS, JUDGING)
    assert left == 10 + 5 and share == pytest.approx((10 + 5 + 10) / 40)


def test_a_run_that_ended_early_has_nothing_left() -> None:
    runs = [run.known(images=10, over=True, judged=True) for run in RUNS]
    assert share_and_left(runs, SPEEDS, JUDGING) == (1.0, 0.0)


def test_several_slots_train_at_once_and_judging_goes_on_beside() -> None:
    share, left = share_and_left(RUNS, SPEEDS, JUDGING, slots=2)
    assert (share, left) == (0, 20), "40 seconds of work for two, and the longest run takes as long"
    assert share_and_left(RUNS, SPEEDS, {"seed": 50.0}, slots=2)[1] == 100, "judging goes one after another"


def test_the_share_counts_work_and_not_the_machine() -> None:
    runs = [RUNS[0].known(images=1_000, over=True, judged=True), RUNS[1].known(images=500)]
    assert share_and_left(runs, SPEEDS, JUDGING, slots=4)[0] == share_and_left(runs, SPEEDS, JUDGING)[0]


def test_nothing_to_do_is_done() -> None:
    assert share_and_left([], {}, {}) == (1.0, 0.0)


def test_without_a_speed_images_make_the_share_and_no_time_is_named() -> None:
    runs = [RUNS[0].known(images=1_000, over=True), RUNS[1].known(images=500)]
    assert share_and_left(runs, {"vae": 100.0}, JUDGING) == (0.75, None)


def test_judging_takes_longer_on_larger_pictures_and_is_a_range() -> None:
    low, high = judging_seconds(3, 2, (1, 28, 28))
    assert low < 3 * JUDGED["seed"] + 2 * JUDGED["trial"] < high
    assert judging_seconds(3, 2, (3, 56, 56)) == (4 * low, 4 * high)
    assert judging_seconds(3, 2, (1, 8, 8)) == (low, high)
