"""A match whose trials choose settings first, and one with a contender beside its families."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.config import load_config
from genlab.matches.since import changed_in_match
from tests.support.hall import Hall, quick_hall


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return quick_hall(tmp_path / "workspace", monkeypatch)


def test_a_tuned_match_trains_at_the_rates_that_trials_chose(hall: Hall) -> None:
    hall.scores = {
        f"Match digits VAE trial at {f} × learning rate": s for f, s in [("0.5", 9.0), ("1", 7.0), ("2", 5.0)]
    }
    hall.scores |= {f"Match digits GAN trial at {f} × learning rate": s for f, s in [("0.5", 3.0), ("1", 7.0)]}
    match = hall.conduct(hall.begin(tuned=True, trials=True, seeds=1))
    assert match.chosen_lr == {"vae": 2.0, "gan": 0.5}
    preset = {name: hall.lab.configs.draft(name, "digits", "quick").optimiser.lr for name in ("vae", "gan")}
    for entry in match.entries:
        if entry.role == "seed":
            assert entry.lr_factor == match.chosen_lr[entry.family]
            assert entry.run is not None
            used = hall.lab.runs.read(entry.run).config().optimiser.lr
            assert used == pytest.approx(preset[entry.family] * entry.lr_factor)
    assert ["trial" in name for name in hall.launcher.launched] == [True] * 10 + [False] * 2
    assert changed_in_match(match, hall.lab) == {}, "what trials chose is no other setting"


def test_second_trials_choose_a_weight_at_the_rate_that_the_first_ones_chose(hall: Hall) -> None:
    hall.scores = {
        "Match digits VAE trial at 1 × learning rate": 7.0,
        "Match digits VAE trial at 2 × learning rate": 5.0,
        "Match digits VAE trial at 2 × learning rate, 0.5 × beta": 4.0,
    }
    folder = hall.begin(tuned=True, trials=True, seeds=1)
    match = hall.conduct(folder)
    assert match.chosen_lr == {"vae": 2.0, "gan": 1.0} and match.chosen == {"vae": {"model.beta": 0.5}}
    (judged,) = [entry for entry in match.entries if entry.role == "seed" and entry.family == "vae"]
    used = hall.lab.runs.read(str(judged.run)).config()
    assert (used.model.options.beta, judged.lr_factor) == (0.5, 2.0)
    assert changed_in_match(match, hall.lab) == {}
    folder.ask_for_seeds(2)
    more = [entry for entry in hall.conduct(folder).entries if entry.role == "seed" and entry.family == "vae"]
    assert [entry.configuration().model.options.beta for entry in more] == [0.5, 0.5]


def test_a_contender_is_trained_and_judged_beside_the_families(hall: Hall) -> None:
    match = hall.conduct(hall.begin(beside=("vae:modern",)))
    roles = [(entry.contender, entry.role) for entry in match.entries]
    assert roles == [("vae", "seed"), ("gan", "seed"), ("vae:modern", "beside")] * 2
    assert "Match digits modern VAE seed 1" in hall.judged
    (modern, *_) = [entry.configuration() for entry in match.entries if entry.role == "beside"]
    (usual, *_) = [entry.configuration() for entry in match.entries if entry.contender == "vae"]
    assert (modern.model.options.prior, usual.model.options.prior) == ("flow", "normal")
    assert modern.training == usual.training and modern.latent_dim == usual.latent_dim
    assert {"vae", "gan", "vae:modern"} == set(match.parameters) == set(match.lengths)
    claims = {claim["claim"]: claim for claim in (match.claims or {})["claims"]}
    assert [one["contender"] for one in claims["sharpness"]["beside"]] == ["vae:modern"]
    assert changed_in_match(match, hall.lab) == {}


def test_trials_choose_by_images_that_no_run_learns_from_or_is_reported_on(hall: Hall) -> None:
    match = hall.conduct(hall.begin(tuned=True, trials=True, seeds=1))
    assert match.request.data.validation == 1_497 // 6
    assert {load_config(entry.config).data.validation for entry in match.entries} == {249}
    assert match.request.trial_evaluation().part == "validation" and match.request.evaluation().part == "test"
    untuned = hall.conduct(hall.begin(trials=True, seeds=1))
    assert {load_config(entry.config).data.validation for entry in untuned.entries} == {None}


def test_what_was_chosen_is_not_chosen_again(hall: Hall) -> None:
    folder = hall.begin(tuned=True, trials=True, seeds=1)
    hall.conduct(folder)
    hall.scores = {"Match digits VAE trial at 2 × learning rate": 1.0}
    assert hall.conduct(folder).chosen_lr == {"vae": 1.0, "gan": 1.0}
