"""What the benchmark of sentences takes for an edit, on a model whose codes are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.sentences import EDITS, bars, edited
from genlab.datasets.sentences import FACTORS, SIZES, SYMBOLS, Meaning
from genlab.kinds._symbols import one_hot


class Legible:
    """A decoder that reads each factor off one number of its code, rounded."""

    def __init__(self, leak: float = 0.0) -> None:
        self.leak = leak

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        place = {symbol: at for at, symbol in enumerate(SYMBOLS)}
        rows = np.zeros((len(z), 8), np.int64)
        for row, code in zip(rows, z.numpy(), strict=True):
            values = np.clip(np.rint(code), 0, np.array(SIZES) - 1).astype(int)
            values[0] = (values[0] + int(self.leak * values[4])) % SIZES[0]
            words = [place[word] for word in Meaning(*values.tolist()).text.split(" ")]
            row[: len(words)] = words
        return torch.as_tensor(one_hot(rows, len(SYMBOLS)))


def codes(n: int, seed: int) -> Any:
    values = np.stack([np.random.default_rng(seed + at).integers(0, size, n) for at, size in enumerate(SIZES)], axis=1)
    return values.astype(np.float32), {name: values[:, at].astype(np.int64) for at, name in enumerate(FACTORS)}


@pytest.mark.parametrize("factor", ["tense", "number", "negation"])
def test_a_code_that_is_read_off_is_edited_without_fail(factor: str) -> None:
    learned, given = codes(8_000, 0), codes(200, 100)
    assert edited(Legible(), learned, given, factor, 1.0) == (1.0, 1.0, 1.0)  # type: ignore[arg-type]
    assert edited(Legible(), learned, given, factor, 0.0)[:2] == (0.0, 1.0)  # type: ignore[arg-type]


def test_an_edit_that_moves_another_factor_does_not_keep_it() -> None:
    changed, kept, both = edited(Legible(leak=1), codes(8_000, 0), codes(200, 100), "number", 1.0)  # type: ignore[arg-type]
    assert changed == 1 and kept < 0.7 and both == kept


def test_bars_are_of_the_vae() -> None:
    class Fake:
        def __init__(self, grammatical: float) -> None:
            self.values = {"grammatical": grammatical, "unique": 0.95, "exact": 0.97}
            self.plan = type("Plan", (), {"model": "vae", "row": "VAE"})

        def line(self, name: str) -> dict[str, float]:
            return {"value": self.values[name]}

    done = {"VAE": {factor: {"changed": 0.9, "kept": 0.85} for factor in EDITS}}
    good = bars([Fake(0.92)], {"VAE": (11.0, 16.0)}, done)  # type: ignore[list-item]
    assert len(good) == 7 and all(bar.met for bar in good)
    collapsed = bars(
        [Fake(0.85)], {"VAE": (0.1, 0.0)}, {"VAE": {**done["VAE"], "tense": {"changed": 0.9, "kept": 0.5}}}
    )  # type: ignore[list-item]
    assert [bar.met for bar in collapsed] == [False, True, True, False, False, True, True]
