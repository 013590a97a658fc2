"""Directions where they are known: of linear decoders, of made codes, of groups and classes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from genlab.errors import InputError
from genlab.latent.directions import DIRECTION_METHODS, Direction, DirectionInputs, find
from genlab.models.generative import GenerativeModel
from genlab.space import Space
from tests.latent.toys import fresh, linear

GAINS = (5.0, 2.0, 1.0, 0.1)


def turned(dim: int = 4, seed: int = 0) -> torch.Tensor:
    """An orthogonal matrix."""
    return torch.linalg.qr(torch.randn(dim, dim, generator=torch.Generator().manual_seed(seed)))[0]


def amplifier(layer: nn.Module | None = None, classes: int = 0) -> tuple[GenerativeModel, torch.Tensor]:
    """A model that amplifies the columns of a matrix by `GAINS`, and that matrix."""
    columns = turned()
    weight = turned(6, 1)[:, :4] @ torch.diag(torch.tensor(GAINS)) @ columns.T
    of_classes = 50 * torch.randn(6, classes, generator=torch.Generator().manual_seed(2))
    return linear(torch.cat([weight, of_classes], dim=1), layer=layer, classes=classes), columns


def check(directions: list[Direction], dim: int) -> None:
    """What holds for the directions of every method."""
    assert len({d.name for d in directions}) == len(directions)
    strengths = [d.strength for d in directions]
    assert strengths == sorted(strengths, reverse=True)
    for direction in directions:
        assert direction.vector.shape == (dim,) and direction.vector.dtype == np.float32
        assert np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-5)
        assert direction.scale > 0 and direction.title


def along(direction: Direction, vector: torch.Tensor | np.ndarray) -> float:
    """Cosine of the angle, either way."""
    return abs(float(np.dot(direction.vector, np.asarray(vector))))


def test_dimensions_come_by_their_effect():
    found = find("dimension", DirectionInputs(linear(torch.diag(torch.tensor([1.0, 3.0, 2.0])))))
    check(found, 3)
    assert [d.title for d in found] == ["Dimension 1", "Dimension 2", "Dimension 0"]
    np.testing.assert_array_equal(found[0].vector, [0, 1, 0])
    assert found[0].strength == pytest.approx(3 / 3**0.5)


def test_components_of_codes_are_those_they_were_made_of():
    columns = turned().double().numpy()
    rng = np.random.default_rng(0)
    scores = np.linalg.qr(rng.standard_normal((500, 4)) - 0)[0]
    scores = (scores - scores.mean(axis=0)) * np.sqrt(500) * np.array(GAINS)
    found = find("pca", DirectionInputs(codes=scores @ columns.T + 7))
    check(found, 4)
    for rank, gain in enumerate(GAINS):
        assert along(found[rank], columns[:, rank]) == pytest.approx(1, abs=0.02)
        assert found[rank].scale == pytest.approx(gain, rel=0.02)
    assert sum(d.strength for d in found) == pytest.approx(1)


def test_sefa_finds_what_the_first_layer_amplifies():
    model, columns = amplifier()
    found = find("sefa", DirectionInputs(model))
    check(found, 4)
    for rank in range(4):
        assert along(found[rank], columns[:, rank]) == pytest.approx(1, abs=1e-5)
    squared = np.square(GAINS)
    np.testing.assert_allclose([d.strength for d in found], squared / squared.sum(), atol=1e-5)


def test_sefa_looks_at_the_latent_and_not_at_the_class():
    model, columns = amplifier(classes=3)
    found = find("sefa", DirectionInputs(model))
    assert along(found[0], columns[:, 0]) == pytest.approx(1, abs=1e-5)


def test_ganspace_of_a_linear_layer_finds_the_same():
    model, columns = amplifier(nn.LeakyReLU(1.0))
    found = find("ganspace", DirectionInputs(model))
    check(found, 4)
    for rank in range(4):
        assert along(found[rank], columns[:, rank]) > 0.99
    assert sum(d.strength for d in found) == pytest.approx(1)


def test_ganspace_sees_what_the_activation_leaves():
    """With a bias far below zero the ReLU lets nothing of the most amplified direction through."""
    weight = torch.tensor([[9.0, 0.0], [0.0, 1.0]])
    silenced = linear(weight, torch.tensor([-1_000.0, 0.0]), layer=nn.ReLU())
    found = find("ganspace", DirectionInputs(silenced))
    assert len(found) == 1 and along(found[0], [0.0, 1.0]) > 0.99
    assert along(find("sefa", DirectionInputs(silenced))[0], [1.0, 0.0]) == pytest.approx(1)


@pytest.mark.parametrize("network", ["mlp", "conv", "resnet"])
@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("method", ["dimension", "ganspace", "sefa"])
def test_every_network_has_them(network, classes, method):
    model = fresh(space=Space("images", (1, 12, 12), classes), network=network, latent_dim=5)
    found = find(method, DirectionInputs(model, count=3))
    check(found, 5)
    assert len(found) == 3
    again = find(method, DirectionInputs(model, count=3))
    assert all(np.array_equal(one.vector, two.vector) for one, two in zip(found, again, strict=True))


@pytest.mark.parametrize("method", ["dimension", "ganspace", "sefa"])
def test_a_model_of_points_has_them_too(method):
    check(find(method, DirectionInputs(fresh(space=Space("points", (2,))))), 3)


def test_groups_are_joined_by_the_difference_of_their_means():
    rng = np.random.default_rng(0)
    shift = np.array([0.0, 3.0, 4.0])
    group, others = rng.standard_normal((400, 3)) + shift, rng.standard_normal((600, 3))
    (found,) = find("groups", DirectionInputs(groups=(group, others), group_names=("smiling", "the rest")))
    check([found], 3)
    assert np.dot(found.vector, shift / 5) > 0.99
    assert found.strength == pytest.approx(5, rel=0.1)
    assert found.title == "From the rest to smiling"
    assert "400 and 600 codes" in found.note
    pooled = np.concatenate([group, others]) @ found.vector
    assert found.scale == pytest.approx(pooled.std(), rel=1e-4)


def test_classes_are_found_where_they_are_parted():
    rng = np.random.default_rng(0)
    classes = rng.integers(3, size=900)
    codes = rng.standard_normal((900, 5))
    codes[np.arange(900), classes] += 4
    codes[:, 4] *= 100
    found = find("class", DirectionInputs(codes=codes, classes=classes, class_names=("a", "b", "c")))
    check(found, 5)
    for direction in found:
        label = int(direction.name.rpartition("-")[2])
        assert direction.title == "abc"[label]
        assert direction.vector[label] > 0.7 and direction.vector[label] == direction.vector.max()
        assert direction.strength > 0.9 and "held-out" in direction.note


def test_a_class_that_is_nowhere_is_told_by_chance_only():
    rng = np.random.default_rng(1)
    codes, classes = rng.standard_normal((2_000, 3)), rng.integers(2, size=2_000)
    for direction in find("class", DirectionInputs(codes=codes, classes=classes)):
        assert 0.4 < direction.strength < 0.6


@pytest.mark.parametrize(
    ("method", "given", "sentence"),
    [
        ("magic", DirectionInputs(), "no directions called 'magic'"),
        ("sefa", DirectionInputs(), "there is none"),
        ("pca", DirectionInputs(), "need codes"),
        ("pca", DirectionInputs(codes=np.zeros((1, 3))), "need codes"),
        ("pca", DirectionInputs(codes=np.full((9, 3), np.nan)), "not finite"),
        ("groups", DirectionInputs(), "two groups"),
        ("groups", DirectionInputs(groups=(np.zeros((2, 3)), np.zeros((0, 3)))), "two groups"),
        ("groups", DirectionInputs(groups=(np.zeros((2, 3)), np.zeros((2, 4)))), "different models"),
        ("groups", DirectionInputs(groups=(np.ones((2, 3)), np.ones((2, 3)))), "same mean"),
        ("class", DirectionInputs(codes=np.zeros((40, 3))), "class of each code"),
        ("class", DirectionInputs(codes=np.ones((40, 3)), classes=np.zeros(40, np.int64)), "10 of others"),
        ("class", DirectionInputs(codes=np.ones((40, 3)), classes=np.arange(40) % 2), "all the same"),
    ],
)
def test_what_gives_no_directions_is_refused(method, given, sentence):
    with pytest.raises(InputError, match=sentence):
        find(method, given)


def test_a_decoder_without_a_linear_start_is_refused_for_sefa():
    model = fresh()
    model.assembly.decoder.body = nn.Identity()  # type: ignore[union-attr]
    with pytest.raises(InputError, match="does not begin with a linear layer"):
        find("sefa", DirectionInputs(model))


def test_constant_codes_have_no_direction_that_is_preferred_and_do_no_harm():
    found = find("pca", DirectionInputs(codes=np.ones((20, 3))))
    assert [d.strength for d in found] == [0.0] * 3


def test_every_method_says_what_it_is():
    for method in DIRECTION_METHODS.values():
        assert method.title and method.summary and method.needs and method.strength
