"""What a match can be asked to be."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.matches.match_request import MatchRequest, contenders, families_of
from genlab.options import parse


def test_nothing_asked_for_is_the_three_families_on_a_small_data_set() -> None:
    request = MatchRequest().checked()
    assert (request.data.name, request.families, request.seeds) == ("mnist-5k", ("vae", "gan", "vae_gan"), 3)


def test_data_by_name_and_families_in_one_word() -> None:
    request = parse(MatchRequest, {"data": "digits", "families": "vae, gan"})
    assert (request.data.name, request.families) == ("digits", ("vae", "gan"))


def test_a_request_survives_being_written() -> None:
    request = parse(MatchRequest, {"data": {"name": "digits", "limit": 64}, "settings": {"beta": 2}, "tuned": True})
    assert parse(MatchRequest, request.model_dump(mode="json")) == request


def test_tuned_is_each_at_its_own_best() -> None:
    """Requests of earlier releases are read so."""
    assert parse(MatchRequest, {"tuned": True}) == parse(MatchRequest, {"fairness": "best"})
    assert parse(MatchRequest, {"tuned": False, "fairness": "compute"}).fairness == "compute"
    assert [parse(MatchRequest, {"tuned": yes}).tuned for yes in (True, False)] == [True, False]
    with pytest.raises(InputError, match="each family is at its own best"):
        parse(MatchRequest, {"tuned": True, "fairness": "compute"})
    assert parse(MatchRequest, {"fairness": "compute"}).command().endswith("--fairness compute")


def test_trials_choose_by_items_that_are_set_aside() -> None:
    aside = {"data": {"name": "digits", "validation": 200}}
    parts = [
        parse(MatchRequest, {**data, "fairness": form}).trial_evaluation().part
        for data, form in [(aside, "best"), (aside, "images"), ({}, "best")]
    ]
    assert parts == ["validation", "test", "test"], "trials that only show sensitivity are reported"
    assert parse(MatchRequest, {**aside, "fairness": "best"}).evaluation().part == "test"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"families": "vae,vea"}, "no model called 'vea'"),
        ({"families": "vae,gan,vae"}, "'vae' stands twice"),
        ({"families": "vae_gan,soft_intro_vae"}, "both of the family VAE-GAN"),
        ({"families": "vae"}, "two families or more"),
        ({"families": ""}, "two families or more"),
        ({"tuned": True, "trials": False}, "chooses learning rates by its trials"),
        ({"fairness": "nix"}, "fairness"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": 21}, "seeds"),
        ({"images": 0}, "images"),
        ({"sead": 1}, "no option 'sead'"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_a_next_step(settings: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says) as refusal:
        parse(MatchRequest, settings).checked()
    assert refusal.value.hint


def test_families_are_known_by_their_models() -> None:
    assert families_of(["soft_intro_vae", "gan"]) == {"vae_gan": "soft_intro_vae", "gan": "gan"}


def test_trials_are_judged_by_less_than_runs() -> None:
    request = MatchRequest(samples=500)
    assert request.evaluation().metrics == () and request.evaluation().samples == 500
    assert "frechet" in request.trial_evaluation().metrics
    assert request.trial_evaluation().samples == 500
    assert MatchRequest().trial_evaluation().samples < MatchRequest().samples


def test_the_command_asks_for_the_same_match() -> None:
    assert MatchRequest().command() == "genlab match --data mnist-5k --preset quick --seeds 3"
    assert "--no-trials" in MatchRequest(trials=False).command()
    request = parse(
        MatchRequest,
        {
            "data": {"name": "digits", "limit": 64, "options": {"noise": 0.5}},
            "preset": "balanced",
            "seeds": 2,
            "families": "vae,gan",
            "images": 5_000,
            "tuned": True,
            "faces": True,
            "samples": 500,
            "settings": {"training.batch_size": 32},
            "name": "my match",
        },
    )
    assert request.command() == (
        "genlab match --data digits --preset balanced --seeds 2 --families vae,gan --images 5000 --fairness best "
        "--faces --samples 500 --name 'my match' --set data.limit=64 --set data.options.noise=0.5 "
        "--set training.batch_size=32"
    )


def test_contenders_are_named_by_model_and_preset_and_others_are_refused() -> None:
    asked = MatchRequest(beside="vae:modern").checked()
    assert asked.beside == ("vae:modern",) and "--beside vae:modern" in asked.command()
    assert contenders(("vae", "gan"), "images") == ("vae:modern",) and contenders(("vae",), "points") == ()
    for wrong in ("gan:modern", "vae:quick", "vae", "vae:none", "vae:modern,vae:modern"):
        with pytest.raises(InputError, match="no contender for this match") as refusal:
            MatchRequest(beside=wrong).checked()
        assert "vae:modern" in refusal.value.hint
    with pytest.raises(InputError, match="no contender"):
        MatchRequest(families=("gan", "vae_gan"), beside="vae:modern").checked()
