from __future__ import annotations

import numpy as np
import pytest

from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves, legend_columns, shade
from genlab.plots.panels import Panel, panels_by_group
from genlab.plots.series import names_in
from genlab.plots.theme import REAL_COLOUR, family_colour
from tests.support.runs import metrics_row

LOSS = Panel("Loss", ("loss/critic",))
SCORES = Panel("Scores", ("score/real", "score/fake"))
KL = Panel("KL per dimension", ("vector/kl",), "nats")


def rows(family: str, seed: int = 0, count: int = 20) -> list[dict]:
    return [metrics_row(family, 1_024 * (i + 1), seed=seed) for i in range(count)]


def curve(family: str, label: str = "", place: int = 0) -> Curve:
    return Curve(label or family, family, (rows(family),), place)


def drawn(figure, **wanted):
    """Lines with points in them."""
    return [
        trace
        for trace in figure.data
        if trace.type == "scatter"
        and any(x is not None for x in trace.x)
        and all(getattr(trace, key) == value for key, value in wanted.items())
    ]


def test_a_line_is_the_rows_in_the_family_colour():
    figure = curves_figure([curve("gan")], [LOSS])
    (trace,) = drawn(figure)
    assert trace.line.color == family_colour("gan")
    assert list(trace.x) == [row["images"] for row in rows("gan")]
    assert list(trace.y) == [row["loss/critic"] for row in rows("gan")]


def test_all_plots_share_one_axis_and_stand_below_each_other():
    figure = curves_figure([curve("gan"), curve("vae_gan")], [LOSS, SCORES])
    assert {trace.xaxis for trace in figure.data} == {"x"}
    assert figure.layout.hoversubplots == "axis"
    upper, lower = figure.layout.yaxis.domain, figure.layout.yaxis2.domain
    assert upper[1] == 1 and lower[0] == pytest.approx(0, abs=1e-9) and upper[0] > lower[1]
    assert figure.layout.xaxis.anchor == "y2"


@pytest.mark.parametrize(("axis", "column"), [("steps", "step"), ("seconds", "seconds")])
def test_the_axis_can_be_chosen(axis, column):
    (trace,) = drawn(curves_figure([curve("gan")], [LOSS], CurveStyle(axis=axis)))
    assert list(trace.x) == [row[column] for row in rows("gan")]


def test_a_run_without_the_value_draws_nothing():
    assert drawn(curves_figure([curve("vae")], [LOSS])) == []


def test_real_is_grey_for_one_run_and_the_family_for_several():
    one = curves_figure([curve("gan")], [SCORES])
    assert [trace.line.color for trace in drawn(one, name="Score, real")] == [REAL_COLOUR]
    several = curves_figure([curve("gan"), curve("vae_gan")], [SCORES])
    dotted = [trace.line.color for trace in drawn(several) if trace.line.dash == "dot"]
    assert dotted == [family_colour("gan"), family_colour("vae_gan")]


def test_runs_of_one_family_differ_in_dash_and_shade():
    figure = curves_figure([curve("gan", "a", 0), curve("gan", "b", 1)], [LOSS])
    first, second = drawn(figure)
    assert first.line.dash != second.line.dash
    assert first.line.color != second.line.color


def test_each_curve_stands_in_the_legend_once():
    figure = curves_figure([curve("gan", "a"), curve("vae_gan", "b")], [LOSS, SCORES])
    shown = [trace.name for trace in figure.data if trace.showlegend]
    assert shown == ["a", "b"]
    assert figure.layout.showlegend
    assert not curves_figure([curve("gan")], [LOSS]).layout.showlegend


def test_a_line_says_what_it_is_and_whose():
    several = curves_figure([curve("gan", "a"), curve("vae_gan", "b")], [LOSS, SCORES])
    assert [trace.name for trace in drawn(several)] == [
        "Loss · a",
        "Loss · b",
        "Score, real · a",
        "Score, fake · a",
        "Score, real · b",
        "Score, fake · b",
    ]


def test_smoothing_keeps_the_unsmoothed_line_faintly():
    noisy = [{"images": i, "loss/critic": float(i % 2)} for i in range(100)]
    faint, smooth = drawn(curves_figure([Curve("a", "gan", (noisy,))], [LOSS], CurveStyle(smoothing=0.9)))
    assert np.std(smooth.y[20:]) < 0.1 < np.std(faint.y)
    assert faint.line.color.startswith("rgba")


def test_seeds_become_mean_and_range():
    members = tuple(rows("gan", seed) for seed in range(3))
    figure = curves_figure([Curve("GAN, 3 seeds", "gan", members)], [LOSS])
    low, high, mean = drawn(figure)
    values = np.array([[row["loss/critic"] for row in member] for member in members])
    assert np.allclose(low.y, values.min(0)) and np.allclose(high.y, values.max(0))
    assert np.allclose(mean.y, values.mean(0))
    assert high.fill == "tonexty"


def test_a_heat_map_ranks_dimensions_by_their_last_kl():
    vectors = [{"images": i, "vector/kl": [0.1, 5.0 + i, 1.0]} for i in range(4)]
    figure = curves_figure([Curve("a", "vae", (vectors,))], [KL])
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.asarray(heat.z).tolist() == [[5, 6, 7, 8], [1, 1, 1, 1], pytest.approx([0.1] * 4)]
    assert np.asarray(heat.customdata)[:, 0].tolist() == [1, 2, 0]


def test_every_curve_with_vectors_has_a_heat_map_of_its_own():
    figure = curves_figure([curve("vae", "a"), curve("gan", "b"), curve("vae_gan", "c")], [KL])
    assert [trace.name for trace in figure.data if trace.type == "heatmap"] == ["a", "c"]
    assert {trace.yaxis for trace in figure.data if trace.type == "heatmap"} == {"y", "y2"}


def test_a_long_run_is_sent_thinned():
    long = [{"images": i, "loss/critic": 1.0, "vector/kl": [1.0, 2.0]} for i in range(5_000)]
    figure = curves_figure([Curve("a", "gan", (long,))], [LOSS, KL])
    (trace,) = drawn(figure)
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(trace.x) == 600
    assert np.asarray(heat.z).shape == (2, 240)


def test_log_axis_and_moment():
    figure = curves_figure([curve("vae")], [LOSS, KL], CurveStyle(log=True, moment=5_000))
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis2.type != "log"
    assert [shape.x0 for shape in figure.layout.shapes] == [5_000]
    assert len(curves_figure([curve("vae")], [LOSS]).layout.shapes) == 0


def test_families_together_draw_all_their_values():
    curves = [curve("vae"), curve("gan"), curve("vae_gan")]
    names = [name for item in curves for name in names_in(item.members[0])]
    panels = [panel for group in panels_by_group(names).values() for panel in group]
    groups = {trace.legendgroup for trace in drawn(curves_figure(curves, panels))}
    assert groups == {"vae", "gan", "vae_gan"}


def test_the_words_name_what_is_shown_and_where_it_ends():
    words = describe_curves([curve("gan", "my run")], [LOSS, KL])
    last = rows("gan")[-1]["loss/critic"]
    assert f"my run loss/critic {last:.3g}" in words
    assert "images" in words and "KL per dimension" in words
    assert "none yet" in describe_curves([Curve("empty", "vae", ([],))], [LOSS])


def test_shades_are_distinct_and_valid():
    shades = [shade(family_colour("vae"), place) for place in range(5)]
    assert len(set(shades)) == 5
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in shades)


def scored(**more: float) -> list[dict]:
    name = "scores/in-domain/coverage"
    ends = {f"{name}#low": 0.4, f"{name}#high": 0.7, f"{name}#floor": 0.97, f"{name}#n": 833} | more
    return [{"images": seen, "step": seen // 64, name: 0.5, **ends} for seen in (4_096, 8_192)]


COVERAGE = Panel("Coverage", ("scores/in-domain/coverage",))


def test_scores_are_points_with_intervals_over_what_real_data_score():
    run = Curve("gan", "gan", ([*rows("gan"), *scored()],))
    points, floor = drawn(curves_figure([run], [COVERAGE]))
    assert list(points.x) == [4_096, 8_192] and list(points.y) == [0.5, 0.5]
    assert points.error_y.array == pytest.approx((0.2, 0.2)) and points.error_y.arrayminus == pytest.approx((0.1, 0.1))
    assert list(floor.y) == [0.97, 0.97] and floor.line.color == REAL_COLOUR
    assert "real data" in curves_figure([run], [COVERAGE]).layout.annotations[0].text


def test_a_score_without_a_place_on_the_axis_is_not_drawn():
    run = Curve("gan", "gan", (scored(),))
    assert drawn(curves_figure([run], [COVERAGE], CurveStyle(axis="seconds"))) == []
    assert len(drawn(curves_figure([run], [COVERAGE], CurveStyle(axis="steps")))) == 2


@pytest.mark.parametrize("value", [0.69, 5_500.0, -120.0, 0.0])
@pytest.mark.parametrize("log", [False, True])
def test_a_single_point_is_seen_on_axes_that_make_sense(value, log):
    row = {"images": 1_024, "step": 16, "seconds": 1.0, "loss/critic": value}
    figure = curves_figure([Curve("a", "gan", ((row,),))], [LOSS], CurveStyle(log=log))
    (trace,) = drawn(figure)
    assert "markers" in trace.mode
    assert figure.layout.xaxis.rangemode == "tozero"
    if log and value <= 0:
        return
    low, high = figure.layout.yaxis.range
    low, high = (10**low, 10**high) if log else (low, high)
    assert low <= value < high and high - low < 12 * max(abs(value), 1e-6)
    if value and not log:
        assert high - low > 0.5 * abs(value)


def test_two_points_are_a_line_on_an_axis_of_plotlys_own():
    figure = curves_figure([curve("gan")], [LOSS])
    assert figure.layout.yaxis.range is None and drawn(figure)[0].mode == "lines"


def test_the_legend_has_as_many_columns_as_its_labels_leave_room_for():
    assert legend_columns(["seed 0", "seed 1"]) == 3
    assert legend_columns(["VAE of the fair match, seed 0"]) == 2
    assert legend_columns(["x" * 80]) == 1 and legend_columns([]) == 3
    labels = [f"VAE of the fair match, seed {seed}" for seed in range(3)]
    figure = curves_figure([Curve(label, "vae", (rows("vae"),)) for label in labels], [LOSS])
    assert figure.layout.legend.entrywidth == 0.5
    assert figure.layout.template.layout.hoverlabel.namelength == -1


def test_a_long_heading_puts_the_names_of_its_lines_below_its_title():
    short = Panel("Losses", ("loss/critic", "loss/generator"))
    long = Panel("Reconstruction error and KL", ("reconstruction/nats", "kl/total"), "nats")
    one, two = (curves_figure([curve("vae_gan")], [panel, LOSS]).layout for panel in (short, long))
    assert "<br>" not in one.annotations[0].text and "<br>" in two.annotations[0].text
    assert two.margin.t > one.margin.t and two.height > one.height
