"""An exploding loss ends the run; a large but steady one does not."""

from __future__ import annotations

import pytest

from genlab.errors import DivergedError
from genlab.training.watch.divergence import EXPLODED, START_ROWS, DivergenceWatch


def test_a_large_loss_that_stays_is_no_divergence():
    watch = DivergenceWatch()
    for row in range(50):
        watch.look({"loss/vae": 500.0 + row, "score/real": 1e9}, row)
    assert watch.rows == 50


@pytest.mark.parametrize("sign", [1, -1])
def test_an_exploding_loss_is_named(sign):
    watch = DivergenceWatch()
    for row in range(START_ROWS):
        watch.look({"loss/critic": 0.5}, row)
    watch.look({"loss/critic": sign * EXPLODED * 0.9}, 99)
    with pytest.raises(DivergedError, match="loss/critic grew to"):
        watch.look({"loss/critic": sign * EXPLODED * 1.1}, 100)


def test_a_loss_that_is_not_a_number_is_named():
    watch = DivergenceWatch(start={"loss/vae": 1.0}, rows=START_ROWS)
    with pytest.raises(DivergedError):
        watch.look({"loss/vae": float("nan")}, 1)
