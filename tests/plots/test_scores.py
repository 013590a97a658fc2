from __future__ import annotations

import pytest

from genlab.plots.scores import Score, ScorePanel, describe_scores, over_seeds, scores_figure


def panel(name="coverage", *scores: Score, **changes) -> ScorePanel:
    base = {"title": name.capitalize(), "summary": "s", "group": "fidelity", "better": "up", "encoder": "in-domain"}
    return ScorePanel(name, **(base | {"floor": 0.9, "floor_low": 0.88, "floor_high": 0.92} | changes), scores=scores)


VAE = Score("VAE", "vae", 0, 0.3, 0.25, 0.35, 833)
GAN = Score("GAN", "gan", 0, 0.5, 0.45, 0.55, 833)
NONE = Score("VAE-GAN", "vae_gan", 0, None, why="no reason")


def test_each_model_is_a_dot_with_its_interval_in_its_colour_and_shape():
    traces = scores_figure([panel("coverage", VAE, GAN)]).data
    assert [trace.x[0] for trace in traces] == [0.3, 0.5]
    assert traces[0].error_x.array[0] == pytest.approx(0.05)
    assert traces[0].marker.symbol != traces[1].marker.symbol
    assert traces[0].marker.color != traces[1].marker.color
    assert "0.30 ± 0.05" in traces[0].hovertemplate and "n = 833" in traces[0].hovertemplate


def test_the_floor_is_a_line_and_a_band_in_its_own_panel():
    figure = scores_figure([panel("a", VAE), panel("b", VAE, floor=None)])
    shapes = figure.layout.shapes
    assert {shape.type for shape in shapes} == {"line", "rect"}
    assert {shape.xref for shape in shapes} == {"x"}


def test_panels_keep_scales_of_their_own_and_name_their_encoder():
    figure = scores_figure([panel("a", VAE), panel("a", VAE, encoder="pixels")])
    heads = [note.text for note in figure.layout.annotations]
    assert "in-domain" in heads[0] and "pixels" in heads[1]
    assert figure.data[0].xaxis != figure.data[1].xaxis


def test_what_is_missing_says_why():
    figure = scores_figure([panel("a", VAE, NONE)])
    (absence,) = [note for note in figure.layout.annotations if note.text == "no value"]
    assert absence.hovertext == "no reason"
    assert len(figure.data) == 1


def test_a_panel_without_any_number_is_drawn_too():
    scores_figure([panel("a", NONE, floor=None)])


def test_figures_have_words():
    words = describe_scores([panel("coverage", VAE, NONE)])
    assert "VAE 0.30 ± 0.05" in words and "real data 0.90 ± 0.02" in words and "VAE-GAN" not in words


def test_seeds_become_a_mean_with_a_t_interval():
    values = [Score(f"s{seed}", "gan", 0, value) for seed, value in enumerate((1.0, 2.0, 3.0))]
    pooled = over_seeds("GAN", values)
    assert pooled is not None and pooled.value == 2.0 and pooled.seeds == 3
    # t(0.975, 2) = 4.3027, deviation 1
    assert pooled.high == pytest.approx(2 + 4.302653 / 3**0.5, rel=1e-5)
    assert "3 seeds" in pooled.model
    limited = over_seeds("GAN", values, (0.0, 3.5))
    assert limited is not None and (limited.low, limited.high) == (0.0, 3.5)


def test_one_seed_has_no_interval_over_seeds():
    assert over_seeds("GAN", [GAN, NONE]) is None


def test_a_withheld_interval_says_why_beside_the_number():
    bare = Score("VAE", "vae", 0, 0.3, n=833, why="Interval withheld: too few <real> items.")
    (trace,) = scores_figure([panel("class_kl", bare)]).data
    assert "Interval withheld: too few &lt;real&gt; items." in trace.hovertemplate and "±" not in trace.hovertemplate
