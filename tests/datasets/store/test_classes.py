"""Some classes of a data set: only their items, in the order of the whole, under a fingerprint of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.config import DataConfig, RunConfig, change, load_config
from genlab.datasets.base import Source
from genlab.datasets.foreign.importer import add, remove
from genlab.datasets.store import decoded, describe, prepare
from genlab.errors import InputError


def digits(classes: object, **more: object) -> DataConfig:
    return DataConfig.model_validate({"name": "digits", "classes": classes, **more})


@pytest.mark.parametrize("given", ["3,5", " 3, 5", ["3", "5"], [3, 5], ("3", "5")])
def test_classes_are_given_as_text_or_as_a_list(given: object) -> None:
    assert digits(given).classes == ("3", "5")
    assert digits("").classes == digits([]).classes == ()
    assert digits(3).classes == ("3",)
    assert change(RunConfig(), {"data.classes": "3"}).data.classes == ("3",)
    config = RunConfig(data=digits(given))
    assert load_config(config.model_dump(mode="json")) == config


def test_two_classes_are_the_items_of_the_whole_numbered_anew(stores: Path, source: Source) -> None:
    whole, part = prepare(digits(""), stores, source), prepare(digits("5, 3"), stores, source)
    assert part.info.classes == ("3", "5") and part.info.name == "digits"
    for split in ("train", "test"):
        labels, own = whole.labels(split), part.labels(split)
        assert labels is not None and own is not None
        rows = np.isin(labels, [3, 5])
        np.testing.assert_array_equal(part.items(split), whole.items(split)[rows])
        np.testing.assert_array_equal(np.array([3, 5])[own], labels[rows])
    assert part.fingerprint not in {whole.fingerprint, prepare(digits("3"), stores, source).fingerprint}
    assert prepare(digits("3,5"), stores, source).path == part.path


def test_one_class_is_told_from_nothing(stores: Path, source: Source) -> None:
    one = prepare(digits("7"), stores, source)
    assert one.info.classes is None and one.labels("train") is None and one.info.train > 100
    assert prepare(digits("7", limit=20), stores, source).info.train == 20
    with pytest.raises(InputError, match="no classes"):
        one.space(conditional=True)


def test_all_classes_are_the_whole(stores: Path, source: Source) -> None:
    every = prepare(digits(list(range(10))), stores, source)
    assert every.fingerprint == prepare(digits(""), stores, source).fingerprint


def test_they_are_described_before_and_after_they_are_stored(stores: Path, source: Source) -> None:
    before = describe(digits("3,5"), stores, source)
    assert before.classes == ("3", "5") and before.fingerprint is None
    assert decoded(digits("3,5"), stores, source) is None
    whole = prepare(digits(""), stores, source)
    counted = describe(digits("3,5"), stores, source)
    assert abs(before.train - counted.train) <= 0.1 * counted.train
    assert decoded(digits("3,5"), stores, source) is None
    part = prepare(digits("3,5"), stores, source)
    known = describe(digits("3,5"), stores, source)
    assert (known.train, known.test, known.fingerprint) == (part.info.train, part.info.test, part.fingerprint)
    assert (counted.train, counted.test) == (part.info.train, part.info.test) and known.notes
    opened = decoded(digits("3,5"), stores, source)
    assert opened is not None and opened.fingerprint == part.fingerprint != whole.fingerprint


@pytest.mark.parametrize("name", ["x", "10", "-1"])
def test_an_unknown_class_is_refused_with_those_there_are(name: str, stores: Path, source: Source) -> None:
    with pytest.raises(InputError, match="no class") as caught:
        describe(digits(name), stores, source)
    assert "0, 1, 2" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["ring", "stacked-mnist"])
def test_classes_that_scores_count_as_modes_stay_together(name: str, stores: Path, source: Source) -> None:
    with pytest.raises(InputError, match="belong together"):
        describe(DataConfig(name=name, classes=("0",)), stores, source)


def test_what_is_kept_of_data_without_a_choice_is_found_as_before() -> None:
    assert "classes" not in digits("").told_apart()
    assert digits("3").told_apart()["classes"] == ["3"]


def test_classes_of_ones_own_pictures_are_folders_and_go_with_them(folder: Path, stores: Path, source: Source) -> None:
    add(folder, "mine", stores)
    cats = prepare(DataConfig(name="mine", classes=("cats",)), stores, source)
    assert cats.info.classes is None and cats.info.count == 10
    smaller = prepare(DataConfig(name="mine", classes=("dogs",), size=8), stores, source)
    assert smaller.info.shape == (3, 8, 8) and smaller.info.count == 10
    with pytest.raises(InputError, match="no class 'birds'"):
        describe(DataConfig(name="mine", classes=("birds",)), stores, source)
    remove("mine", stores)
    assert not cats.path.exists() and not smaller.path.exists()


def test_pictures_without_classes_leave_no_choice(
    tmp_path: Path, paint: Callable[..., Image.Image], stores: Path, source: Source
) -> None:
    (tmp_path / "flat").mkdir()
    for index in range(16):
        paint(index).save(tmp_path / "flat" / f"{index}.png")
    add(tmp_path / "flat", "cats", stores)
    with pytest.raises(InputError, match="no classes to choose from") as caught:
        describe(DataConfig(name="cats", classes=("cats",)), stores, source)
    assert caught.value.kind == "no_classes"
