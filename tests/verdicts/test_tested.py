"""From a part and the facts to a finding: which numbers are compared, and what chance says of them."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest

from genlab.metrics.base import WITHHELD
from genlab.verdicts.claims.base import PartSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.tested import find, scaled, threshold_of
from tests.support.claims import ran, trial


def scores(**values: float) -> dict[str, dict[str, float]]:
    return {name: {"value": value, "low": value, "high": value} for name, value in values.items()}


def match(vae: dict[str, list[float]], gan: dict[str, list[float]], **more: object) -> Facts:
    """Two families with these scores, one a seed."""
    runs = tuple(
        ran(family, seed, f"{family}-{seed}", scores=scores(**{name: column[seed] for name, column in known.items()}))
        for family, known in (("vae", vae), ("gan", gan))
        for seed in range(len(next(iter(known.values()), ())) or 2)
    )
    return Facts("m", "d", ("vae", "gan"), (0, 1), runs, **more)


def part(**settings: object) -> PartSpec:
    return PartSpec(name="p", title="t", **{"measure": "coverage", "first": "vae", "second": ("gan",), **settings})


def test_what_holds_by_definition_leaves_nothing_to_chance() -> None:
    elbo = part(kind="has", measure="elbo")
    found = find(elbo, match({"elbo": [-100.0, -104.0]}, {"coverage": [0.5, 0.5]}))
    assert found.test is not None and (found.test.p_for, found.test.p_against) == (0.0, 1.0)
    assert found.test.effect == -102 and found.test.low < -102 < found.test.high
    assert (found.means, found.seeds) == ((-102.0, None), 2)
    both = find(elbo, match({"elbo": [-100.0, -104.0]}, {"elbo": [-90.0, -91.0]}))
    assert both.test is not None and (both.test.p_for, both.test.p_against) == (1.0, 0.0)
    one = find(elbo, match({"elbo": [-100.0]}, {"coverage": [0.5, 0.5]}))
    assert one.test is None and one.waits
    none = find(elbo, match({"coverage": [0.5, 0.5]}, {"coverage": [0.5, 0.5]}))
    assert none.test is None and not none.waits and none.missing == "VAE: It has not been measured."


def test_trials_at_other_rates_are_shown_and_prove_nothing() -> None:
    rates = part(kind="sensitivity", measure="frechet", scale="ratio")
    trials = (trial("vae", 0.5, 8.0), trial("vae", 1.0, 4.0), trial("gan", 0.5, 4.0), trial("gan", 1.0, 1.0))
    found = find(rates, match({"coverage": [0.5, 0.5]}, {"coverage": [0.5, 0.5]}, trials=trials))
    assert found.test is not None and (found.test.p_for, found.test.p_against) == (1.0, 1.0)
    assert found.test.effect == found.test.low == found.test.high == pytest.approx(log(2 / 4))
    assert (found.means, found.seeds, found.unit) == ((2.0, 4.0), 1, "×")
    half = find(rates, match({"coverage": [0.5, 0.5]}, {"coverage": [0.5, 0.5]}, trials=trials[:3]))
    assert half.test is None and half.missing == "No trials at other learning rates were made."


def test_scores_are_turned_so_that_more_is_better_for_the_claim() -> None:
    facts = match({"coverage": [0.5, 0.25]}, {"coverage": [0.0, 0.5]})
    assert scaled(part(), facts, "vae").values == (0.5, 0.25)
    assert scaled(part(better="down"), facts, "vae").values == (-0.5, -0.25)
    assert scaled(part(scale="ratio"), facts, "vae").values == pytest.approx((log(0.5), log(0.25)))
    ideal = scaled(part(ideal=0.5, better="down"), facts, "vae")
    assert ideal.values == pytest.approx((0.0, -log(2)))
    why = "Some of its scores are not above zero, so that they have no ratios."
    assert scaled(part(scale="ratio"), facts, "gan") == why
    assert scaled(part(measure="kid"), facts, "gan") == "It has not been measured."
    assert threshold_of(part(scale="ratio", threshold=1.5)) == pytest.approx(log(1.5))
    assert threshold_of(part(threshold=0.05)) == 0.05


def test_a_comparison_has_means_effect_and_unit() -> None:
    facts = match({"code_seconds": [1.0, 1.2]}, {"code_seconds": [2.0, 2.6]})
    plain = find(part(measure="code_seconds", better="down"), facts)
    assert plain.test is not None and plain.test.effect == pytest.approx(1.2)
    assert plain.means == pytest.approx((1.1, 2.3)) and (plain.unit, plain.seeds, plain.waits) == ("s", 2, False)
    ratio = find(part(measure="code_seconds", better="down", scale="ratio", threshold=1.5), facts)
    assert ratio.effect is not None and ratio.unit == "×"
    assert ratio.effect.effect == pytest.approx(exp((log(2.0) + log(2.6) - log(1.0) - log(1.2)) / 2))


def test_a_family_that_is_not_there_is_named() -> None:
    found = find(part(second=("vae_gan",)), match({"coverage": [0.5, 0.5]}, {"coverage": [0.5, 0.5]}))
    assert found.missing == "No VAE-GAN took part in the match." and found.test is None


def test_a_score_whose_interval_is_withheld_decides_nothing() -> None:
    facts = match({"coverage": [0.9, 0.91]}, {"coverage": [0.1, 0.12]})
    assert find(part(), facts).test is not None
    line = {"value": 0.1, "low": None, "high": None, "why": f"{WITHHELD} too few of each class."}
    runs = (*facts.of("vae"), *(ran("gan", seed, f"gan-{seed}", scores={"coverage": line}) for seed in (0, 1)))
    found = find(part(), Facts("m", "d", ("vae", "gan"), (0, 1), runs))
    assert found.test is None and found.missing == f"GAN: {WITHHELD} too few of each class."


def against(level: float, *more: float, **settings: object) -> Facts:
    """A VAE that reaches 0.8 in three seeds, beside methods without a model that reach these levels."""
    baselines = {"anomaly.auroc": {f"method {place}": {"value": value} for place, value in enumerate((level, *more))}}
    return match({"anomaly.auroc": [0.79, 0.8, 0.81]}, {"anomaly.auroc": [0.7, 0.7, 0.7]}, baselines=baselines)


ALONE = {"kind": "baseline", "measure": "anomaly.auroc", "second": (), "threshold": 0.02}


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [((0.7, 0.75), "supported"), ((0.7, 0.9), "not_supported"), ((0.9, 0.7), "not_supported"), ((0.78,), None)],
)
def test_a_family_has_to_beat_every_method_without_a_model(levels: tuple[float, ...], verdict: str | None) -> None:
    found = find(part(**ALONE), against(*levels))
    best = max(range(len(levels)), key=lambda place: levels[place])
    assert found.rival == f"method {best}" and found.sides == ("VAE", found.rival)
    assert found.test is not None and found.test.effect == pytest.approx(0.8 - levels[best])
    assert found.means == (pytest.approx(0.8), levels[best]) and len(found.comparisons) == len(levels)
    assert found.verdict() == (verdict or "not_enough_evidence")


def test_ratios_to_a_method_without_a_model() -> None:
    facts = match({"denoising.features": [0.4, 0.4, 0.41]}, {"denoising.features": [0.6, 0.6, 0.6]})
    facts = replace(facts, baselines={"denoising.features": {"a filter": {"value": 0.8}, "none": {"value": 0.0}}})
    asked = {**ALONE, "measure": "denoising.features", "scale": "ratio", "better": "down", "threshold": 1.1}
    assert "not above zero" in find(part(**asked), facts).missing
    facts = replace(facts, baselines={"denoising.features": {"a filter": {"value": 0.8}}})
    found = find(part(**asked), facts)
    assert found.effect is not None and found.effect.effect == pytest.approx(2, rel=0.02)


def test_without_a_score_or_a_method_there_is_nothing_to_compare() -> None:
    nobody = match({"anomaly.auroc": [0.8, 0.8]}, {"anomaly.auroc": [0.7, 0.7]})
    assert find(part(**ALONE), nobody).missing == "No method without a model has been measured."
    silent = replace(against(0.7), runs=())
    assert find(part(**ALONE), silent).missing == "VAE: It took no part in this match."
    one = find(part(**ALONE), replace(against(0.7), runs=against(0.7).runs[:1]))
    assert one.test is None and one.waits
