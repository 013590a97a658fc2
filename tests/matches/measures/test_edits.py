"""Images moved towards another class, by models whose answers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab.matches.measures import codes, edits
from genlab.matches.measures.subject import CodedItems
from genlab.metrics.base import Items
from tests.support.subjects import subject


def test_edits_reach_the_other_class_and_keep_the_style() -> None:
    """Moving along the class alone changes nothing else: the size stays what it was."""
    made = edits.edit(subject())
    assert not isinstance(made, str)
    assert edits.STEPS[made.step] == 1.0
    found = edits.measured(made)
    assert found["edit_success"].value is not None and found["edit_success"].value > 0.95
    assert found["edit_identity"].value is not None and found["edit_identity"].value > 0.3
    assert found["edit_success"].n == made.other.sum()
    for line in found.values():
        assert len(line.detail["items"]) == made.of and line.detail["items"].mean() == pytest.approx(line.value)


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


def test_what_each_image_contributes_tells_how_far_the_mean_would_move() -> None:
    """As a mean over the images that could be edited: its standard error is that of theirs."""
    rng = np.random.default_rng(0)
    place, success = rng.permutation(500)[:120], rng.random(120) < 0.7
    line = edits._mean(success, place, 500)
    items = line.detail["items"]
    assert items.mean() == pytest.approx(success.mean()) and len(items) == 500
    assert items.std() / np.sqrt(500) == pytest.approx(success.std() / np.sqrt(120))
    assert (items[np.setdiff1d(np.arange(500), place)] == line.value).all()
