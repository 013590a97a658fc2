"""What the benchmark of sentences takes for an edit, on a model whose codes are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.sentences import TOLD, Edit, bars, class_of, moved, retold
from genlab.config import DataConfig
from genlab.datasets.sentences import FACTORS, SIZES, SYMBOLS, Label, Meaning
from genlab.datasets.store import prepare
from genlab.kinds._symbols import one_hot
from genlab.store.workspace import Source

LABEL: Label = "tense, number and negation"


class Legible:
    """A decoder that reads each factor off one number of its code, rounded; where it is told, three off the class."""

    def __init__(self, leak: float = 0.0) -> None:
        self.leak = leak

    def decode(self, z: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        place = {symbol: at for at, symbol in enumerate(SYMBOLS)}
        rows = np.zeros((len(z), 10), np.int64)
        for at, (row, code) in enumerate(zip(rows, z.numpy(), strict=True)):
            values = np.clip(np.rint(code), 0, np.array(SIZES) - 1).astype(int)
            if y is not None:
                values[3:] = np.unravel_index(int(y[at]), SIZES[3:])
            values[0] = (values[0] + int(self.leak * values[4])) % SIZES[0]
            told = [place[symbol] for symbol in Meaning(*values.tolist()).symbols()]
            row[: len(told)] = told
        return torch.as_tensor(one_hot(rows, len(SYMBOLS)))


def codes(n: int, seed: int) -> Any:
    values = np.stack([np.random.default_rng(seed + at).integers(0, size, n) for at, size in enumerate(SIZES)], axis=1)
    return values.astype(np.float32), {name: values[:, at].astype(np.int64) for at, name in enumerate(FACTORS)}


@pytest.mark.parametrize("factor", ["tense", "number", "negation"])
def test_a_code_that_is_read_off_is_edited_without_fail(factor: str) -> None:
    learned, given = codes(8_000, 0), codes(200, 100)
    assert moved(Legible(), learned, given, factor, 1.0) == (1.0, 1.0, 1.0)  # type: ignore[arg-type]
    assert moved(Legible(), learned, given, factor, 0.0)[:2] == (0.0, 1.0)  # type: ignore[arg-type]


def test_an_edit_that_moves_another_factor_does_not_keep_it() -> None:
    changed, kept, both = moved(Legible(leak=1), codes(8_000, 0), codes(200, 100), "number", 1.0)  # type: ignore[arg-type]
    assert changed == 1 and kept < 0.7 and both == kept


@pytest.mark.parametrize("factor", ["tense", "number", "negation"])
def test_who_is_told_the_class_changes_what_it_is_told_and_nothing_else(factor: str) -> None:
    assert retold(Legible(), codes(200, 100), factor, LABEL) == (1.0, 1.0, 1.0)  # type: ignore[arg-type]
    deaf = type("Deaf", (Legible,), {"decode": lambda self, z, y: Legible.decode(self, z)})
    assert retold(deaf(), codes(200, 100), factor, LABEL) == (0.0, 1.0, 0.0)


def test_classes_are_numbered_as_the_data_number_them(tmp_path: Path) -> None:
    asked = DataConfig(name="sentences", options={"count": 300, "label": LABEL})
    data = prepare(asked, tmp_path, Source(None, Path("nowhere")))
    factors = {name: values.astype(np.int64) for name, values in data.factors("train").items()}
    assert data.labels("train") is not None
    np.testing.assert_array_equal(class_of(factors, LABEL), data.labels("train"))


def test_bars_are_of_the_vae_and_of_the_one_that_is_told() -> None:
    class Fake:
        def __init__(self, row: str, grammatical: float) -> None:
            self.values = {"grammatical": grammatical, "unique": 0.95, "exact": 0.97}
            self.plan = type("Plan", (), {"model": "vae", "row": row})

        def line(self, name: str) -> dict[str, float]:
            return {"value": self.values[name]}

    poor, good = Edit("", 0.9, 0.5, 0.4), Edit("", 0.9, 0.85, 0.8)
    row, other = TOLD
    done = {"VAE": dict.fromkeys(FACTORS, poor), row: dict.fromkeys(FACTORS, good), other: {"object": good}}
    both = [Fake(row, 0.1), Fake("VAE", 0.92)]
    met = bars(both, {"VAE": (11.0, 16.0)}, done)  # type: ignore[arg-type]
    assert len(met) == 8 and all(bar.met for bar in met)
    collapsed = bars(
        [Fake("VAE", 0.85)],
        {"VAE": (0.1, 0.0)},
        {**done, row: {**done[row], "tense": poor}},  # type: ignore[list-item]
    )
    assert [bar.met for bar in collapsed] == [False, True, True, False, False, True, True, True]
