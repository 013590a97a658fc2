from __future__ import annotations

import pytest

from genlab.plots.panels import group_of, leaf_of, panels_by_group, title_of
from tests.support.runs import metrics_row


def test_names_group_themselves():
    groups = panels_by_group(["loss/critic", "loss/generator", "gradient_norm/critic", "score/real", "score/fake"])
    assert list(groups) == ["Losses", "Critic scores", "Gradients"]
    assert [panel.names for panel in groups["Losses"]] == [("loss/critic",), ("loss/generator",)]
    assert [panel.names for panel in groups["Critic scores"]] == [("score/real", "score/fake")]


def test_a_name_nobody_knows_makes_a_group_of_its_own():
    groups = panels_by_group(["coverage/train", "coverage/test"])
    assert list(groups) == ["Coverage"]
    assert [panel.title for panel in groups["Coverage"]] == ["Coverage: train", "Coverage: test"]


def test_one_score_alone_is_shown_too():
    (panel,) = panels_by_group(["score/fake"])["Critic scores"]
    assert panel.names == ("score/fake",)


@pytest.mark.parametrize("family", ["vae", "gan", "vae_gan"])
def test_every_value_of_a_family_stands_in_exactly_one_panel(family):
    names = [name for name in metrics_row(family, 1_024) if name not in {"images", "step", "seconds"}]
    shown = [name for panels in panels_by_group(names).values() for panel in panels for name in panel.names]
    assert sorted(shown) == sorted(names)


def test_vectors_are_told_from_numbers():
    kl = {panel.names[0]: panel for panel in panels_by_group(["kl/total", "vector/kl"])["KL divergence"]}
    assert kl["vector/kl"].is_vector and not kl["kl/total"].is_vector
    assert kl["kl/total"].unit == "nats"


def test_titles_and_leaves_are_words():
    assert title_of("loss/critic") == "Loss, critic" and title_of("loss/vae") == "Loss, VAE"
    assert title_of("elbo") == "ELBO"
    assert leaf_of("score/real") == "real"
    assert leaf_of("kl/total") == "KL"
    assert group_of("reconstruction/mse") == group_of("elbo")


def test_watched_numbers_have_a_group_and_scores_are_left_to_those_who_know_them():
    groups = panels_by_group(
        ["watch/modes", "watch/coverage", "scores/in-domain/coverage", "scores/in-domain/coverage#low"]
    )
    assert [panel.title for panel in groups.pop("Collapse watch")] == ["Modes reached", "Relative coverage"]
    assert not groups
