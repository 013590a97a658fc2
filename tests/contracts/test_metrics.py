"""What every metric must keep to, and the sabotage contract: which damage to real items it notices and which not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from genlab.datasets.base import Mixture
from genlab.datasets.ring import mixture
from genlab.evaluation.damage import DAMAGES
from genlab.kinds import get
from genlab.metrics.base import GROUPS, MISSING, NEEDS, Damage, Evidence, Items, Measured, MetricSpec, Need
from genlab.registry import registry
from tests.support.evidence import Bench, digits, films, measure, pictures, points, ring, sentences

SPECS: list[MetricSpec] = list(registry("metrics"))
NAMES = [spec.name for spec in SPECS]
FLOORED = [spec for spec in SPECS if spec.floored]
KINDS = ("digits", "ring")
TEXTS = "sentences"
OF = {"digits": "images", "ring": "points", "films": "film", TEXTS: "texts"}
"""The data that metrics are sabotaged on -> kind of data."""

ALSO_OF_MIXTURES = {"modes", "class_kl"}
"""Metrics that count known modes where there are some, and predicted classes where not."""


def kinds(spec: MetricSpec) -> tuple[str, ...]:
    """The data that a metric is sabotaged on."""
    if "frames" in spec.needs:
        return ("films",)
    if "images" in spec.needs:
        return ("digits", "films")
    if "symbols" in spec.needs:
        return (TEXTS,)
    return ("ring",) if "mixture" in spec.needs else KINDS if spec.name in ALSO_OF_MIXTURES else ("digits",)


def cases(which: str) -> list[tuple[str, str, Damage]]:
    """Metric, data and damage, as far as it can be done to such data."""
    return [
        (spec.name, kind, damage)
        for spec in SPECS
        for kind in kinds(spec)
        for damage in getattr(spec, which)
        if damage in get(OF[kind]).damages
    ]


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bench]:
    made = {"ring": ring(), "films": films(), TEXTS: sentences()}
    return {"digits": digits(tmp_path_factory.mktemp("metrics") / "workspace"), **made}


def spec_of(name: str) -> MetricSpec:
    found: MetricSpec = registry("metrics").get(name)
    return found


def plain(measured: Measured) -> str:
    """The measured numbers as JSON, which holds neither NaN nor Infinity."""
    arrays = {name: np.asarray(value).tolist() for name, value in measured.detail.items()}
    numbers = [measured.value, measured.low, measured.high, measured.n, measured.why]
    return json.dumps([numbers, arrays], allow_nan=False)


def is_sentence(why: str) -> bool:
    return not why[:1].islower() and why.endswith(".") and ". " not in why and "\n" not in why


def holds(spec: MetricSpec, found: Measured) -> None:
    """Assert that it is a number with all that goes with one, or a sentence why there is none."""
    plain(found)
    assert all(np.asarray(value).dtype != object for value in found.detail.values())
    if found.value is None:
        assert is_sentence(found.why), found.why
        assert (found.low, found.high) == (None, None)
        return
    assert not found.why
    assert found.n > 0
    low, high = spec.limits
    assert low is None or found.value >= low
    assert high is None or found.value <= high
    assert (found.low is None) == (found.high is None)
    if found.low is not None and found.high is not None:
        assert found.low <= found.value <= found.high
        assert low is None or found.low >= low
        assert high is None or found.high <= high


# The sabotage contract


def badness(spec: MetricSpec, value: float) -> float:
    """How bad a value is: more is worse."""
    if spec.better == "none":
        assert spec.ideal is not None, "what is neither better up nor down needs an ideal to be worse than"
        return abs(value - spec.ideal)
    return -value if spec.better == "up" else value


@pytest.mark.parametrize(("name", "kind", "damage"), cases("notices"))
def test_it_notices(benches: dict[str, Bench], name: str, kind: str, damage: Damage) -> None:
    spec = spec_of(name)
    fresh, hurt = (benches[kind].measured(name, which) for which in ("fresh", damage))
    assert fresh.value is not None, fresh.why
    assert hurt.value is not None, hurt.why
    ends = [end for end in (fresh.low, fresh.value, fresh.high) if end is not None]
    assert badness(spec, hurt.value) > max(badness(spec, end) for end in ends), (fresh, hurt)


@pytest.mark.parametrize(("name", "kind", "damage"), cases("ignores"))
def test_it_ignores(benches: dict[str, Bench], name: str, kind: str, damage: Damage) -> None:
    fresh, hurt = (benches[kind].measured(name, which) for which in ("fresh", damage))
    assert fresh.value is not None, fresh.why
    assert hurt.value is not None, hurt.why
    if fresh.low is None or fresh.high is None or hurt.low is None or hurt.high is None:
        assert hurt.value == pytest.approx(fresh.value, rel=0.05)
        return
    # Both are samples: that 95 % intervals of the same number lie apart is an event of half a percent.
    assert max(fresh.low, hurt.low) <= min(fresh.high, hurt.high), (fresh, hurt)


@pytest.mark.parametrize("name", [spec.name for spec in FLOORED if spec.group != "latent"])
def test_what_judges_samples_notices_some_damage(name: str) -> None:
    assert spec_of(name).notices


@pytest.mark.parametrize("damage", [damage for damage in DAMAGES if damage not in {"fresh", "shuffled_labels"}])
def test_every_damage_is_noticed_by_some_metric(damage: Damage) -> None:
    assert [spec.name for spec in SPECS if damage in spec.notices]


def test_exchanged_classes_are_noticed_by_probes_of_codes(benches: dict[str, Bench]) -> None:
    evidence = benches["digits"].evidence
    assert evidence.codes is not None
    labels = evidence.codes.train_labels
    shuffled = np.random.default_rng(0).permutation(labels)
    confused = replace(evidence, codes=replace(evidence.codes, train_labels=shuffled))
    for name in ("linear_probe", "knn_probe"):
        known, lost = measure(name, evidence), measure(name, confused)
        assert (known.low or 0) > 0.5
        assert (lost.low or 1) < 0.15


@pytest.mark.parametrize("name", [spec.name for spec in FLOORED if spec.better == "none"])
def test_fresh_items_are_ideal(benches: dict[str, Bench], name: str) -> None:
    spec = spec_of(name)
    for kind in kinds(spec):
        fresh = benches[kind].measured(name, "fresh")
        assert spec.ideal is not None
        assert fresh.value is not None
        assert fresh.low is not None
        assert fresh.high is not None
        # Half as wide again as the 95 % interval: three standard deviations.
        assert 1.5 * (fresh.low - fresh.value) <= spec.ideal - fresh.value <= 1.5 * (fresh.high - fresh.value)


# Values that theory gives, each within three standard deviations of what the sample allows


def gaussian_pair(n: int = 2_000, d: int = 8) -> Evidence:
    rng = np.random.default_rng(0)
    return Evidence(points(rng.standard_normal((n, d))), points(rng.standard_normal((n, d))))


def drawn_modes(n: int, rng: np.random.Generator, known: Mixture) -> Items:
    modes = rng.integers(len(known.means), size=n)
    return points(known.means[modes] + known.sd * rng.standard_normal((n, 2)), modes)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_coverage_of_the_same_distribution_is_1_less_2_to_the_minus_k(k: int) -> None:
    found = measure("coverage", gaussian_pair(), neighbours=k)
    expected = 1 - 0.5**k
    assert found.value == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / 2_000))


@pytest.mark.parametrize("k", [1, 5])
def test_density_of_the_same_distribution_is_1(k: int) -> None:
    found = measure("density", gaussian_pair(), neighbours=k)
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(1, abs=1.5 * (found.high - found.low) / 2)
    assert found.high - found.low < 0.2


def test_the_nearest_neighbour_test_of_the_same_distribution_is_a_coin() -> None:
    # 4,000 throws, a little dependent: neighbours are mutual.
    assert measure("one_nn", gaussian_pair()).value == pytest.approx(0.5, abs=3 * np.sqrt(1.5 * 0.25 / 4_000))


def test_a_perfect_mixture_has_98_9_percent_high_quality() -> None:
    rng, known, n = np.random.default_rng(0), mixture(), 20_000
    found = measure("high_quality", Evidence(drawn_modes(100, rng, known), drawn_modes(n, rng, known), mixture=known))
    expected = 1 - np.exp(-4.5)
    assert spec_of("high_quality").ideal == pytest.approx(expected)
    assert found.value == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / n))


def test_the_divergence_of_a_perfect_mixture_is_its_finite_floor() -> None:
    rng, known, n, repeats = np.random.default_rng(0), mixture(), 2_500, 60
    real = drawn_modes(n, rng, known)
    found = [measure("class_kl", Evidence(real, drawn_modes(n, rng, known), mixture=known)) for _ in range(repeats)]
    freedom = len(known.means) - 1
    floor = freedom / (2 * n)
    # 2 n KL is chi-squared with K - 1 degrees of freedom: variance 2 (K - 1). 1.1 % of the points are in no mode.
    deviation = np.sqrt(2 * freedom / repeats) / (2 * n)
    assert np.mean([one.value for one in found]) == pytest.approx(floor / 0.989, abs=3 * deviation)
    assert found[0].detail["finite_floor"] == pytest.approx(floor, rel=0.02)


# What holds for every metric on any evidence


@pytest.mark.parametrize("name", NAMES)
def test_its_spec_is_consistent(name: str) -> None:
    spec = spec_of(name)
    assert spec.group in GROUPS
    assert set(spec.needs) <= set(NEEDS)
    assert {*spec.notices, *spec.ignores} <= set(DAMAGES)
    assert not set(spec.notices) & set(spec.ignores)
    low, high = spec.limits
    if spec.ideal is not None:
        assert (low is None or spec.ideal >= low) and (high is None or spec.ideal <= high)
    if not spec.floored:
        assert not spec.notices
        assert not spec.ignores
    assert spec.title
    assert spec.summary
    assert not spec.summary.endswith(".")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, spec.name) for spec in SPECS for kind in dict.fromkeys((*KINDS, *kinds(spec)))],
)
def test_it_gives_a_number_with_an_interval_or_a_reason(benches: dict[str, Bench], name: str, kind: str) -> None:
    spec, found = spec_of(name), benches[kind].measured(name, "fresh")
    holds(spec, found)
    if kind in kinds(spec):
        assert found.value is not None, found.why
        assert found.low is not None


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_numbers(benches: dict[str, Bench], name: str) -> None:
    evidence = enough(spec_of(name), benches)
    once, again, other = (measure(name, evidence, seed) for seed in (0, 0, 1))
    assert plain(once) == plain(again)
    assert once.value == other.value


@pytest.mark.parametrize(("name", "need"), [(spec.name, need) for spec in SPECS for need in spec.needs])
def test_missing_evidence_is_a_reason(benches: dict[str, Bench], name: str, need: Need) -> None:
    spec = spec_of(name)
    found = measure(name, without(benches[kinds(spec)[0]].evidence, need))
    assert found.value is None
    assert found.why == MISSING[need]
    assert is_sentence(found.why)


@pytest.mark.parametrize("name", NAMES)
def test_it_looks_at_nothing_that_it_does_not_ask_for(benches: dict[str, Bench], name: str) -> None:
    spec = spec_of(name)
    for kind in kinds(spec):
        evidence = benches[kind].evidence
        for need in NEEDS:
            if need not in {*spec.needs, "images", "frames", "features"}:
                evidence = without(evidence, need)
        holds(spec, measure(name, evidence))


@pytest.mark.parametrize("name", [spec.name for spec in SPECS if spec.minimum > 1])
def test_too_few_items_are_a_reason_and_just_enough_are_not_too_few(benches: dict[str, Bench], name: str) -> None:
    spec = spec_of(name)
    evidence = benches[kinds(spec)[0]].evidence
    for one_fewer in ("real", "fake"):
        items = getattr(evidence, one_fewer).take(slice(0, spec.minimum - 1))
        found = measure(name, replace(evidence, **{one_fewer: items}))
        assert found.value is None
        assert is_sentence(found.why)
        assert f"{spec.minimum:,}" in found.why
    holds(spec, measure(name, shortened(evidence, spec.minimum)))


@pytest.mark.parametrize("flat", ["real", "fake", "train", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_items_that_are_all_the_same_give_a_number_or_a_reason(benches: dict[str, Bench], name: str, flat: str) -> None:
    spec = spec_of(name)
    evidence = enough(spec, benches)
    parts = ("real", "fake", "train") if flat == "all" else (flat,)
    holds(spec, measure(name, replace(evidence, **{part: same(getattr(evidence, part)) for part in parts})))


def enough(spec: MetricSpec, benches: dict[str, Bench]) -> Evidence:
    """Evidence that a metric can say something of; less where it does not need all."""
    evidence = benches[kinds(spec)[0]].evidence
    return evidence if spec.floored else shortened(evidence, 600)


def same(items: Items) -> Items:
    """As many copies of the first item."""
    return items.take(np.zeros(len(items), dtype=np.int64))


def shortened(evidence: Evidence, n: int) -> Evidence:
    """The evidence with the first ``n`` items of each kind."""
    first = slice(0, n)
    changes: dict[str, Any] = {"real": evidence.real.take(first), "fake": evidence.fake.take(first)}
    if evidence.codes is not None and evidence.codes.log_variance is not None:
        mean, log_variance = evidence.codes.mean[first], evidence.codes.log_variance[first]
        changes["codes"] = replace(evidence.codes, mean=mean, log_variance=log_variance)
    if evidence.reconstructions is not None:
        changes["reconstructions"] = evidence.reconstructions.take(first)
    if evidence.fitted is not None:
        changes["fitted"] = evidence.fitted.take(first)
    for name in ("factors", "bounds"):
        changes[name] = {key: values[first] for key, values in (getattr(evidence, name) or {}).items()}
    return replace(evidence, **changes)


def without(evidence: Evidence, need: Need) -> Evidence:
    """The evidence less what ``need`` names."""
    if need == "frames" and evidence.real.images.ndim != 5:
        return evidence
    if need in {"images", "frames"}:
        return replace(evidence, real=points(evidence.real.features[:, :2]))
    if need == "features":
        return replace(evidence, real=replace(evidence.real, features=None))  # type: ignore[arg-type]
    if need == "probabilities":
        bare = {part: replace(getattr(evidence, part), probabilities=None) for part in ("real", "fake")}
        return replace(evidence, **bare)
    if need == "labels":
        return replace(evidence, **{part: replace(getattr(evidence, part), labels=None) for part in ("real", "fake")})
    return replace(evidence, **{"bounds" if need == "likelihood" else need: None})


def test_the_helpers_take_away_what_they_say(benches: dict[str, Bench]) -> None:
    for bench in benches.values():
        for need in NEEDS:
            assert without(bench.evidence, need).lacks(need)
    blank = pictures(np.zeros((3, 1, 4, 4)))
    assert (same(blank).images == 0).all()
    assert len(shortened(benches["digits"].evidence, 7).real) == 7
