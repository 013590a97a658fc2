"""An exploding loss ends the run, from the first row on; a large but steady one does not."""

from __future__ import annotations

import pytest

from genlab.errors import DivergedError
from genlab.training.watch.divergence import EXPLODED, DivergenceWatch, advice


def test_a_large_loss_is_no_divergence_where_untrained_networks_lose_as_much():
    watch = DivergenceWatch({"loss/vae": 5.8e6})
    for row in range(50):
        watch.look({"loss/vae": 5.8e6 + row, "score/real": 1e19}, row)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("untrained", [0.0, 0.5, -300.0])
def test_an_exploding_loss_is_named_in_the_first_row_already(sign: int, untrained: float):
    watch = DivergenceWatch({"loss/critic": untrained})
    bound = EXPLODED * max(1.0, abs(untrained))
    watch.look({"loss/critic": sign * bound * 0.9}, 99)
    with pytest.raises(DivergedError, match="after 100 images: loss/critic grew to"):
        watch.look({"loss/critic": sign * bound * 1.1}, 100)


@pytest.mark.parametrize(("untrained", "bound"), [({}, 1e4), ({"loss/gan": -2.0}, 2e4), ({"loss/gan": 0.1}, 1e4)])
def test_where_an_explosion_begins(untrained: dict[str, float], bound: float):
    watch = DivergenceWatch(untrained)
    assert watch.exploded({"elbo": 1e9, "loss/gan": bound}) is None
    assert watch.exploded({"elbo": 1e9, "loss/gan": bound * 1.0001}) == "loss/gan"


def test_what_exploded_before_is_no_measure_of_what_comes():
    """A run whose first rows explode, and one that is resumed behind them, are judged alike."""
    for seen in ([], [3.65e17] * 20):
        watch = DivergenceWatch({"loss/vae": 44.5})
        assert all(watch.exploded({"loss/vae": value}) for value in seen)
        with pytest.raises(DivergedError):
            watch.look({"loss/vae": 1e6}, 1)


@pytest.mark.parametrize("untrained", [{}, {"loss/vae": float("nan")}, {"loss/vae": float("inf")}])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2 * EXPLODED])
def test_a_loss_that_is_not_a_number_is_named_whatever_came_before(untrained: dict[str, float], value: float):
    with pytest.raises(DivergedError):
        DivergenceWatch(untrained).look({"loss/vae": value}, 1)


@pytest.mark.parametrize("name", ["loss/vae", "elbo", "loss/elbo", "loss/nats", "kl/total"])
def test_only_who_has_a_critic_is_told_to_restrain_it(name: str):
    assert "critic" not in advice(name) and "learning rate" in advice(name)
    assert "R1 + R2" in advice("loss/generator")
