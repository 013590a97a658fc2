"""Measures on models whose answers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from genlab.encoders.base import Encoded
from genlab.matches.measures import codes, dimensions, edits
from genlab.matches.measures.subject import CodedItems, Subject
from genlab.metrics.base import Items
from genlab.models.generative import GenerativeModel
from tests.latent.toys import linear

SIDE, CLASS, SIZE = 8, 0, 1
HALF = SIDE * SIDE // 2


class Halves:
    """Tells which half of a picture is brighter; its features are the pixels."""

    identity, facts, portion = "halves", {}, 64

    def __call__(self, items: Any) -> Encoded:
        flat = np.asarray(items, np.float32).reshape(len(items), -1)
        left = flat.reshape(-1, SIDE, SIDE)[:, :, : SIDE // 2].sum(axis=(1, 2))
        first = 1 / (1 + np.exp(-(2 * left - flat.sum(axis=1))))
        return Encoded(flat, np.stack([first, 1 - first], axis=1).astype(np.float32))


def two_sided() -> GenerativeModel:
    """Latent 0 makes the left or the right half bright, latent 1 a row at the top."""
    weight = torch.zeros(SIDE * SIDE, 2)
    picture = weight.reshape(SIDE, SIDE, 2)
    picture[2:6, 1:3, CLASS], picture[2:6, 5:7, CLASS] = 0.4, -0.4
    picture[1, :, SIZE] = 0.1
    bias = torch.full((SIDE, SIDE), 0.0)
    bias[2:6, 1:3] = bias[2:6, 5:7] = 0.5
    return linear(weight, bias.flatten(), shape=(1, SIDE, SIDE))


def subject(model: GenerativeModel | None = None, n: int = 200) -> Subject:
    """Codes of two classes, which lie at 1 and at -1 of latent 0."""
    model = model or two_sided()
    rng = np.random.default_rng(0)

    def part() -> CodedItems:
        labels = np.arange(n) % 2
        found = np.column_stack([np.where(labels == 0, 1.0, -1.0) + rng.normal(0, 0.2, n), rng.normal(0, 1, n)])
        images = model.decode(torch.as_tensor(found, dtype=torch.float32)).numpy()
        said = Halves()(images)
        return CodedItems(Items(images, said.features, said.probabilities, labels), found.astype(np.float32))

    errors = {"own": np.full(8, 0.02), "inverted": np.full(8, 0.01)}
    return Subject(model, Halves(), part(), part(), {}, 2, errors, 0.25)  # type: ignore[arg-type]


def test_a_linear_decoder_does_the_same_everywhere() -> None:
    found = dimensions.single(subject())["dimension_consistency"]
    assert found.value == pytest.approx(1, abs=1e-5)


def test_directions_that_have_nothing_to_do_with_each_other() -> None:
    assert dimensions.likeness(np.eye(5), np.arange(5)) == 0
    assert dimensions.likeness(np.ones((5, 5)), np.arange(5)) == 1
    assert dimensions.likeness(np.ones((5, 5)), np.array([0, 0, 0])) == 0, "an item says nothing about itself"
    assert dimensions.likeness(np.zeros((5, 5)), np.arange(5)) == 0


def test_dimensions_that_count() -> None:
    assert dimensions.effective(np.ones(7)) == pytest.approx(7)
    assert dimensions.effective(np.array([3.0, 0, 0])) == pytest.approx(1)
    used = dimensions.single(subject())["dimensions_used"].value
    assert used is not None and 1 < used < 1.5, "the second dimension does little"


def test_half_the_latents_make_half_the_distance() -> None:
    found = dimensions.truncation(subject())
    assert found["truncation_variety"].value == pytest.approx(0.5, abs=1e-4)
    assert found["truncation_realism"].value is not None


def test_a_model_that_always_draws_the_same() -> None:
    model = linear(torch.zeros(SIDE * SIDE, 2), torch.ones(SIDE * SIDE), shape=(1, SIDE, SIDE))
    found = dimensions.single(subject(model)) | dimensions.truncation(subject(model))
    assert found["dimension_consistency"].value == 0
    assert found["truncation_variety"].value is None


def test_classes_along_one_dimension() -> None:
    made = subject()
    found = codes.alignment(made, codes.class_directions(made))
    assert found["class_directions"].value == pytest.approx(1)
    assert found["class_alignment"].value is not None and found["class_alignment"].value > 0.95


def test_a_turned_latent_space_is_not_aligned() -> None:
    """The same information, in coordinates that have been turned by 45 degrees."""
    made = subject()
    turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    turned = replace(made, train=CodedItems(made.train.items, (made.train.codes @ turn).astype(np.float32)))
    found = codes.alignment(turned, codes.class_directions(turned))
    assert found["class_directions"].value == pytest.approx(1)
    assert found["class_alignment"].value is not None and found["class_alignment"].value < 0.75


def test_random_directions_are_less_aligned_in_more_dimensions() -> None:
    found = [codes.random_alignment(dimensions) for dimensions in (1, 2, 8, 32)]
    assert found[0] == 1 and found == sorted(found, reverse=True)
    assert found[3] == pytest.approx(0.18, abs=0.02)


def test_probes_see_the_classes() -> None:
    found = codes.probes(subject())
    assert found["codes_linear"].value == pytest.approx(1)
    assert found["codes_knn"].value == pytest.approx(1)
    assert found["codes_mig"].value is None and found["codes_mig"].why


def test_edits_reach_the_other_class_and_keep_the_style() -> None:
    """Moving along the class alone changes nothing else: the size stays what it was."""
    made = edits.edit(subject())
    assert not isinstance(made, str)
    assert edits.STEPS[made.step] == 1.0
    found = edits.measured(made)
    assert found["edit_success"].value is not None and found["edit_success"].value > 0.95
    assert found["edit_identity"].value is not None and found["edit_identity"].value > 0.3
    assert found["edit_success"].n == made.other.sum()


def test_an_edit_that_also_draws_another_style_keeps_less() -> None:
    """Codes whose classes also differ in what makes the style: the way between them moves it along."""
    plain, mixed = subject(), subject()
    shifted = mixed.train.codes + np.where(mixed.train.items.labels == 0, 3.0, -3.0)[:, None] * np.array([0, 1])
    mixed = replace(mixed, train=CodedItems(mixed.train.items, shifted.astype(np.float32)))
    kept = [edits.measured(edits.edit(made))["edit_identity"].value for made in (plain, mixed)]
    assert kept[0] is not None and kept[1] is not None
    assert kept[0] > kept[1]


def test_a_direction_that_does_nothing() -> None:
    """Classes that the codes do not tell apart cannot be reached."""
    made = subject()
    shuffled = Items(
        made.train.items.images,
        made.train.items.features,
        made.train.items.probabilities,
        np.random.default_rng(1).permutation(made.train.items.labels),
    )
    found = edits.measured(edits.edit(replace(made, train=CodedItems(shuffled, made.train.codes))))
    assert found["edit_success"].value is not None and found["edit_success"].value < 0.5


def test_what_cannot_be_edited_says_why() -> None:
    made = subject()
    without = CodedItems(replace(made.held_out.items, labels=None), made.held_out.codes)
    assert "no classes" in str(edits.edit(replace(made, held_out=without)))
    wrong = CodedItems(replace(made.held_out.items, labels=1 - made.held_out.items.labels), made.held_out.codes)  # type: ignore[operator]
    assert "still classified correctly" in str(edits.edit(replace(made, held_out=wrong)))
    few = CodedItems(made.train.items.take(slice(0, 12)), made.train.codes[:12])
    assert "Fewer than two classes" in str(edits.edit(replace(made, train=few)))
    assert edits.measured("Because.")["edit_success"].why == "Because."


def test_a_class_with_hardly_an_image_is_left_alone() -> None:
    """A folder of one's own may hold a class of three pictures."""
    made = subject()

    def rare(part: CodedItems) -> CodedItems:
        assert part.items.labels is not None
        return CodedItems(
            replace(part.items, labels=np.where(np.arange(len(part.codes)) < 3, 7, part.items.labels)), part.codes
        )

    found = edits.edit(replace(made, train=rare(made.train), held_out=rare(made.held_out)))
    assert not isinstance(found, str)
    assert set(found.target) == {0, 1} and np.isfinite(found.identity).all()
    directions = codes.class_directions(replace(made, train=rare(made.train)))
    assert codes.alignment(made, directions)["class_alignment"].value is not None


def test_errors_and_times_are_passed_on() -> None:
    found = codes.reconstruction(subject())
    assert found["reconstruction_error"].value == pytest.approx(0.02)
    assert found["inversion_error"].value == pytest.approx(0.01)
    assert found["code_seconds"].value == 0.25
