from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import pytest

from genlab.config import RunConfig
from genlab.options import Options, setting
from genlab.presentation.fields import changed, describe, entries, entry_options, number_step
from genlab.registry import Choice, FromRegistry, registry


class Inner(Options):
    depth: int = setting(3, "how deep", ge=1, le=9)


class Toy(Options):
    """One field of each kind."""

    on: bool = setting(True, "whether")
    count: int = setting(8, "how many", ge=1, le=64, unit="images", step=8)
    rate: float = setting(2e-4, "how fast", gt=0, le=1, log=True, advanced=True)
    label: str = setting("", "what it is called")
    maybe: int | None = setting(None, "empty decides by itself", ge=2)
    mode: Literal["slow", "fast"] = setting("fast", "which way")
    side: Literal[1, 3] | None = setting(None, "which side")
    extras: list[Literal["a", "b"]] = setting([], "which extras")
    loss: Annotated[Choice, FromRegistry("losses")] = setting("hinge", "which loss")
    inner: Inner = setting(Inner(), "more of it")
    names: tuple[str, ...] = setting((), "which names")
    table: dict[str, int] = setting({}, "anything")


FIELDS = {field.path: field for field in describe(Toy())}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("on", "toggle"),
        ("count", "integer"),
        ("rate", "number"),
        ("label", "text"),
        ("maybe", "integer"),
        ("mode", "one_of"),
        ("side", "one_of"),
        ("extras", "many_of"),
        ("loss", "entry"),
        ("inner", "group"),
        ("names", "words"),
        ("table", "json"),
    ],
)
def test_a_type_has_its_widget(name, kind):
    assert FIELDS[name].kind == kind


def test_ranges_units_and_reasons_are_read_off():
    count, rate = FIELDS["count"], FIELDS["rate"]
    assert (count.low, count.high, count.exclusive, count.unit, count.step) == (1, 64, False, "images", 8)
    assert (rate.low, rate.high, rate.exclusive, rate.log, rate.advanced) == (0, 1, True, True, True)
    assert FIELDS["maybe"].optional and FIELDS["side"].optional and not count.optional
    assert FIELDS["mode"].choices == ("slow", "fast")
    assert FIELDS["side"].choices == (1, 3)
    assert FIELDS["extras"].choices == ("a", "b")
    assert FIELDS["loss"].registry == "losses"


def test_label_and_help_are_words():
    assert FIELDS["count"].label == "Count (images)"
    assert FIELDS["count"].unit == "images" and replace(FIELDS["count"], path="a.most_images").label == "Most images"
    assert replace(FIELDS["count"], path="images_shown").label == "Images shown (images)"
    assert FIELDS["count"].help == "How many. At least 1, at most 64. `count`"
    assert "More than 0" in FIELDS["rate"].help
    assert describe(RunConfig().optimiser, "optimiser.")[0].label == "Learning rate"


def test_every_setting_of_a_run_says_what_it_is_for():
    for part in (RunConfig(), RunConfig().training, RunConfig().optimiser, RunConfig().watch, RunConfig().data):
        assert [field.path for field in describe(part) if not field.why] == []


@pytest.mark.parametrize(
    "kind", ["objectives", "networks", "losses", "penalties", "likelihoods", "corruptions", "datasets"]
)
def test_every_setting_of_every_entry_has_a_widget_of_its_own(kind):
    for spec in registry(kind):
        assert [field.path for field in describe(spec.Options()) if field.kind == "json"] == []


def test_entries_that_do_not_fit_are_left_out():
    points = [spec.name for spec in entries("networks", "points")]
    assert points and "conv" not in points
    assert "conv" in [spec.name for spec in entries("networks", "images")]
    assert "bernoulli" not in [spec.name for spec in entries("likelihoods", "points")]
    assert [spec.name for spec in entries("losses", "points")] == registry("losses").names()


def test_an_entry_begins_with_the_forms_values_or_its_own():
    config = RunConfig(model={"name": "gan", "penalty": {"name": "r1", "weight": 3.0}})
    field = next(field for field in describe(config.model.options, "model.") if field.path == "model.penalty")
    assert entry_options(field, "r1").weight == 3.0
    assert entry_options(field, "r1_r2") == registry("penalties").get("r1_r2").Options()


def test_steps_fit_the_value():
    assert number_step(FIELDS["count"]) == 8
    assert number_step(FIELDS["maybe"]) == 1
    assert number_step(FIELDS["rate"]) == pytest.approx(1e-4)


def test_what_a_form_notes_is_laid_over_the_options():
    toy = Toy(count=16)
    found = changed(toy, {"inner.depth": 5, "loss": "non_saturating", "on": False})
    assert (found["count"], found["inner"], found["on"]) == (16, {"depth": 5}, False)
    assert found["loss"] == {"name": "non_saturating"}, "another entry takes its own defaults"
    assert Toy.model_validate(found).loss.name == "non_saturating"
    assert changed(toy, {}) == toy.model_dump(mode="json")
