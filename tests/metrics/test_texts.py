"""Metrics of texts, on rows of symbols that are counted by hand."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from genlab.kinds._symbols import one_hot
from genlab.metrics import _texts
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Items
from genlab.metrics.self_bleu import of_texts
from tests.support.evidence import measure

SYMBOLS = (" ", "a", "b", "c")


def items(*rows: str) -> Items:
    """Texts of one letter words."""
    numbers = np.array([[SYMBOLS.index(letter) for letter in row.ljust(4)] for row in rows])
    images = one_hot(numbers, len(SYMBOLS)).astype(np.float32) / 255
    return Items(images, images.reshape(len(rows), -1))


def evidence(fake: Items, **more: object) -> Evidence:
    return Evidence(many("ab"), fake, symbols=SYMBOLS, pixels=False, **more)  # type: ignore[arg-type]


def many(*rows: str) -> Items:
    """A hundred texts, those given in turn."""
    return items(*[rows[at % len(rows)] for at in range(100)])


def test_texts_are_read_with_their_symbols() -> None:
    found = items("ab", "", "cccc")
    assert _texts.rows(found) == [(1, 2), (), (3, 3, 3, 3)]
    assert _texts.texts(found, evidence(found)) == ["a b", "", "c c c c"]


def test_grams_know_where_a_text_begins_and_ends() -> None:
    assert _texts.grams((1, 2), 1) == [(1,), (2,)]
    assert _texts.grams((1, 2), 2) == [(-1, 1), (1, 2), (2, 0)]
    assert _texts.grams((), 2) == [(-1, 0)]
    assert _texts.grams((), 1) == []


def test_tables_count_the_same_grams_of_all_sets() -> None:
    first, second = _texts.tables([[(1, 1), (2,)], [(2, 3)]], 1)
    np.testing.assert_array_equal(first.toarray(), [[2, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(second.toarray(), [[0, 1, 1]])


def test_grammatical_is_what_the_grammar_says() -> None:
    found = measure("grammatical", evidence(many("ab", "ac", "b", "ab"), grammar=lambda text: text == "a b"))
    assert found.value == 0.5
    assert list(found.detail["wrong"][:3]) == [1, 2, 5]


def test_unique_counts_different_texts() -> None:
    assert measure("unique", evidence(many("ab", "ac", "b", "ab"))).value == 0.03
    assert measure("unique", evidence(many("ab", "ac", "b", "ab"))).detail["most"] == 50


def test_novel_are_those_not_learned_from() -> None:
    assert measure("novel", evidence(many("ab", "ac", "b", "ba"), train=items("ab", "cc"))).value == 0.75


def test_self_bleu_by_hand() -> None:
    # Of "ab" and "ac": the word a of two is shared, and of the pairs (start, a), (a, b), (b, end) only the first.
    np.testing.assert_allclose(of_texts([(1, 2), (1, 3)], 2), [np.sqrt(1 / 2 * 1 / 3)] * 2)
    np.testing.assert_allclose(of_texts([(1, 2), (1, 2), (3, 3)], 2)[:2], [1, 1])
    assert of_texts([(1, 1, 1), (1, 2)], 1)[0] == pytest.approx(1 / 3), "a word counts as often as another text has it"
    assert of_texts([(3,), (1, 2)], 2)[0] < 1e-3
    assert of_texts([(), ()], 1).tolist() == [0, 0]


def test_the_divergence_of_grams_is_0_for_the_same_and_log_2_for_others() -> None:
    same = Evidence(many("ab", "c"), many("c", "ab"), symbols=SYMBOLS, pixels=False)
    assert measure("ngram_jsd", same).value == pytest.approx(0, abs=1e-12)
    other = Evidence(many("ab"), many("cc"), symbols=SYMBOLS, pixels=False)
    assert measure("ngram_jsd", other, length=1).value == pytest.approx(log(2))
    order = Evidence(many("ab"), many("ba"), symbols=SYMBOLS, pixels=False)
    assert measure("ngram_jsd", order, length=1).value == pytest.approx(0, abs=1e-12)
    assert (measure("ngram_jsd", order).value or 0) > 0.3
    empty = Evidence(many(""), many(""), symbols=SYMBOLS, pixels=False)
    assert measure("ngram_jsd", empty, length=1).value is None


def test_perplexity_counts_symbols_and_ends() -> None:
    bounds = {"elbo": np.full(10, -9.0)}
    found = measure("perplexity", evidence(many("ab"), bounds=bounds, discrete=True))
    assert found.value == pytest.approx(exp(3))
    uneven = Evidence(items(*["a", "abc"] * 5), many("ab"), symbols=SYMBOLS, bounds={"elbo": np.array([-2.0, -10] * 5)})
    found = measure("perplexity", uneven)
    assert found.value == pytest.approx(exp(12 / 6))
    assert found.low is not None and found.high is not None and found.low < found.value < found.high


def test_the_interval_of_perplexity_is_that_of_nats_per_symbol_where_texts_are_equally_long() -> None:
    nats = np.array([1.0, 2, 3, 4, 5] * 4)
    found = measure(
        "perplexity", Evidence(items(*["abc"] * 20), many("ab"), symbols=SYMBOLS, bounds={"elbo": -4 * nats})
    )
    assert (found.low, found.high) == pytest.approx([exp(end) for end in of_mean(nats)])
    assert found.n == 20 and found.detail["bound"] == "elbo"


def test_the_interval_of_the_divergence_of_grams_tells_of_the_texts_that_were_drawn() -> None:
    """Half of the texts say a, half b, against three in four: texts are drawn again, and none says anything else."""
    found = measure("ngram_jsd", Evidence(many("a", "b"), many("a", "a", "a", "b"), symbols=SYMBOLS), length=1)
    assert found.low is not None and found.high is not None and found.value is not None
    assert 0 <= found.low < found.value < found.high < 0.15


def test_what_is_shown_of_texts_is_a_dozen() -> None:
    wrong = measure("grammatical", evidence(many("ab"), grammar=lambda text: False)).detail["wrong"]
    known = measure("novel", evidence(many("ab"), train=items("ab"))).detail["known"]
    assert list(wrong) == list(known) == list(range(12))


def test_exact_is_symbol_for_symbol() -> None:
    made = many(*["ab"] * 6, "a", "ac", "abc", "")
    found = measure("exact", evidence(many("ab"), reconstructions=made))
    assert found.value == 0.6
    assert found.detail["symbols"] == pytest.approx((6 + 0.5 + 0.5 + 2 / 3 + 0) / 10)
