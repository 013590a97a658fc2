from __future__ import annotations

from genlab.lessons._facts import LessonFacts, LessonOutcome, Seen, missing, undecided
from genlab.lessons.base import Training
from genlab.numbers import nats
from tests.support.lessons import lesson


def test_a_run_is_named_after_its_lesson_and_keeps_within_its_length():
    assert Training("key", "Weight 8", "KL", "vae").name == "Lesson: KL, weight 8"
    assert len(Training("key", "x" * 200, "KL", "vae").name) == 80


def test_a_question_names_the_settings():
    spec = lesson("posterior-collapse")
    assert "weight 50" in spec.asked(spec.Options())
    assert "weight 2.5" in spec.asked(spec.Options(beta=2.5))


def test_curves_are_read_from_their_end():
    seen = Seen(rows=[{"images": 1, "kl/total": 5.0, "vector/kl": [1, 2]}, {"images": 2, "kl/total": 3.0}])
    assert seen.last("kl/total") == 3.0 and seen.last("nothing") is None
    assert seen.vector("vector/kl") == [1.0, 2.0] and seen.vector("kl/total") == []
    assert seen.late("kl/total", 1.0) == 4.0 and seen.late("kl/total") == 3.0 and seen.late("nothing") is None


def test_scores_and_alarms_are_found_by_name():
    seen = Seen(alarms=[{"symptom": "mode_collapse"}], scores={"kid": {"value": 0.5}, "psnr": {"value": None}})
    assert seen.score("kid") == 0.5 and seen.score("psnr") is None and seen.score("frechet") is None
    assert seen.alarm("mode_collapse") and seen.alarm("posterior_collapse") is None


def test_a_verdict_is_right_wrong_or_undecided():
    assert LessonOutcome("a", "").verdict("a") == "right"
    assert LessonOutcome("a", "").verdict("b") == "wrong"
    assert undecided("").verdict("a") == "undecided"


def test_runs_that_are_not_there_or_were_stopped_decide_nothing():
    whole = Seen(rows=[{"images": 1}])
    assert missing(LessonFacts({"a": whole}), "a") is None
    assert missing(LessonFacts({"a": whole}), "a", "b") is not None
    stopped = missing(LessonFacts({"a": Seen(state="stopped", rows=[{"images": 1}])}), "a")
    assert stopped is not None and "stopped" in stopped.seen


def test_nats_have_no_more_digits_than_they_need():
    assert [nats(value) for value in (0.004, 0.3, 28.71, 210.4)] == ["0.004 nats", "0.3 nats", "28.7 nats", "210 nats"]
