from __future__ import annotations

import pytest

from genlab.numbers import interval, nats, percent, plus_minus, share, short


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0.61, 0.59, 0.63), "0.61 ± 0.02"),
        ((0.6123, 0.6003, 0.6243), "0.612 ± 0.012"),
        ((1234.5, 1134.5, 1334.5), "1,234 ± 100"),
        ((0.5, None, None), "0.5"),
        ((10.0, 10.0, 10.0), "10"),
        ((2.302585, 2.302585, 2.302585 + 2e-15), "2.3"),
        ((None, None, None), ""),
    ],
)
def test_a_value_has_the_digits_that_its_interval_justifies(given, expected):
    assert plus_minus(*given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0.87,), "87 %"),
        ((0.005,), "0.5 %"),
        ((0.0,), "0 %"),
        ((0.004, 0.0, 0.02), "under 1 %"),
        ((0.8712, 0.8692, 0.8732), "87.1 %"),
        ((1.0, 1.0, 1.0), "100 %"),
    ],
)
def test_percentages(given, expected):
    assert percent(*given) == expected


def test_intervals_in_words():
    assert interval({"value": 0.61, "low": 0.59, "high": 0.63}) == "0.610 (0.590 to 0.630)"
    assert interval({"value": 3.0}) == "3" == short(3.0)


def test_nats_are_written_one_way():
    assert [nats(value) for value in (0.00785, 0.3, 29.46, 210.4, 5_489.0, 0.0)] == [
        "0.0078 nats",
        "0.3 nats",
        "29.5 nats",
        "210 nats",
        "5,489 nats",
        "0 nats",
    ]
    assert nats(0.00762, 0.0071, 0.0081) == "0.0076 ± 0.0005 nats"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ((0.253, 0.233, 0.273), "25 ± 2 %"),
        ((0.969, 0.958, 0.980), "97 ± 1 %"),
        ((0.0153, 0.0121, 0.0185), "1.5 ± 0.3 %"),
        ((0.8,), "80 %"),
        ((1.0, 1.0, 1.0), "100 %"),
    ],
)
def test_a_share_is_rounded_as_its_percentage_is(line, words):
    assert share(*line) == words
    assert percent(*line).removesuffix(" %") == words.partition(" ")[0]
