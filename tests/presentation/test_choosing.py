from __future__ import annotations

from genlab.presentation.choosing import GOALS, advise, answer
from genlab.presentation.claims import read_claims
from tests.support.matches import cell, claim

SPEEDS = {"vae": 1_400.0, "gan": 500.0, "vae_gan": 260.0}


def claims(**cells):
    """A claim whose cells are ``family=(measure, value, low, high)``."""
    found = {
        family: [cell(name, value, low=low, high=high) for name, value, low, high in lines]
        for family, lines in cells.items()
    }
    return read_claims({"claims": [claim("x", "supported", cells=found)]})


def test_a_family_that_is_ahead_by_more_than_the_intervals_is_recommended():
    known = claims(vae=[("frechet", 30.0, 28.0, 32.0)], gan=[("frechet", 4.0, 3.0, 5.0)])
    advice = advise(["realism"], known, {})
    assert advice.families == ("gan",)
    assert advice.answers[0].clear
    assert "GAN 4.0 ± 1.0, VAE 30 ± 2" in advice.answers[0].words


def test_overlapping_intervals_are_level():
    known = claims(vae=[("coverage", 0.50, 0.40, 0.60)], gan=[("coverage", 0.55, 0.45, 0.65)])
    found = answer(GOALS["coverage"], known, {})
    assert set(found.best) == {"vae", "gan"} and not found.clear
    assert "overlap" in found.words


def test_who_leaves_nothing_out_is_told_by_samples_and_not_by_what_codes_can_reach():
    """A VAE can reach items that its samples leave out."""
    reach = {"vae": ("reach", 0.99, 0.98, 1.0), "gan": ("reach", 0.5, 0.4, 0.6)}
    prior = {"vae": ("coverage_prior", 0.3, 0.2, 0.4), "gan": ("coverage_prior", 0.8, 0.7, 0.9)}
    usual = {"vae": ("coverage", 0.95, 0.94, 0.96), "gan": ("coverage", 0.6, 0.5, 0.7)}
    every = claims(**{family: [reach[family], usual[family], prior[family]] for family in reach})
    assert answer(GOALS["coverage"], every, {}).best == ("gan",)
    without = claims(**{family: [reach[family], usual[family]] for family in reach})
    assert answer(GOALS["coverage"], without, {}).best == ("vae",)
    alone = claims(**{family: [reach[family]] for family in reach})
    assert answer(GOALS["coverage"], alone, {}).best == ()


def test_numbers_without_intervals_decide_nothing():
    known = claims(vae=[("coverage", 0.5, None, None)], gan=[("coverage", 0.9, None, None)])
    assert set(answer(GOALS["coverage"], known, {}).best) == {"vae", "gan"}


def test_what_was_not_measured_is_said_and_gives_no_point():
    advice = advise(["editing", "speed"], [], {})
    assert advice.families == ()
    assert all("not" in found.words for found in advice.answers)


def test_a_likelihood_is_the_vae_s_by_nature():
    advice = advise(["likelihood"], [], {})
    assert advice.families == ("vae",)
    assert "not from a measurement" in advice.answers[0].words
    none = [cell("elbo", None, text="has none")]
    cells = {"vae": [cell("elbo", -100.0)], "gan": none, "vae_gan": none}
    measured = advise(["likelihood"], read_claims({"claims": [claim("x", "supported", cells=cells)]}), {})
    assert measured.families == ("vae",)
    assert "No number of GAN and VAE-GAN: has none" in measured.answers[0].words


def test_speed_comes_from_the_runs():
    advice = advise(["speed"], [], SPEEDS)
    assert advice.families == ("vae",)
    assert "VAE 1,400, GAN 500, VAE-GAN 260" in advice.answers[0].words


def test_goals_weigh_alike():
    known = claims(
        vae=[("frechet", 30.0, 28.0, 32.0), ("coverage", 0.8, 0.78, 0.82)],
        gan=[("frechet", 4.0, 3.0, 5.0), ("coverage", 0.4, 0.38, 0.42)],
        vae_gan=[("frechet", 4.2, 3.0, 5.0), ("coverage", 0.79, 0.76, 0.82)],
    )
    assert advise(["realism", "coverage"], known, {}).families == ("vae_gan",)
    assert advise(["realism"], known, {}).families == ("gan", "vae_gan")


def test_a_use_also_says_what_its_claim_says_of_methods_without_a_model():
    cells = {name: [cell("anomaly.auroc", value, low=value - 0.01, high=value + 0.01)] for name, value in AUROC.items()}
    why = "Nearest neighbours, without a model, does better than the VAE here."
    told = claim("anomaly_detection", "not_supported", cells=cells, why=why)
    found = answer(GOALS["anomalies"], read_claims({"claims": [told]}), {})
    assert found.best == ("vae",) and found.clear
    assert found.words.endswith(f"is not supported: {why}")


AUROC = {"vae": 0.9, "gan": 0.7}
