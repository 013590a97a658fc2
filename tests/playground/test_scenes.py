"""Each scene has to show what it says, whatever the seed."""

from __future__ import annotations

import re
from statistics import mean

import pytest

from genlab.playground import pictures
from genlab.playground.scenario import changed, from_link, to_link
from genlab.playground.scenes import SCENES
from genlab.playground.session import PlaygroundSession

SEEDS = (0, 1, 2)
BY_NAME = {scene.name: scene for scene in SCENES}


def signs(session, name):
    """Whether each sign of a scene is there now."""
    session.measure()
    row = session.rows[-1]
    found = []
    for sign in BY_NAME[name].signs:
        found.append(sign.holds(session.step, row["models"][sign.model], facts(session, sign.model)))
    return found


def begin(name, seed, **settings):
    return PlaygroundSession(changed(BY_NAME[name].scenario, {"seed": seed, **settings}))


def go(session, steps, every=25):
    """Train, and the measurements of the last half."""
    rows = []
    for step in range(1, steps + 1):
        session.advance(0.0)
        if step % every == 0 and step > steps // 2:
            session.measure()
            rows.append(session.rows[-1]["models"])
    return rows


def facts(session, model):
    return pictures.draw(session.stages[model], ("critic", "arrows", "latent"))[0]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_tells_no_outcome_before_it_happens(scene):
    """At the first step nothing has happened yet: the text asks, and no sign may say that it is there."""
    assert re.search(r"\bWatch\b|\bwatch\b", scene.look)
    session = begin(scene.name, 0)
    found = signs(session, scene.name)
    assert not found or not all(found)


def test_one_thing_makes_the_gradient_vanish():
    """The generator is frozen, so that its learning rate says nothing about the gradient that reaches it."""
    changed_settings = BY_NAME["vanishing_gradient"].settings
    assert changed_settings == {"loss": "minimax", "penalty": "none", "generator_lr": 0.0}
    assert all(len(one.changes) <= 2 for one in BY_NAME["vanishing_gradient"].tries)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_is_complete_and_fits_into_a_link(scene):
    assert from_link(to_link(scene.scenario)) == scene.scenario
    assert scene.look.endswith((".", "?")) and scene.why.endswith(".")
    for one in scene.tries:
        changed(scene.scenario, one.changes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_mode_hopping_hops_and_a_penalty_ends_it(seed):
    session = begin("mode_hopping", seed)
    modes = [row["gan"]["modes"] for row in go(session, 500)]
    assert max(modes) <= 3, modes
    assert all(signs(session, "mode_hopping"))
    session.set(BY_NAME["mode_hopping"].tries[0].changes)
    assert max(row["gan"]["modes"] for row in go(session, 2_000)) == 8


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_strong_critic_leaves_no_gradient_until_the_loss_is_changed(seed):
    session = begin("vanishing_gradient", seed)
    assert not all(signs(session, "vanishing_gradient")), "not before it has happened"
    go(session, 400)
    assert all(signs(session, "vanishing_gradient"))
    session.set(BY_NAME["vanishing_gradient"].tries[0].changes)
    go(session, 5)
    assert facts(session, "gan")["pull"] > 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_posterior_collapses_and_wakes_up(seed):
    session = begin("posterior_collapse", seed)
    go(session, 300)
    assert all(signs(session, "posterior_collapse"))
    session.set(BY_NAME["posterior_collapse"].tries[0].changes)
    go(session, 500)
    assert max(facts(session, "vae")["kl"]) > 0.5


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_high_beta_gives_one_dimension_up_and_a_low_one_takes_it_back(seed):
    session = begin("beta_too_high", seed)
    go(session, 400)
    assert all(signs(session, "beta_too_high"))
    session.set(BY_NAME["beta_too_high"].tries[0].changes)
    go(session, 800)
    assert min(facts(session, "vae")["kl"]) > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_r1_shortens_the_arrows(seed):
    session = begin("penalty_off_on", seed)
    go(session, 300)

    def pull():
        found = []
        for _ in range(8):
            go(session, 15)
            found.append(facts(session, "gan")["pull"])
        return mean(found)

    without = pull()
    session.set(BY_NAME["penalty_off_on"].tries[0].changes)
    go(session, 150)
    assert pull() < 0.5 * without


@pytest.mark.slow
def test_pairs_spread_the_samples():
    def divergence(pack):
        return mean(row["gan"]["js"] for seed in SEEDS for row in go(begin("packing", seed, pack=pack), 600))

    assert divergence(2) < divergence(1) - 0.08


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_three_families_all_learn(seed):
    session = begin("side_by_side", seed)
    first = {model: row["js"] for model, row in session.rows[0]["models"].items()}
    last = go(session, 400)[-1]
    assert all(last[model]["js"] < first[model] - 0.1 for model in first)
