"""A tuned match takes each family's best learning rate."""

from __future__ import annotations

from genlab.matches.trials import best_factors


def test_the_smallest_score_wins() -> None:
    scores = [("vae", 0.5, 3.0), ("vae", 1.0, 2.0), ("vae", 2.0, 4.0), ("gan", 0.5, 9.0), ("gan", 2.0, 1.0)]
    assert best_factors(scores) == {"vae": 1.0, "gan": 2.0}


def test_trials_without_a_score_do_not_win() -> None:
    assert best_factors([("gan", 0.5, None), ("gan", 1.0, 8.0), ("gan", 2.0, None)]) == {"gan": 1.0}


def test_a_family_without_any_score_keeps_its_rate() -> None:
    assert best_factors([("gan", 0.5, None), ("gan", 2.0, None)]) == {"gan": 1.0}
    assert best_factors([]) == {}


def test_the_presets_rate_wins_when_another_is_only_as_good() -> None:
    assert best_factors([("vae", 0.5, 2.0), ("vae", 1.0, 2.0), ("vae", 2.0, 2.0)]) == {"vae": 1.0}
