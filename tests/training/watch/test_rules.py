"""Each rule: the course of a run that shows its symptom, the nearest course that does not, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from genlab.training.watch import rules
from genlab.training.watch.rules import History

IMAGES = {"data": "images", "modes": 10, "kind": "classes", "near_duplicates": 0.02}
POINTS = {"data": "points", "modes": 8, "kind": "classes", "near_duplicates": 0.02}
HEALTHY = {"watch/modes": 10.0, "watch/near_duplicates": 0.01, "watch/coverage": 0.6}


def history(looks: Sequence[dict[str, Any]], facts: dict[str, Any] = IMAGES, loss: str = "relativistic") -> History:
    """A run of these looks, one every 4,096 images."""
    found = History(loss=loss, facts=facts)
    for number, look in enumerate(looks, 1):
        found.add({"images": 4_096 * number, "step": 64 * number, **look}, counts=True)
    return found


def sampled(modes: float = 10, near: float = 0.01, coverage: float = 0.6) -> dict[str, float]:
    return {"watch/modes": modes, "watch/near_duplicates": near, "watch/coverage": coverage}


@pytest.mark.parametrize(
    ("looks", "collapsed"),
    [
        ([sampled()] * 4, False),
        ([sampled(), sampled(modes=5), sampled(modes=4)], True),
        ([sampled(), sampled(modes=6), sampled(modes=6)], False),
        ([sampled(modes=1), sampled(), sampled(modes=1)], False),
        ([sampled(modes=3)], False),
        ([sampled(8, near=0.52), sampled(8, near=0.9)], True),
        ([sampled(8, near=0.5), sampled(8, near=0.9)], False),
        ([sampled(9, near=0.93), sampled(10, near=0.99)], True),
        # Blurred samples are near each other, and may still be of every kind.
        ([sampled(9, near=0.8), sampled(10, near=0.8)], False),
        ([sampled(coverage=0.8), sampled(8, 0.1, 0.4), sampled(7, 0.2, 0.3)], True),
        ([sampled(coverage=0.8), sampled(10, 0.25, 0.4), sampled(10, 0.3, 0.3)], True),
        # Coverage alone may go because quality does.
        ([sampled(coverage=0.8), sampled(10, 0.1, 0.4), sampled(9, 0.1, 0.3)], False),
        ([sampled(coverage=0.2), sampled(8, 0.1, 0.1), sampled(7, 0.2, 0.1)], False),
    ],
)
def test_mode_collapse(looks, collapsed):
    assert (rules.mode_collapse(history(looks)) is not None) == collapsed


def test_mode_collapse_says_what_was_seen():
    finding = rules.mode_collapse(history([sampled(coverage=0.8), sampled(3, 0.871, 0.2), sampled(3, 0.871, 0.2)]))
    assert finding.seen == (
        "The samples reach 3 of 10 classes; 87 % of them have a near-duplicate in pixels (real data: 2.0 %); "
        "relative coverage fell to 20 % from 80 % at 4,096 images."
    )
    assert finding.numbers == sampled(3, 0.871, 0.2)
    cells = rules.mode_collapse(history([sampled(3)] * 2, {**IMAGES, "kind": "cells"}))
    assert "3 of 10 regions of the data" in cells.seen
    assert "3 of 8 modes" in rules.mode_collapse(history([sampled(3)] * 2, POINTS)).seen


def test_in_the_plane_a_curve_of_samples_is_no_collapse():
    assert rules.mode_collapse(history([sampled(6, near=0.8)] * 3, POINTS)) is None
    assert rules.mode_collapse(history([sampled(8, near=0.95)] * 3, POINTS)) is not None


def test_data_of_one_mode_cannot_lose_it():
    assert rules.mode_collapse(history([sampled(1)] * 3, {**IMAGES, "modes": 1})) is None


def coded(total: float, units: float = 20) -> dict[str, float]:
    return {"kl/total": total, "watch/active_units": units}


@pytest.mark.parametrize(
    ("looks", "collapsed"),
    [
        ([coded(25)] * 4, False),
        # The usual course with a warm-up: the divergence falls and stays.
        ([coded(200), coded(80), coded(30), coded(27)], False),
        # And one that dies.
        ([coded(25), coded(4, 3), coded(0.2, 1), coded(0.01, 0)], True),
        ([coded(25), coded(4, 3), coded(0.2, 1)], False),
        ([coded(0.69, 1)] * 4, False),
    ],
)
def test_posterior_collapse(looks, collapsed):
    assert (rules.posterior_collapse(history(looks)) is not None) == collapsed


def test_posterior_collapse_says_what_was_seen():
    finding = rules.posterior_collapse(history([coded(0.0123, 0)] * 2))
    assert (
        finding.seen == "0 latent dimensions have a KL above 0.01 nats; the KL of training images is 0.012 nats in all."
    )
    assert finding.numbers == coded(0.0123, 0)


def critic(gap: float = 1.0, apart: float = 1.0, gradient: float = 2.0, coverage: float = 0.02) -> dict[str, float]:
    return {
        "watch/critic_gap": gap,
        "score/real": apart / 2,
        "score/fake": -apart / 2,
        "gradient_norm/generator": gradient,
        **sampled(coverage=coverage),
    }


@pytest.mark.parametrize(
    ("looks", "facts", "loss", "raised"),
    [
        # Wins by a little: what a good critic does.
        ([critic(0.95, apart=2, coverage=0.5)] * 4, IMAGES, "relativistic", False),
        ([critic(0.95, apart=12)] * 4, POINTS, "minimax", True),
        ([critic(0.95, apart=12)] * 2, POINTS, "minimax", False),
        ([critic(0.8, apart=12)] * 4, POINTS, "minimax", False),
        # Scores of a Wasserstein critic have no scale.
        ([critic(0.95, apart=12)] * 4, POINTS, "wasserstein", False),
        # The gradient vanishes, whatever the loss.
        ([critic(gradient=3.0), *[critic(gradient=1e-5)] * 3], POINTS, "hinge", True),
        ([critic(gradient=3.0), *[critic(gradient=0.1)] * 3], POINTS, "hinge", False),
        # Varied samples that get no nearer to the data; in the plane coverage is small for long.
        ([critic()] * 3, IMAGES, "hinge", True),
        ([critic()] * 3, POINTS, "hinge", False),
        # A sure critic beside a generator that does well.
        ([critic(1.0, apart=9, coverage=0.5)] * 4, IMAGES, "non_saturating", False),
    ],
)
def test_critic_overpowering(looks, facts, loss, raised):
    assert (rules.critic_overpowering(history(looks, facts, loss)) is not None) == raised


def test_a_critic_that_sees_through_collapsed_samples_is_not_to_blame_for_their_coverage():
    looks = [{**critic(), **sampled(1, 1.0, 0.02)}] * 3
    assert rules.critic_overpowering(history(looks, loss="hinge")) is None


def test_critic_overpowering_says_what_was_seen():
    looks = [critic(gradient=3.0, apart=12), *[critic(0.96, apart=12, gradient=1e-5)] * 3]
    finding = rules.critic_overpowering(history(looks, POINTS, "minimax"))
    assert finding.seen == (
        "The critic is right about 98 % of pairs of a real and a generated item; scores of real and generated items "
        "are 12.0 logits apart; the generator's gradient is down to 1e-05 from 3."
    )
    assert finding.numbers == {"watch/critic_gap": 0.96}


@pytest.mark.parametrize(
    ("memory", "gap", "raised"), [(0.7, 0.95, True), (0.3, 0.95, False), (0.7, 0.3, False), (-0.7, 0.95, False)]
)
def test_critic_overfitting(memory, gap, raised):
    looks = [{"watch/critic_memory": memory, "watch/critic_gap": gap}] * 2
    finding = rules.critic_overfitting(history(looks))
    assert (finding is not None) == raised
    if finding:
        assert finding.seen == "The critic scores training data above held-out data in 85 % of pairs (50 % is alike)."


def test_critic_overfitting_tells_of_the_newest_look():
    looks = [{"watch/critic_memory": memory, "watch/critic_gap": 0.95} for memory in (0.9, 0.7)]
    finding = rules.critic_overfitting(history(looks))
    assert finding is not None and "in 85 % of pairs" in finding.seen


def norms(*values: float) -> History:
    found = History()
    for number, value in enumerate(values):
        found.add({"images": number, "gradient_norm/vae": value, "vector/kl": [1.0]}, counts=False)
    return found


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ([1.0] * 12, False),
        ([1.0] * 12 + [40.0, 50.0], True),
        ([1.0] * 12 + [40.0], False),
        ([1.0] * 12 + [40.0, 2.0], False),
        # Slow growth, as with a likelihood that learns to be narrow.
        ([1.3**n for n in range(30)], False),
        # As large as it has been before.
        ([60.0] + [1.0] * 12 + [40.0, 50.0], False),
        ([1.0] * 5 + [40.0, 50.0], False),
    ],
)
def test_gradient_explosion(values, raised):
    finding = rules.gradient_explosion(norms(*values))
    assert (finding is not None) == raised
    if finding:
        assert finding.seen == "The norm of the vae's gradient jumped to 50 from 1."


def test_rules_are_silent_where_their_numbers_are_missing():
    for rule in (*rules.RULES.values(), rules.gradient_explosion):
        assert rule(history([{}] * 20)) is None
        assert rule(History()) is None


def test_little_is_remembered():
    found = norms(*[1.0] * 500)
    assert len(found.rows) <= 30 and found.looks == []
    assert all("vector/kl" not in row for row in found.rows)


@pytest.mark.parametrize(
    ("looks", "facts", "collapsed"),
    [
        ([sampled(5)] * 2, IMAGES, True),
        ([sampled(5), sampled(5.1)], IMAGES, False),
        ([sampled(1)] * 2, {**IMAGES, "modes": 2}, True),
        ([sampled(8, near=0.52)] * 2, IMAGES, True),
        ([sampled(8, near=0.52), sampled(8, near=0.51)], IMAGES, False),
        ([sampled(8.1, near=0.6)] * 2, IMAGES, False),
        ([sampled(10, near=0.92)] * 2, IMAGES, True),
        ([sampled(10, near=0.92), sampled(10, near=0.91)], IMAGES, False),
        # Where real data are alike themselves, all samples have to be.
        ([sampled(10, near=1.0)] * 2, {**IMAGES, "near_duplicates": 0.3}, True),
        ([sampled(10, near=0.99)] * 2, {**IMAGES, "near_duplicates": 0.3}, False),
        ([sampled(coverage=0.8), *[sampled(8, coverage=0.4)] * 2], IMAGES, True),
        ([sampled(coverage=0.8), sampled(8, coverage=0.4), sampled(8, coverage=0.41)], IMAGES, False),
        ([sampled(coverage=0.8), *[sampled(8.1, coverage=0.4)] * 2], IMAGES, False),
        ([sampled(coverage=0.3), *[sampled(8, coverage=0.15)] * 2], IMAGES, True),
        ([sampled(coverage=0.29), *[sampled(8, coverage=0.1)] * 2], IMAGES, False),
        ([sampled(near=0.0, coverage=0.8), *[sampled(near=0.2, coverage=0.4)] * 2], IMAGES, True),
        ([sampled(near=0.0, coverage=0.8), *[sampled(near=0.19, coverage=0.4)] * 2], IMAGES, False),
    ],
)
def test_where_a_mode_collapse_begins(looks, facts, collapsed):
    assert (rules.mode_collapse(history(looks, facts)) is not None) == collapsed


def test_where_a_posterior_collapse_begins():
    assert rules.posterior_collapse(history([coded(0.29)] * 2)) is not None
    assert rules.posterior_collapse(history([coded(0.29), coded(0.3)])) is None
    assert rules.posterior_collapse(history([coded(0.3), coded(0.29)])) is None
    assert rules.posterior_collapse(history([coded(0.29)])) is None


@pytest.mark.parametrize(
    ("looks", "facts", "loss", "raised"),
    [
        ([critic(0.9, apart=5)] * 3, POINTS, "minimax", True),
        ([critic(0.89, apart=5)] * 3, POINTS, "minimax", False),
        # The mean over the looks counts, and of the scores the least.
        ([critic(0.8, apart=5), critic(1.0, apart=5), critic(0.9, apart=5)], POINTS, "minimax", True),
        ([critic(apart=9), critic(apart=9), critic(apart=4.9)], POINTS, "minimax", False),
        ([critic(apart=5)] * 3, POINTS, "non_saturating", True),
        ([critic(apart=5)] * 3, POINTS, "relativistic", True),
        ([critic(apart=5)] * 3, POINTS, "least_squares", False),
        ([critic(gradient=2.0), *[critic(gradient=0.02)] * 3], POINTS, "hinge", True),
        ([critic(gradient=2.0), *[critic(gradient=0.02)] * 2, critic(gradient=0.021)], POINTS, "hinge", False),
        ([critic(coverage=0.09)] * 3, IMAGES, "hinge", True),
        ([critic(coverage=0.09), critic(coverage=0.1), critic(coverage=0.09)], IMAGES, "hinge", False),
        ([critic(apart=9, coverage=0.29)] * 3, IMAGES, "minimax", True),
        ([critic(apart=9, coverage=0.3)] * 3, IMAGES, "minimax", False),
    ],
)
def test_where_a_critic_begins_to_overpower(looks, facts, loss, raised):
    assert (rules.critic_overpowering(history(looks, facts, loss)) is not None) == raised


def test_a_hybrid_starves_through_its_decoder():
    def looks(last: float) -> list[dict[str, float]]:
        rates = (2.0, last, last, last)
        plain = {"watch/critic_gap": 1.0}
        return [{**plain, "gradient_norm/decoder": rate} for rate in rates]

    assert "down to 0.02 from 2" in rules.critic_overpowering(history(looks(0.02), POINTS, "hinge")).seen
    assert rules.critic_overpowering(history(looks(0.03), POINTS, "hinge")) is None


@pytest.mark.parametrize(("memory", "gap", "raised"), [(0.6, 0.6, True), (0.59, 0.9, False), (0.9, 0.59, False)])
def test_where_a_critic_begins_to_overfit(memory, gap, raised):
    looks = [{"watch/critic_memory": memory, "watch/critic_gap": gap}] * 2
    assert (rules.critic_overfitting(history(looks)) is not None) == raised


@pytest.mark.parametrize(
    ("shares", "least", "raised"),
    [([0.07, 0.07], 0.07, True), ([0.06, 0.5], 0.07, False), ([0.5, 0.06], 0.07, False), ([0.9], 0.07, False)],
)
def test_where_samples_begin_to_be_copies(shares, least, raised):
    looks = [{"watch/copies": share} for share in shares]
    assert (rules.memorisation(history(looks, {**IMAGES, "copies": least})) is not None) == raised
    assert rules.memorisation(history(looks, IMAGES)) is None


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ([1.0] * 8 + [30.1, 30.1], True),
        ([1.0] * 8 + [30.0, 30.1], False),
        ([1.0] * 8 + [30.1, 30.0], False),
        ([1.0] * 7 + [40.0, 50.0], False),
        # What lies more than 24 rows back is forgotten.
        ([60.0] + [1.0] * 21 + [40.0, 50.0], False),
        ([60.0] + [1.0] * 22 + [40.0, 50.0], True),
    ],
)
def test_where_a_gradient_explosion_begins(values, raised):
    assert (rules.gradient_explosion(norms(*values)) is not None) == raised


@pytest.mark.parametrize(
    ("name", "facts", "standings"),
    [
        ("watch/modes", IMAGES, {5: "bad", 5.1: "doubtful", 8: "doubtful", 8.1: "good", 10: "good"}),
        ("watch/modes", {}, {1: None}),
        ("watch/near_duplicates", IMAGES, {0.6: "bad", 0.52: "bad", 0.51: "doubtful", 0.22: "doubtful", 0.21: "good"}),
        ("watch/near_duplicates", POINTS, {0.92: "bad", 0.91: "doubtful", 0.52: "doubtful", 0.51: "good"}),
        ("watch/near_duplicates", {"data": "points", "near_duplicates": 0.8}, {1.0: "bad", 0.99: "good"}),
        ("watch/coverage", IMAGES, {0.1: "bad", 0.11: "doubtful", 0.3: "doubtful", 0.31: "good"}),
        ("watch/coverage", POINTS, {0.0: None}),
        ("watch/copies", {**IMAGES, "copies": 0.07}, {0.07: "bad", 0.069: "good"}),
        ("watch/copies", IMAGES, {0.5: None}),
        ("watch/active_units", IMAGES, {0: "bad", 1: "good"}),
        ("watch/critic_gap", IMAGES, {0.9: "doubtful", 0.89: "good"}),
        ("watch/critic_memory", IMAGES, {0.6: "bad", 0.59: "good"}),
        ("kl/total", IMAGES, {0.9: "good"}),
    ],
)
def test_how_a_single_number_stands(name, facts, standings):
    assert {value: rules.standing(name, value, facts) for value in standings} == standings
