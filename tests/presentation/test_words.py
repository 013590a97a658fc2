from __future__ import annotations

import pytest

from genlab.presentation.words import ago, count, duration, how_many, plain


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59.6, "60 s"), (89, "89 s"), (90, "2 min"), (3_600, "60 min"), (5_400, "1.5 h"), (36_000, "10.0 h")],
)
def test_duration(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (0, "just now"),
        (44, "just now"),
        (60, "1 min ago"),
        (3_000, "50 min ago"),
        (7_300, "2 h ago"),
        (86_400, "1 day ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_ago(passed, said):
    assert ago(1_000_000_000.0, 1_000_000_000.0 + passed) == said


def test_long_ago_is_a_date():
    assert ago(1_793_534_400.0, 1_793_534_400.0 + 30 * 86_400).endswith("Nov 2026")


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (9_999, "9,999"), (10_000, "10k"), (249_900, "250k"), (999_500, "1.0M"), (1_234_567, "1.2M")],
)
def test_count(number, said):
    assert count(number) == said


def test_how_many():
    assert how_many(1, "run") == "1 run"
    assert how_many(2_000, "run") == "2,000 runs"
    assert how_many(0, "class", "classes") == "0 classes"


def test_markdown_in_a_name_is_shown_as_it_was_written():
    assert plain("*a* [b](c) `d`") == r"\*a\* \[b\]\(c\) \`d\`"
    assert plain("<b> & $x$ :red[y]") == r"\<b\> & \$x\$ \:red\[y\]"
