"""What is told of visitors' waits."""

from __future__ import annotations

from benchmarks.visitors import summary


def test_a_row_tells_median_tail_and_the_page_that_took_longest():
    waits = [("Home", 0.1)] * 18 + [("Match", 3.1), ("Latent", 0.5)]
    (row,) = summary([{"visitors": 8, "waits": waits, "cores": 0.5}])
    assert row == ("8", "20", "0.10", "0.63", "3.10 (Match)", "0.50")
