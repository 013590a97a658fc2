"""The watch as a whole, on made-up runs: when it begins to judge, what it raises, what it knows after a resume."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from genlab.config import RunConfig, change
from genlab.training.watch import Alarm, CollapseWatch, active_units
from genlab.training.watch.collapse import least_images

FACTS = {"data": "images", "modes": 10, "kind": "classes", "near_duplicates": 0.02}
TARGET, EVERY = 200_000, 1_024


def config(model: str, **settings: Any) -> RunConfig:
    return change(RunConfig(model=model), {"images": TARGET, **settings})


def run(model: str, sick_from: int | None, until: int = TARGET, sick_to: int = TARGET) -> Iterator[dict[str, Any]]:
    """Rows of a run that falls ill: a GAN loses its modes, a VAE its code."""
    for images in range(EVERY, until + 1, EVERY):
        sick = sick_from is not None and sick_from <= images <= sick_to
        row: dict[str, Any] = {"images": images, "step": images // 64, "gradient_norm/critic": 1.0}
        if model == "vae":
            kl = [0.001] * 32 if sick else [1.5] * 20 + [0.001] * 12
            row |= {"kl/total": sum(kl), "vector/kl": kl}
        if images % (8 * EVERY) == 0:
            alike = {"watch/modes": 2.0, "watch/near_duplicates": 0.9, "watch/coverage": 0.05}
            varied = {"watch/modes": 10.0, "watch/near_duplicates": 0.02, "watch/coverage": 0.6}
            row |= alike if sick else varied
            if model == "vae":
                row["watch/active_units"] = active_units(row["vector/kl"])
            else:
                row["watch/critic_gap"] = 0.5
        yield row


def watched(model: str, rows: Iterator[dict[str, Any]], **settings: Any) -> tuple[CollapseWatch, list[Alarm]]:
    watch = CollapseWatch(config(model, **settings), FACTS)
    return watch, [alarm for row in rows for alarm in watch.look(row)]


@pytest.mark.parametrize("model", ["gan", "vae"])
def test_a_healthy_run_is_silent(model):
    watch, raised = watched(model, run(model, None))
    assert raised == [] and watch.alarms == ()


@pytest.mark.parametrize(("model", "symptom"), [("gan", "mode_collapse"), ("vae", "posterior_collapse")])
def test_an_illness_is_raised_once_at_the_second_look_and_lasts(model, symptom):
    watch, raised = watched(model, run(model, 100_000))
    (alarm,) = raised
    assert (alarm.symptom, alarm.images) == (symptom, 114_688)
    assert [(a.symptom, a.images, a.last) for a in watch.alarms] == [(symptom, 114_688, 196_608)]
    assert alarm.advice.cause and alarm.advice.settings
    assert change(config(model), alarm.advice.settings) != config(model)


def test_an_illness_that_passes_has_an_end():
    watch, _ = watched("gan", run("gan", 100_000, sick_to=150_000))
    assert [(a.images, a.last) for a in watch.alarms] == [(114_688, 147_456)]


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({}, 49_152),
        ({"images": 1_000_000}, None),
        ({"images": 20_000}, 32_768),
    ],
)
def test_every_run_begins_collapsed(settings, first):
    _, raised = watched("gan", run("gan", 0, until=100_000), **settings)
    assert [alarm.images for alarm in raised] == ([first] if first else [])


@pytest.mark.parametrize(("warmup", "first"), [(0.0, 49_152), (0.5, 114_688), (1.0, 163_840)])
def test_a_model_is_judged_when_it_is_warm(warmup, first):
    _, raised = watched("vae", run("vae", 0), kl_warmup=warmup)
    assert [alarm.images for alarm in raised] == [first]


def test_a_vae_without_a_code_is_told_so_and_not_that_its_samples_are_alike():
    watch, _ = watched("vae", run("vae", 100_000))
    assert {alarm.symptom for alarm in watch.alarms} == {"posterior_collapse"}


def test_an_explosion_is_raised_between_two_looks_unless_gradients_are_clipped():
    rows = [{**row, "gradient_norm/critic": 50.0 if row["images"] > 120_000 else 1.0} for row in run("gan", None)]
    _, raised = watched("gan", iter(rows))
    assert [(alarm.symptom, alarm.images) for alarm in raised] == [("gradient_explosion", 121_856)]
    assert watched("gan", iter(rows), clip_norm=1.0)[1] == []


@pytest.mark.parametrize("stop", [90_112, 106_496, 131_072])
def test_a_resumed_run_knows_what_it_knew(stop):
    straight, _ = watched("gan", run("gan", 100_000))
    before = [json.loads(json.dumps(row)) for row in run("gan", 100_000, until=stop)]
    resumed, _ = watched("gan", iter(before))
    for row in run("gan", 100_000):
        if row["images"] > stop:
            resumed.look(row)
    assert resumed.alarms == straight.alarms


def test_without_samples_to_hold_against_data_the_rest_is_still_watched():
    watch = CollapseWatch(config("vae"), {})
    for row in run("vae", 100_000):
        if "watch/modes" in row:
            row = {name: value for name, value in row.items() if name not in ("watch/modes", "watch/coverage")}
        watch.look(row)
    assert [alarm.symptom for alarm in watch.alarms] == ["posterior_collapse"]


@pytest.mark.parametrize(
    ("settings", "images"),
    [
        ({"images": 170_000}, 34_000),
        ({"images": 2_560}, 300 * 64),
        ({"images": 2_560, "batch_size": 16}, 300 * 16),
        ({"images": 2_560, "critic_repeats": 5}, 300 * 64 * 5),
    ],
)
def test_a_run_is_judged_after_300_steps_and_a_fifth_of_its_length(settings, images):
    assert least_images(config("gan", **settings)) == images


def test_a_model_without_a_critic_takes_fresh_images_once_a_step():
    assert least_images(config("vae", images=2_560, kl_warmup=0.0)) == 300 * 64


def test_active_units_are_counted():
    assert active_units([0.0, 0.01, 0.011, 3.0]) == 2
