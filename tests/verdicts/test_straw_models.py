"""Claims on every pair of straw models: what is true of them is known beforehand, and no verdict says otherwise.

``TRUTH`` holds, for each claim and straw model, what it has of each thing that the claim is about, as levels. A claim
may be supported of a pair only where the first has more of all of these, and has to be where it plainly has; a table of
training pictures is favoured by nothing. ``python -m benchmarks.straw`` prints the table of verdicts.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from genlab.evaluation import fakes
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import Judged
from genlab.verdicts.judge import claims, favoured, judge, verdicts
from tests.support import straw
from tests.support.claims import ran

SPECS = {spec.name: spec for spec in claims()}
COPYING = {"lookup", "holes"}

TRUTH: dict[str, dict[str, tuple[float, ...]]] = {
    # Edges as strong as the data's; nearness to the data.
    "sharpness": {
        "perfect": (3, 3), "rotated": (3, 3), "turned": (3, 3), "shuffled": (3, 3), "lookup": (3, 3), "holes": (3, 1),
        "ghosts": (2, 3), "collapsed": (2, 0), "blurred": (0, 2), "noisy": (0.5, 2),
    },
    # Held-out pictures that it can make; kinds of pictures that it does make.
    "diversity": {
        "perfect": (3, 3), "rotated": (3, 3), "shuffled": (3, 3), "turned": (2.5, 3), "ghosts": (2, 3),
        "lookup": (0, 3), "holes": (0, 2), "collapsed": (0.5, 0.5), "blurred": (0, 2), "noisy": (0, 0.5),
    },
    # Classes told by codes; straight ways; real middles, of which no less is asked for.
    "structure": {
        "perfect": (3, 2, 3), "rotated": (3, 2, 3), "collapsed": (2.5, 3, 3), "blurred": (3, 2.5, 2),
        "noisy": (3, 2, 1), "turned": (0, 1, 3), "shuffled": (0.2, 0.5, 3), "lookup": (0.2, 0, 3),
        "holes": (0.3, 0, 3), "ghosts": (0.2, 0, 1),
    },
    # Dimensions that do the same everywhere; classes along one of them, none where codes know nothing of classes.
    "interpretability": {
        "perfect": (2, 3), "rotated": (2, 2), "collapsed": (4, 2.5), "blurred": (2.5, 3), "noisy": (1.8, 3),
        "turned": (0.5, 0), "shuffled": (0.2, 0), "lookup": (0.1, 0), "holes": (0, 0), "ghosts": (0.1, 0),
    },
    # Edits that succeed; style that is kept, of which no less is asked for.
    "control": {
        "perfect": (3, 3), "rotated": (3, 3), "blurred": (3, 2.5), "noisy": (3, 1.5), "turned": (0.5, 1),
        "shuffled": (1.5, 0.5), "lookup": (2, 0), "holes": (0, 0), "ghosts": (1.5, -2), "collapsed": (0, 0),
    },
}  # fmt: skip
NO_WORSE = {"structure": {2}, "control": {1}}
"""Claim -> things of which the first must not have less, rather than more."""

CERTAIN = {
    "sharpness": [("blurred", "perfect"), ("noisy", "perfect"), ("blurred", "shuffled"), ("blurred", "ghosts")],
    "diversity": [("perfect", name) for name in ("holes", "collapsed", "blurred", "noisy")]
    + [("ghosts", "collapsed"), ("shuffled", "collapsed")],
    "structure": [("perfect", name) for name in ("turned", "shuffled", "lookup", "holes", "ghosts")]
    + [("rotated", "shuffled")],
    "interpretability": [("perfect", name) for name in ("holes", "ghosts", "lookup", "turned")]
    + [("rotated", name) for name in ("lookup", "turned", "ghosts")],
    "control": [("perfect", name) for name in ("turned", "shuffled", "lookup", "ghosts")],
}
"""Pairs (VAE, GAN) whose truth is so plain that three seeds have to show it."""

PAIRS = list(product(straw.STRAWS, straw.STRAWS))


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], dict[str, Judged]]:
    specs = [SPECS[name] for name in TRUTH]
    return {pair: {judged.claim: judged for judged in verdicts(specs, straw.meeting(*pair))} for pair in PAIRS}


def holds(claim: str, vae: str, gan: str) -> bool:
    """Whether a claim is true of a pair, by what they are."""
    truth, gan_first = TRUTH[claim], SPECS[claim].decisive[0].first == "gan"
    first, second = (truth[gan], truth[vae]) if gan_first else (truth[vae], truth[gan])
    places = NO_WORSE.get(claim, set())
    return all(a >= b if place in places else a > b for place, (a, b) in enumerate(zip(first, second, strict=True)))


@pytest.mark.parametrize("claim", TRUTH)
def test_nothing_is_supported_that_is_not_true(claim: str, table: dict[tuple[str, str], dict[str, Judged]]) -> None:
    wrong = [pair for pair in PAIRS if table[pair][claim].verdict == "supported" and not holds(claim, *pair)]
    assert not wrong


@pytest.mark.parametrize("claim", TRUTH)
def test_what_is_plainly_true_is_supported(claim: str, table: dict[tuple[str, str], dict[str, Judged]]) -> None:
    missed = [pair for pair in CERTAIN[claim] if table[pair][claim].verdict != "supported"]
    assert not missed
    assert all(holds(claim, *pair) for pair in CERTAIN[claim])


@pytest.mark.parametrize("claim", TRUTH)
def test_what_is_plainly_true_is_denied_the_other_way_round(
    claim: str, table: dict[tuple[str, str], dict[str, Judged]]
) -> None:
    """And nobody is told apart from another of its kind."""
    for vae, gan in CERTAIN[claim]:
        judged = table[gan, vae][claim]
        assert judged.verdict in {"not_supported", "not_enough_evidence"}, (gan, vae)
    for name in straw.STRAWS:
        assert table[name, name][claim].verdict != "supported", name


@pytest.mark.parametrize("claim", TRUTH)
def test_tables_of_training_pictures_are_favoured_by_nothing(
    claim: str, table: dict[tuple[str, str], dict[str, Judged]]
) -> None:
    spec = SPECS[claim]
    for pair in PAIRS:
        good = favoured(spec, table[pair][claim].verdict)
        copying = {family for family, name in zip(("vae", "gan"), pair, strict=True) if name in COPYING}
        assert not copying & set(good), pair


def test_models_that_are_the_same_are_level_where_the_measure_is_fine_enough(
    table: dict[tuple[str, str], dict[str, Judged]],
) -> None:
    for name in ("perfect", "rotated"):
        assert table[name, name]["diversity"].verdict == table[name, name]["structure"].verdict == "no_difference"


@pytest.mark.parametrize("how", ["exact", "shifted", "flipped"])
def test_copiers_raise_the_alarm(how: str) -> None:
    """5, 20 and 100 % copies, as they are, moved by a pixel or mirrored, among 1,000 samples; and no copies do not."""
    spec, world = REGISTRY.get("copies"), straw.World.made()
    real = straw.items(straw.pictures(np.random.default_rng(99).random((800, straw.FACTORS))))
    train = straw.items(straw.pictures(world.train))
    for share in (0.0, 0.05, 0.2, 1.0):
        samples = straw.Straw(straw.copier(share, how)).samples(1_000)
        found = spec.measure(Evidence(real, samples, train, 2), spec.Options(), np.random.default_rng(0))
        assert bool(found.alarm) == (share > 0), share


def bounded(vae: straw.LinearGaussian | None, seed: int) -> dict[str, dict[str, Any]]:
    """Lines of the bounds of a VAE on points of the true one; of a model without a likelihood where it is None."""
    points = straw.LinearGaussian().drawn(1_000, seed)
    real = Items(points, points)
    bounds = None if vae is None else fakes.bounds(vae.model(), real, seed)
    evidence, lines = Evidence(real, real, real, 0, bounds=bounds), {}
    for name in ("elbo", "iwae"):
        spec = REGISTRY.get(name)
        told = spec.measure(evidence, spec.Options(), np.random.default_rng(seed))
        lines[name] = {"value": told.value, "low": told.low, "high": told.high, "n": told.n, "why": told.why}
    return lines


def test_bounds_of_a_linear_gaussian_vae_are_its_likelihood() -> None:
    """With the true posterior both bounds are exact, item by item."""
    vae = straw.LinearGaussian()
    points = vae.drawn(500, 3)
    found = fakes.bounds(vae.model(), Items(points, points), 0)
    exact = vae.log_p(points)[: len(found["elbo"])]
    np.testing.assert_allclose(found["elbo"], exact, atol=1e-4)
    np.testing.assert_allclose(found["iwae"], exact, atol=1e-4)


@pytest.mark.parametrize("width", [0.7, 1.3])
def test_a_wrong_posterior_costs_the_elbo_what_it_must_and_the_iwae_bound_less(width: float) -> None:
    vae = straw.LinearGaussian(width=width)
    points = vae.drawn(5_000, 4)
    found = fakes.bounds(vae.model(), Items(points, points), 0)
    exact = vae.log_p(points)[: len(found["elbo"])]
    short = exact - found["elbo"]
    assert abs(short.mean() - vae.gap) < 4 * short.std() / np.sqrt(len(short))
    assert exact.mean() - found["iwae"].mean() < vae.gap / 4


@pytest.mark.parametrize(
    ("gan", "seeds", "verdict"),
    [(None, 3, "supported"), (straw.LinearGaussian(), 3, "not_supported"), (None, 1, "not_enough_evidence")],
)
def test_the_claim_on_likelihood_is_about_having_one(
    gan: straw.LinearGaussian | None, seeds: int, verdict: str
) -> None:
    """By definition: however good the bound is, without an effect, and never from one seed."""
    for vae in (straw.LinearGaussian(), straw.LinearGaussian(width=3.0)):
        runs = [
            ran(family, seed, scores=bounded(model, seed))
            for family, model in (("vae", vae), ("gan", gan))
            for seed in range(seeds)
        ]
        found = judge(Facts("straw", "straw", ("vae", "gan"), tuple(range(seeds)), tuple(runs)))["claims"]
        (claim,) = (claim for claim in found if claim["claim"] == "likelihood")
        assert (claim["verdict"], claim["effect"], claim["definitional"]) == (verdict, None, True)
