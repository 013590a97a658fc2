"""What is written of verdicts: no digit too many, and whose favour it is in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from genlab.verdicts import statistics as s
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import Finding, Judged
from genlab.verdicts.judge import claims as specs
from genlab.verdicts.judge import judge
from genlab.verdicts.power import Outlook
from genlab.verdicts.statistics import MOST_MORE
from genlab.verdicts.words import _also_behind, _asked, _sentence, of_claim, one_seed
from tests.support.claims import ran


def line(value: float, half: float) -> dict[str, Any]:
    return {"value": value, "low": value - half, "high": value + half, "n": 1_000}


def claims(gan: float, vae: float, measure: str, others: str, spread: float = 0.01) -> dict[str, Any]:
    """Verdicts when two measures alone are known."""
    steps = np.array([-1.0, 0.0, 1.0]) * spread
    runs = tuple(
        ran(family, seed, f"{family}-{seed}", scores={name: line(middle * (1 + step), 0.0) for name in names})
        for family, middle in (("gan", gan), ("vae", vae))
        for seed, step in enumerate(steps)
        for names in [(measure, others)]
    )
    facts = Facts("m", "d", ("vae", "gan"), (0, 1, 2), runs)
    return {claim["claim"]: claim for claim in judge(facts)["claims"]}


def test_a_supported_claim_names_its_closest_part() -> None:
    found = claims(0.3, 0.8, "reach", "coverage_prior")["diversity"]
    assert found["verdict"] == "supported"
    assert found["why"].startswith("Both parts held. The closest: ")
    assert "0.800 (VAE) against 0.300 (GAN)" in found["why"] and "in the claim's favour" in found["why"]


WAYS = ("coverage_prior", "coverage_fitted", "coverage_prior_pixels", "coverage_fitted_pixels")


def covered(**gan: float) -> str:
    """Why of the claim on diversity, where the VAE covers 0.5 in every way and the GAN what is said."""
    runs = []
    for family in ("vae", "gan"):
        for seed, step in enumerate((-0.004, 0.0, 0.004)):
            values = {way: 0.5 if family == "vae" else gan.get(way, 0.2) for way in WAYS}
            scores = {name: line(value + step, 0.0) for name, value in (values | {"reach": values[WAYS[0]]}).items()}
            runs.append(ran(family, seed, f"{family}-{seed}", scores=scores))
    found = judge(Facts("m", "d", ("vae", "gan"), (0, 1, 2), tuple(runs)))["claims"]
    return next(str(claim["why"]) for claim in found if claim["claim"] == "diversity")


def test_encoders_and_priors_that_agree_are_not_spoken_of() -> None:
    assert "disagree" not in covered()
    assert "disagree" not in covered(**dict.fromkeys(WAYS, 0.8))


def test_where_encoders_or_priors_disagree_one_sentence_says_so() -> None:
    found = covered(coverage_prior=0.8, coverage_fitted_pixels=0.5)
    assert found.count("disagree") == 1
    assert found.endswith(
        "Encoders or priors disagree: the VAE is ahead in features under fitted priors and in pixels under their "
        "priors; level in pixels under fitted priors; behind in features under their priors."
    )


def test_the_other_way_round() -> None:
    found = claims(0.8, 0.3, "reach", "coverage_prior")["diversity"]
    assert found["verdict"] == "not_supported"
    assert found["why"].startswith("It is the other way round here: ")
    assert "against it" in found["why"]


def test_too_small_to_matter() -> None:
    found = claims(0.500, 0.501, "reach", "coverage_prior", spread=0.001)["diversity"]
    assert found["verdict"] == "no_difference"
    assert found["why"].startswith("No part differs by as much as matters, in either direction. The widest: ")
    assert found["why"].endswith("; 0.05 or more would matter.")
    assert all("By itself there is no difference that matters." in part["why"] for part in found["parts"][:2])


def test_too_small_to_matter_and_perhaps_the_other_way_round() -> None:
    found = claims(0.520, 0.501, "reach", "coverage_prior", spread=0.04)["diversity"]
    assert found["verdict"] == "not_supported"
    assert found["why"].startswith("The difference is too small to matter here")


def test_what_would_decide_is_told_with_its_chance_and_its_direction() -> None:
    spec = next(spec for spec in specs() if spec.name == "diversity")
    lead = Finding(spec.decisive[0], ("vae", "gan"), s.Test(0.04, -0.02, 0.1, 0.6, 0.4), (0.54, 0.5), seeds=3)
    judged = Judged("diversity", (lead,))
    of_each, chance = "of each family", "would decide with a chance of 80%, most likely"
    more = Outlook(4, 833, "no_difference")
    for needs, end in (
        (Outlook(1, 0, "supported"), f"About 1 more seed {of_each} {chance} in its favour."),
        (more, f"4 more seeds {of_each} and 833 more held-out items {chance} with no difference that matters."),
        (Outlook(MOST_MORE + 1), "More than 20 more seeds of each family needed."),
    ):
        assert of_claim(spec, judged, needs, 3).endswith(end)


def test_digits_end_where_the_interval_does() -> None:
    found = claims(0.31234567, 0.81234567, "reach", "coverage_prior", spread=0.1)["diversity"]
    (cell, *_) = found["cells"]["vae"]
    assert cell["text"] == "0.81 (0.61 to 1.00)"


def test_what_was_not_measured_is_named() -> None:
    found = claims(0.3, 0.8, "reach", "modes")["diversity"]
    assert found["verdict"] == "not_enough_evidence" and found["needs"] is None
    assert "VAE samples cover more of the data" in found["why"] and "has not been measured" in found["why"]


def test_what_is_missing_before_anything_can_be_told() -> None:
    assert one_seed(0) == "There are no completed runs yet."
    assert one_seed(1) == one_seed(3) == "One seed cannot tell luck from habit."


def test_a_difference_against_the_claim_is_written_the_other_way_round() -> None:
    found = claims(0.8, 0.3, "reach", "coverage_prior", spread=0.05)["diversity"]
    assert "0.30 (VAE) against 0.80 (GAN), 0.50 (0.41 to 0.59) against it" in found["why"]


@pytest.mark.parametrize(
    ("scale", "threshold", "text"),
    [
        ("ratio", 1.25, "at least 1.25 times was asked for"),
        ("difference", 0.0, "any difference was asked for"),
        ("difference", -0.05, "no more than 0.05 against it was allowed"),
        ("difference", 0.1, "at least 0.1 was asked for"),
    ],
)
def test_what_was_asked_for(scale: str, threshold: float, text: str) -> None:
    part = next(part for spec in specs() for part in spec.parts if part.kind == "measure" or part.scale == "difference")
    assert _asked(Finding(replace(part, scale=scale, threshold=threshold), ("gan", "vae"))) == text


def test_a_title_begins_a_sentence() -> None:
    assert _sentence("GANs of pixels") == "GANs of pixels" and _sentence("a bound") == "A bound"


@pytest.mark.parametrize(("high", "said"), [(-0.1, "falls behind, too."), (0.0, ""), (0.1, "")])
def test_who_else_is_behind_a_method_without_a_model_is_so_beyond_chance(high: float, said: str) -> None:
    parts = {part.first: part for spec in specs() for part in spec.parts}
    lead, other = (
        Finding(replace(part, decisive=True), part.families, s.Test(-1.0, -2.0, high, 1.0, 0.0), rival="Copying")
        for part in list(parts.values())[:2]
    )
    found = _also_behind(Judged("a", (lead, other), verdict="not_supported"))
    assert found.endswith(said) and bool(found) == bool(said)
    assert _also_behind(Judged("a", (replace(lead, rival=""), other), verdict="not_supported")) == ""
