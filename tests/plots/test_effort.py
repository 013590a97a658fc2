"""Error of reconstructions against time, family by family."""

from __future__ import annotations

import pytest

from genlab.plots.effort import describe_efforts, effort_figure, efforts_of


def lines(**values: float | None) -> dict[str, dict[str, float | None]]:
    return {name: {"value": value} for name, value in values.items()}


RUNS = [
    ("vae", lines(pass_seconds=0.001, pass_error=0.010, steps_seconds=0.02, steps_error=0.006)),
    ("vae", lines(pass_seconds=0.003, pass_error=0.020, steps_seconds=None, steps_error=0.005)),
    ("gan", lines(pass_seconds=0.002, pass_error=0.030, inversion_seconds=0.5, inversion_error=0.008)),
]


def test_each_effort_is_a_mean_over_runs_that_know_time_and_error() -> None:
    found = {(one.family, one.words): (one.milliseconds, one.error) for one in efforts_of(RUNS)}
    assert found["vae", "one pass"] == pytest.approx((2.0, 0.015))
    assert found["vae", "20 steps"] == pytest.approx((20.0, 0.006)), "without the run whose time is not known"
    assert found["gan", "120 steps"] == pytest.approx((500.0, 0.008))
    assert set(found) == {("vae", "one pass"), ("vae", "20 steps"), ("gan", "one pass"), ("gan", "120 steps")}
    assert efforts_of([("vae", {})]) == []


def test_the_figure_has_a_line_per_family_on_logarithmic_axes() -> None:
    efforts = efforts_of(RUNS)
    figure = effort_figure(efforts)
    assert [trace.name for trace in figure.data] == ["VAE", "GAN"]
    assert tuple(figure.data[1].x) == pytest.approx((2.0, 500.0)) and tuple(figure.data[1].y) == (0.030, 0.008)
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert "GAN, 120 steps: 0.008 in 500 ms" in describe_efforts(efforts)
