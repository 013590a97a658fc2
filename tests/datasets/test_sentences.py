"""Sentences say what their factors are, in English that agrees, and the parser knows no others; parts spell them."""

from __future__ import annotations

import hashlib
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from genlab.config import DataConfig, change
from genlab.datasets.sentences import (
    FACTORS,
    OBJECTS,
    SIZES,
    SYMBOLS,
    SYMBOLS_OF,
    VALUES,
    WORDS,
    Meaning,
    SentencesOptions,
    Units,
    chunks,
    class_names,
    parse,
)
from genlab.datasets.store import Dataset, describe, prepare
from genlab.kinds._symbols import spelled, texts
from genlab.lab import Lab
from genlab.store.workspace import Source

CLASSES = class_names("tense and number")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return prepare(DataConfig(name="sentences"), tmp_path_factory.mktemp("stores"), Source(None, Path("nowhere")))


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        (Meaning(0, 0, 0, 0, 0, 0), "the doctor follows the bridge"),
        (Meaning(0, 0, 0, 0, 1, 0), "the doctors follow the bridge"),
        (Meaning(0, 0, 0, 0, 0, 1), "the doctor does not follow the bridge"),
        (Meaning(0, 0, 0, 0, 1, 1), "the doctors do not follow the bridge"),
        (Meaning(16, 13, 1, 1, 0, 0), "the child saw the boat"),
        (Meaning(16, 13, 1, 1, 1, 1), "the children did not see the boat"),
        (Meaning(19, 12, 2, 2, 1, 0), "the thieves will carry the house"),
        (Meaning(19, 12, 2, 0, 0, 0), "the thief carries the house"),
        (Meaning(19, 19, 2, 2, 0, 1), "the thief will not steal the house"),
    ],
)
def test_what_a_meaning_is_in_words(meaning: Meaning, text: str) -> None:
    assert meaning.text == text
    assert parse(text) == meaning


def test_every_sentence_is_read_back() -> None:
    places = product(*(range(size) for size in SIZES))
    for at in list(places)[::41]:
        assert parse(Meaning(*at).text) == Meaning(*at)


@pytest.mark.parametrize("units", ["parts", "words"])
def test_every_sentence_is_spelled_by_its_symbols_and_found_again(units: Units) -> None:
    place = {symbol: at for at, symbol in enumerate(SYMBOLS_OF[units])}
    for at in list(product(*(range(size) for size in SIZES)))[::41]:
        symbols = Meaning(*at).symbols(units)
        text = spelled(np.array([place[symbol] for symbol in symbols]), SYMBOLS_OF[units])
        again = parse(text)
        assert text == Meaning(*at).text and again is not None and again.symbols(units) == symbols


@pytest.mark.parametrize(
    ("meaning", "parts"),
    [
        (Meaning(0, 0, 0, 0, 0, 0), "the doctor + + + follow +s the bridge"),
        (Meaning(0, 0, 0, 0, 1, 1), "the doctor +s do not follow + the bridge"),
        (Meaning(16, 13, 1, 1, 1, 0), "the child +s + + see +ed the boat"),
        (Meaning(19, 12, 2, 2, 0, 0), "the thief + will + carry + the house"),
    ],
)
def test_a_stem_is_one_symbol_in_one_place_whatever_number_and_tense(meaning: Meaning, parts: str) -> None:
    assert " ".join(meaning.symbols()) == parts
    for other in range(12):
        tense, number, negation = np.unravel_index(other, SIZES[3:])
        found = Meaning(meaning.subject, meaning.verb, meaning.object, int(tense), int(number), int(negation))
        assert [found.symbols()[at] for at in (1, 5, 8)] == [meaning.symbols()[at] for at in (1, 5, 8)]


def test_records_from_before_there_were_parts_are_of_words(tmp_path: Path) -> None:
    """Drawn as they were then, so that runs go on with the data that they were trained on."""
    earlier: list[dict[str, object]] = [
        {"count": 12_000, "seed": 0},
        {"count": 300, "seed": 2, "label": "object"},
    ]
    assert {SentencesOptions.model_validate(one).units for one in earlier} == {"words"}
    digest = hashlib.sha256()
    for chunk in chunks(SentencesOptions.model_validate(earlier[0])):
        assert chunk.labels is not None
        digest.update(chunk.items.tobytes() + chunk.labels.tobytes())
    assert digest.hexdigest() == "38674e523f37fcad390bb964fdf803daf39b129e1c45c5e73b2192f5d81f7824"
    info = describe(DataConfig(name="sentences", options=earlier[1]), tmp_path, Source(None, Path("nowhere")))
    assert (info.shape, info.symbols) == ((127, 8), WORDS)
    assert info.spec.words(info.shape) == "up to 8 words of 126 different ones"


def test_whoever_sets_these_options_now_gets_parts(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    config = lab.configs.draft("vae", "sentences", "quick", {"data.options.count": 300, "data.options.seed": 1})
    assert lab.data.describe(config.data).symbols == SYMBOLS
    assert lab.configs.settled(config).data.options == {
        "count": 300, "label": "tense and number", "units": "parts", "seed": 1,
    }  # fmt: skip
    assert lab.data.describe(change(config, {"data.options.units": "words"}).data).symbols == WORDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the",
        "the doctor",
        "the doctor follow the bridge",
        "the doctors follows the bridge",
        "the doctors does not follow the bridge",
        "the doctor does follow the bridge",
        "the doctor will followed the bridge",
        "the doctor did not followed the bridge",
        "the doctor follows the doctor",
        "the bridge follows the bridge",
        "the doctor follows the",
        "doctor follows the bridge",
        "the doctor follows the bridge the",
        "the doctor  follows the bridge",
        "the doctor not follows the bridge",
    ],
)
def test_what_is_not_of_the_grammar(text: str) -> None:
    assert parse(text) is None


def test_no_sentence_comes_twice_and_each_is_of_the_grammar(data: Dataset) -> None:
    found = [text for split in ("train", "test") for text in texts(np.array(data.items(split)), SYMBOLS)]
    assert len(found) == len(set(found)) == 12_000
    assert all(parse(text) for text in found)


def test_factors_and_classes_are_what_the_sentences_say(data: Dataset) -> None:
    labels, factors = data.labels("test"), data.factors("test")
    assert labels is not None and tuple(factors) == FACTORS and data.info.classes == CLASSES
    for at, text in enumerate(texts(np.array(data.items("test")), SYMBOLS)):
        meaning = parse(text)
        assert meaning is not None
        assert [int(factors[name][at]) for name in FACTORS] == [getattr(meaning, name) for name in FACTORS]
        assert CLASSES[labels[at]].split() == [("present", "past", "future")[meaning.tense],
                                               ("singular", "plural")[meaning.number]]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("negation", ["affirmative", "negative"]),
        ("tense", ["present", "past", "future"]),
        ("object", OBJECTS),
        (
            "tense, number and negation",
            [f"{t} {n} {s}" for t in ("present", "past", "future") for n in ("singular", "plural")
             for s in ("affirmative", "negative")],
        ),
    ],
)  # fmt: skip
def test_classes_are_of_the_factors_that_are_asked_for(label: str, names: list[str], tmp_path: Path) -> None:
    asked = DataConfig(name="sentences", options={"count": 1_200, "label": label})
    source = Source(None, Path("nowhere"))
    assert describe(asked, tmp_path, source).classes == tuple(names), "before anything has been decoded"
    data = prepare(asked, tmp_path, source)
    labels = data.labels("test")
    assert labels is not None and data.info.classes == tuple(names) and set(labels) == set(range(len(names)))
    for number, text in zip(labels, texts(np.array(data.items("test")), SYMBOLS), strict=True):
        meaning = parse(text)
        assert meaning is not None
        told = {name: values[getattr(meaning, name)] for name, values in VALUES.items()}
        assert names[number].split() == [told[name] for name in label.replace(" and ", ", ").split(", ")]


def test_factors_are_independent_and_even(data: Dataset) -> None:
    factors = data.factors("train")
    for name, size in zip(FACTORS, SIZES, strict=True):
        shares = np.bincount(factors[name].astype(int), minlength=size) / len(factors[name])
        np.testing.assert_allclose(shares, 1 / size, atol=0.015)
    table = np.corrcoef(np.stack([factors[name] for name in FACTORS]))
    assert np.abs(table - np.eye(len(FACTORS))).max() < 0.05


def test_its_symbols_come_with_it(data: Dataset) -> None:
    assert data.info.symbols == SYMBOLS == data.space().symbols
    assert len(set(SYMBOLS)) == len(SYMBOLS)
    text = data.info.spec.text
    assert text is not None and parse(text(np.array(data.items("train")[0]) / np.float32(255))) is not None
