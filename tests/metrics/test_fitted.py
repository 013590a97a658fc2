"""Metrics of samples from a prior fitted to the codes: the same number, asked of other samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab.metrics import REGISTRY
from genlab.metrics._fitted import with_fitted_prior
from genlab.metrics.base import Evidence
from tests.support.evidence import measure, points


def test_the_number_is_that_of_the_samples_from_the_fitted_prior() -> None:
    rng = np.random.default_rng(0)
    real, fake, fitted = (points(rng.standard_normal((200, 3)) + shift) for shift in (0, 5, 0.5))
    evidence = Evidence(real, fake, fitted=fitted)
    found = measure("fitted_coverage", evidence)
    assert found.value == measure("coverage", replace(evidence, fake=fitted)).value
    assert (found.value or 0) > 0.5 > (measure("coverage", evidence).value or 0)


@pytest.mark.parametrize("name", ["coverage", "confidence", "frechet"])
def test_all_else_is_that_of_the_metric_itself(name: str) -> None:
    base = REGISTRY.get(name)
    fitted = with_fitted_prior(base, "What it says then")
    assert replace(REGISTRY.get(f"fitted_{name}"), compute=fitted.compute) == replace(
        fitted, name=f"fitted_{name}", summary=REGISTRY.get(f"fitted_{name}").summary
    )
    assert fitted.title == f"{base.title}, prior fitted to the codes" and fitted.summary != base.summary
    assert fitted.paper.startswith("Ghosh et al., From Variational to Deterministic Autoencoders, 2020")
    assert fitted.group == "latent" and fitted.needs == (*base.needs, "fitted")
    assert fitted.notices == fitted.ignores == ()
    assert (fitted.limits, fitted.ideal, fitted.better, fitted.minimum) == (
        base.limits,
        base.ideal,
        base.better,
        base.minimum,
    )
