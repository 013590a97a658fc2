"""How a tree of pictures is read: parts, classes by folders and by label files, and what is meant when nobody says."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from genlab.datasets.foreign._archive import Entry
from genlab.datasets.foreign._labels import label_files
from genlab.datasets.foreign._tree import Tree, tree
from genlab.datasets.foreign.importer import add, preview
from genlab.datasets.store import Dataset
from genlab.errors import InputError

Paint = Callable[..., Image.Image]


def entry(name: str, content: str | bytes) -> Entry:
    raw = content.encode() if isinstance(content, str) else content
    return Entry(name, lambda: io.BytesIO(raw), lambda: raw)


def read(pictures: list[str], **files: str | bytes) -> Tree:
    """The tree of pictures and label files; in the files' names two underscores stand for a dot, three for a slash."""
    entries = [entry(name.replace("___", "/").replace("__", "."), content) for name, content in files.items()]
    return tree(pictures, label_files(entries, pictures))


def named(*places: str, each: int = 10) -> list[str]:
    return [f"{place}/{index}.png" if place else f"{index}.png" for place in places for index in range(each)]


def ways(found: Tree) -> dict[str, dict[str, int]]:
    return {way.key: way.classes for way in found.ways}


def parts(found: Tree, key: str | None = None) -> tuple[int, int] | None:
    """Pictures for training and for testing, of those that are taken; None where the split is left to chance."""
    way = next(way for way in found.ways if way.key == (key or found.best))
    if way.tests is None:
        return None
    taken = [test for test, label in zip(way.tests, way.labels, strict=True) if label is not None]
    return taken.count(False), taken.count(True)


def test_one_level_of_folders() -> None:
    found = read(named("cats", "dogs"))
    assert (found.best, found.sure) == ("1", True)
    assert ways(found) == {"none": {}, "1": {"cats": 10, "dogs": 10}}


def test_folders_around_everything_do_not_count() -> None:
    assert ways(read(named("my/pictures/cats", "my/pictures/dogs"))) == ways(read(named("cats", "dogs")))


def test_no_folders() -> None:
    found = read(named(""))
    assert (found.best, found.sure, list(ways(found))) == ("none", True, ["none"])


def test_every_level_of_a_deeper_tree() -> None:
    found = read(named("pets/cats", "pets/dogs", "farm/cows", "farm/pigs/small"))
    assert (found.best, found.sure) == ("1", True)
    assert ways(found) == {
        "none": {},
        "1": {"farm": 20, "pets": 20},
        "2": {"cats": 10, "cows": 10, "dogs": 10, "pigs": 10},
        "last": {"cats": 10, "cows": 10, "dogs": 10, "small": 10},
    }


def test_a_level_that_tells_nothing_apart_is_no_choice() -> None:
    assert list(ways(read(named("cats/images", "dogs/images")))) == ["none", "1"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("train", "test"), (10, 10)),
        (("Training", "TESTING"), (10, 10)),
        (("train", "val"), (10, 10)),
        (("train", "Valid"), (10, 10)),
        (("train", "validation"), (10, 10)),
        (("train", "valid", "test"), (20, 10)),
        (("train", "training", "val", "test", "testing"), (30, 20)),
        (("valid", "test"), (10, 10)),
    ],
)
@pytest.mark.parametrize("form", ["{part}/{label}", "{label}/{part}", "all/{part}/photos/{label}", "{part}"])
def test_parts_are_kept_and_are_never_classes(names: tuple[str, ...], expected: tuple[int, int], form: str) -> None:
    labels = ("cats", "dogs") if "label" in form else ("",)
    found = read([name for part in names for label in labels for name in named(form.format(part=part, label=label))])
    assert found.sure
    assert parts(found) == tuple(count * len(labels) for count in expected)
    assert set(ways(found)[found.best]) == {label for label in labels if label}
    assert not {name.lower() for way in found.ways for name in way.classes} & {name.lower() for name in names}


def test_what_becomes_of_validation_is_said() -> None:
    assert read(named("train", "valid", "test")).ways[0].notes == (
        "The parts were kept as they came: 10 for training (10 for validation joined them), 10 for testing.",
    )
    assert read(named("train", "valid")).ways[0].notes == (
        "The parts were kept as they came: 10 for training, 10 for validation (the test part here).",
    )


def test_a_class_that_is_called_as_a_part_is_a_class() -> None:
    found = read(named("bus", "car", "train"))
    assert ways(found)["1"] == {"bus": 10, "car": 10, "train": 10}
    assert parts(found) is None


def test_one_part_alone_is_no_split() -> None:
    found = read(named("data/train/cats", "data/train/dogs"))
    assert parts(found) is None
    assert found.notes == ("All pictures are in a folder called train: a test part was split off by chance.",)
    assert ways(found)["1"] == {"cats": 10, "dogs": 10}
    assert list(read(named("s10", "s2", "s1")).ways[1].classes) == ["s1", "s2", "s10"]


def test_pictures_beside_the_folders_of_the_parts_join_the_training_part() -> None:
    found = read([*named("train", "test"), "sample.png", "more/another.png"])
    assert parts(found, "none") == (12, 10)
    assert "2 beside the folders of the parts joined them" in found.ways[0].notes[0]


def test_pictures_beside_class_folders_are_not_sure() -> None:
    found = read([*named("cats", "dogs"), "stray.png"])
    assert (found.best, found.sure) == ("1", False)
    with pytest.raises(InputError) as caught:
        found.choose("auto", "pets", strict=True)
    assert caught.value.message == "pets holds 1 picture beside its class folders."
    assert "--classes none takes 21 pictures" in caught.value.hint
    assert found.choose("auto", "pets", strict=False).count == 20
    assert found.choose("none", "pets", strict=True).count == 21


def test_few_in_folders_are_not_taken_for_the_whole() -> None:
    found = read([*named("", each=50), *named("cats", "dogs", each=5)])
    assert (found.best, found.sure) == ("none", False)


def test_a_test_part_without_classes_is_left_out_or_taken_without() -> None:
    found = read([*named("train/cats", "train/dogs"), *named("test")])
    assert not found.sure
    assert parts(found, "none") == (20, 10)
    labelled = found.choose("1", "x", strict=True)
    assert (labelled.count, labelled.tests) == (20, None)
    assert "Only one of the parts is left, so a test part was split off by chance." in labelled.notes


CSV = "file_name,species\n" + "".join(f"{i}.png,{'cat' if i % 2 else 'dog'}\n" for i in range(10))


def test_a_label_file_with_one_column() -> None:
    found = read(named(""), metadata__csv=CSV)
    assert (found.best, found.sure) == ("metadata.csv:species", True)
    assert ways(found)["metadata.csv:species"] == {"cat": 5, "dog": 5}
    assert found.choose("metadata.csv", "x", strict=True).key == "metadata.csv:species"
    assert found.used == ("metadata.csv",)


@pytest.mark.parametrize(
    "content",
    [
        CSV.replace(",", ";"),
        CSV.replace(",", "\t"),
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        CSV.replace(".png", ""),
        CSV.replace("file_name", "Image"),
        CSV.replace(",", ";").replace("\n", ";one, two, three, four\n").replace("one, two, three, four", "words", 1),
    ],
)
def test_the_forms_of_a_table(content: str) -> None:
    assert ways(read(named(""), labels__csv=content))["labels.csv:species"] == {"cat": 5, "dog": 5}


def test_a_label_file_of_json_lines() -> None:
    lines = [json.dumps({"file_name": f"{i}.png", "label": i % 2, "box": [1, 2], "score": 1e999}) for i in range(10)]
    found = read(named(""), metadata__jsonl="\n".join(lines))
    assert ways(found)["metadata.jsonl:label"] == {"0": 5, "1": 5}


def test_one_label_file_in_each_part_is_one() -> None:
    found = read(named("train", "test"), train___metadata__csv=CSV, test___metadata__csv=CSV)
    assert parts(found) == (10, 10)
    assert ways(found)[found.best] == {"cat": 10, "dog": 10}


def test_several_columns_are_a_choice_unless_one_is_called_label() -> None:
    table = "file_name,colour,{},caption\n" + "".join(f"{i}.png,{i % 3},{i % 2},picture {i}\n" for i in range(12))
    found = read(named("", each=12), metadata__csv=table.format("shape"))
    assert not found.sure
    assert list(ways(found)) == ["none", "metadata.csv:colour", "metadata.csv:shape"]
    with pytest.raises(InputError, match="several ways"):
        found.choose("auto", "x", strict=True)
    assert read(named("", each=12), metadata__csv=table.format("label")).best == "metadata.csv:label"


@pytest.mark.parametrize("called", ["label", "labels", "class", "Classes", "category", "target", "class_name", "y"])
def test_a_column_that_is_called_so_is_the_classes_beyond_doubt(called: str) -> None:
    rows = "".join(f"{i}.png,{i % 3},{i % 2}\n" for i in range(12))
    found = read(named("", each=12), metadata__csv=f"file_name,colour,{called}\n{rows}")
    assert (found.best, found.sure) == (f"metadata.csv:{called}", True)


def test_a_label_file_that_names_nothing_leaves_those_of_other_folders_alone() -> None:
    found = read(named("train", "test"), metadata__csv="no,names\n1,2\n", train___metadata__csv=CSV)
    assert ways(found)["metadata.csv:species"] == {"cat": 5, "dog": 5}


def test_classes_in_the_validation_part_alone_are_split_by_chance() -> None:
    found = read(named("train", "valid/a", "valid/b"))
    (way,) = [way for way in found.ways if way.key == "1"]
    assert way.classes == {"a": 10, "b": 10} and way.tests is None
    assert "Only one of the parts is left, so a test part was split off by chance." in way.notes


def test_rows_and_pictures_that_do_not_meet_are_counted() -> None:
    found = read(named("", each=12), metadata__csv=CSV + "gone.png,cat\n")
    assert not found.sure
    way = found.choose("metadata.csv", "x", strict=True)
    assert way.count == 10
    assert "1 row of it names no picture here." in way.notes[0]
    assert "2 pictures that have no class were left out." in way.notes


def test_a_column_that_says_the_part() -> None:
    table = "file_name,label,split\n" + "".join(f"{i}.png,{i % 2},{'test' if i > 7 else 'train'}\n" for i in range(10))
    found = read(named(""), metadata__csv=table)
    assert (found.best, parts(found)) == ("metadata.csv:label", (8, 2))


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\0\0\0", b"\xff\xfe\x00\x01", "[" * 100_000])
def test_a_label_file_that_cannot_be_used_is_told(content: str | bytes) -> None:
    for name in ("metadata__csv", "metadata__jsonl"):
        found = read(named("cats", "dogs"), **{name: content})
        assert found.best == "1"
        assert len(found.notes) == 1
        assert found.notes[0].startswith(name.replace("__", ".")) and found.notes[0].endswith("it was not used.")


@pytest.fixture
def labelled(tmp_path: Path, paint: Paint) -> Path:
    root = tmp_path / "labelled"
    root.mkdir()
    for index in range(20):
        paint(index).save(root / f"{index}.png")
    rows = "".join(f"{index}.png,{'cat' if index < 8 else 'dog'}\n" for index in range(20))
    (root / "metadata.csv").write_text("file_name,label\n" + rows)
    return root


def test_the_labels_of_a_file_reach_the_store(labelled: Path, stores: Path, opened: Callable[..., Dataset]) -> None:
    info = add(labelled, "mine", stores)
    assert (info.count, info.classes) == (20, ("cat", "dog"))
    assert "Classes are the column label of metadata.csv." in info.notes
    names = sorted(f"{index}.png" for index in range(20))
    for split in ("train", "test"):
        labels = opened().labels(split)
        assert labels is not None
        for label, origin in zip(labels, opened().origin(split), strict=True):
            assert label == int(int(names[origin].removesuffix(".png")) >= 8)
    assert add(labelled, "without", stores, classes="none").classes is None


def test_three_parts_reach_the_store(
    folder: Path, tmp_path: Path, stores: Path, opened: Callable[..., Dataset]
) -> None:
    root = tmp_path / "three"
    root.mkdir()
    for part, keep in (("train", 10), ("valid", 4), ("test", 3)):
        for label in ("cats", "dogs"):
            (root / part / label).mkdir(parents=True)
            for index in range(keep):
                (root / part / label / f"{index}.png").write_bytes((folder / label / f"{index}.png").read_bytes())
    info = add(root, "mine", stores)
    assert (info.train, info.test, info.classes) == (28, 6, ("cats", "dogs"))
    assert info.notes == (
        "The parts were kept as they came: 20 for training (8 for validation joined them), 6 for testing.",
    )
    shown = preview(root)
    assert (shown.choice.train, shown.choice.test) == (28, 6)


def test_the_preview_shows_every_choice(folder: Path, paint: Paint) -> None:
    paint().save(folder / "stray.png")
    shown = preview(folder)
    assert [(c.key, c.count, c.left, c.classes, c.train, c.test) for c in shown.choices] == [
        ("none", 21, 0, None, 17, 4),
        ("1", 20, 1, {"cats": 10, "dogs": 10}, 17, 3),
    ]
    assert (shown.chosen, shown.sure, shown.count) == ("1", False, 20)
    every = preview(folder, classes="none")
    assert (every.chosen, every.count, every.classes, every.labels) == ("none", 21, None, None)


def test_parts_of_names_are_classes_where_that_is_asked_for() -> None:
    names = [f"all/{digit}_{who}_{take}.wav" for digit in range(3) for who in ("ann", "bo") for take in range(4)]
    found = read(names)
    assert ways(found)["name:1"] == {"0": 8, "1": 8, "2": 8}
    assert ways(found)["name:2"] == {"ann": 12, "bo": 12}
    assert ways(found)["name:3"] == {str(take): 6 for take in range(4)}
    assert (found.best, found.sure) == ("none", True), "nobody has asked"


def test_two_classes_in_names_are_offered() -> None:
    assert ways(read([f"{'ab'[at % 2]}_{at}.png" for at in range(8)]))["name:1"] == {"a": 4, "b": 4}


@pytest.mark.parametrize(
    "names", [["a.png", "b.png"] * 8, ["1_a.png", "2.png"] * 8, [f"x_{at}.png" for at in range(16)]]
)
def test_names_that_tell_no_classes_are_not_offered(names: list[str]) -> None:
    assert not [key for key in ways(read(names)) if key.startswith("name:")]
