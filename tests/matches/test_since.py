"""A result that was made by other settings than today's preset of that name says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.config import DataConfig
from genlab.lab import Lab
from genlab.matches.since import (
    about_settings,
    changed,
    changed_in_match,
    data_sentence,
    documents,
    match_sentence,
    sentence,
)
from tests.support.matches import planned

OTHER = {"model.beta": 7.0, "optimiser.lr": 0.01}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_a_run_of_todays_preset_says_nothing(lab: Lab) -> None:
    """Nor does what no preset is about: its name, its seed, how often it is looked at."""
    config = lab.configs.draft("vae", "mnist-5k", "quick", {"seed": 4, "name": "mine", "sample_every": 512})
    assert changed(config, lab) == {} and sentence(config, lab) == ""


def test_a_run_of_other_settings_names_them_beside_todays(lab: Lab) -> None:
    today = lab.configs.draft("vae", "mnist-5k", "quick")
    config = lab.configs.draft("vae", "mnist-5k", "quick", OTHER)
    found = changed(config, lab)
    assert found == {"model.beta": (7.0, today.model.options.beta), "optimiser.lr": (0.01, today.optimiser.lr)}
    assert documents(found)["model.beta"] == {"made_with": 7.0, "preset_today": today.model.options.beta}
    assert sentence(config, lab).startswith("Made by other settings than today's preset quick: model.beta 7.0 (today ")


def test_another_entry_is_named_without_its_options(lab: Lab) -> None:
    config = lab.configs.draft("vae", "mnist-5k", "quick", {"network": "mlp"})
    assert set(changed(config, lab)) == {"network"}


def test_a_preset_that_is_gone_is_no_error(lab: Lab) -> None:
    config = lab.configs.draft("vae", "mnist-5k", "quick").model_copy(update={"preset": "gone"})
    assert "cannot be compared" in sentence(config, lab)


def test_a_match_planned_as_today_says_nothing(lab: Lab) -> None:
    """Its common length and its widths are the match's doing, not another preset."""
    match = planned(lab.workspace.path)
    assert match.entries and all(entry.config for entry in match.entries)
    assert changed_in_match(match, lab) == {} and match_sentence(match, lab) == ""
    widened = planned(lab.workspace.path, **{"network.trunk_width": 11})
    assert changed_in_match(widened, lab) == {}


def test_a_match_of_other_settings_names_them(lab: Lab) -> None:
    match = planned(lab.workspace.path, **OTHER)
    found = changed_in_match(match, lab)
    assert set(found) == {"vae"} and set(found["vae"]) == set(OTHER)
    assert match_sentence(match, lab).startswith("Made by other settings than today's preset quick: model.beta 7.0")


def test_matches_that_come_with_genlab_name_what_has_changed_since(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_ZOO", str(Path(__file__).parents[2] / "assets" / "zoo"))
    shipped = [match for match in lab.matches.all() if match.shipped]
    assert shipped
    for match in shipped:
        today = lab.configs.draft("vae", match.request.data, match.request.preset)
        kept = next(entry for entry in match.entries if entry.family == "vae").configuration()
        differs = kept.network.options.mapping != today.network.options.mapping
        assert ("network.mapping" in match_sentence(match, lab)) == differs


def test_data_with_an_option_that_came_later_say_so_where_it_is_another_today(lab: Lab) -> None:
    earlier = DataConfig(name="sentences", options={"count": 12_000, "seed": 0})
    told = "Made on data with other options than today's: units words (today parts)."
    assert data_sentence(earlier) == told
    assert sentence(lab.configs.draft("vae", earlier, "quick"), lab) == told
    match = planned(lab.workspace.path)
    assert told in about_settings(replace(match, request=match.request.model_copy(update={"data": earlier})), lab)
    chosen = DataConfig(name="sentences", options={"count": 300, "seed": 0, "units": "words"})
    for data in (chosen, DataConfig(name="sentences"), DataConfig(name="mnist-5k"), DataConfig(name="gone")):
        assert data_sentence(data) == "", "what was chosen is no difference from today"


def test_the_match_on_sentences_that_comes_with_genlab_says_that_its_data_were_of_words(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENLAB_ZOO", str(Path(__file__).parents[2] / "assets" / "zoo"))
    (match,) = [match for match in lab.matches.all() if match.request.data.name == "sentences"]
    kept = "units" in match.request.data.options
    assert ("units words (today parts)" in " ".join(about_settings(match, lab))) != kept
    assert lab.data.describe(match.request.data).symbols[0] == (" " if not kept else " +")


def test_a_match_on_the_data_that_its_preset_was_chosen_on_says_so(lab: Lab) -> None:
    match = planned(lab.workspace.path)
    (told,) = about_settings(match, lab)
    assert told.startswith("The preset quick was chosen on mnist-5k itself, by its held-out items")
    other = replace(match, request=match.request.model_copy(update={"data": DataConfig(name="fashion-mnist")}))
    assert not [told for told in about_settings(other, lab) if "chosen on" in told]
    beside = replace(match, request=match.request.model_copy(update={"beside": ("vae:modern",)}))
    assert about_settings(beside, lab)[-1] == (
        "The preset modern was chosen on mnist-5k, by training items that were set aside, not by held-out ones."
    )
    several = about_settings(planned(lab.workspace.path, **OTHER), lab)
    assert several[0].startswith("Made by other settings than today's preset quick: ")
    assert len(several) == 2
