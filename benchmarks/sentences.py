"""VAE, GAN and hybrid on sentences of a known grammar: ``python -m benchmarks.sentences --workspace DIR``.

Each is trained by the preset `quick` and judged on sentences that are not in the training data. Whoever has an encoder
is edited as well: the difference between the mean codes of training sentences with one value of a factor and with
another is added to the code of a held-out sentence, and the grammar's parser reads what the decoder makes of it. How
far along that direction is chosen on training sentences.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from benchmarks._runs import Entry, Plan, conditions, floor, gather, metric, minutes, rows
from genlab.datasets.sentences import FACTORS, SYMBOLS, parse
from genlab.datasets.store import Dataset
from genlab.kinds._symbols import texts
from genlab.lab import Lab
from genlab.models.generative import GenerativeModel
from genlab.presentation.pictures import sheet

METRICS = (
    *("grammatical", "unique", "novel", "self_bleu", "ngram_jsd", "exact", "perplexity", "elbo"),
    *("frechet", "precision", "recall", "coverage"),
)
SAMPLES = 2_000
EDITED = 1_000
STRENGTHS = (0.8, 1.0, 1.2, 1.5, 2.0)
CHANGED, KEPT = 0.8, 0.8
EDITS = ("tense", "number", "negation")
"""Factors whose edits the bars are about; those of the others are measured too."""

SHOWN = 12

Floats = NDArray[np.float32]
Codes = tuple[Floats, Mapping[str, NDArray[np.int64]]]
"""Codes [n, D] of sentences, and their factors."""


def codes_of(model: GenerativeModel, data: Dataset, split: Any, most: int) -> Codes:
    """Mean codes of up to ``most`` sentences of a part, and the sentences' factors."""
    items = np.array(data.items(split)[:most], np.float32) / 255
    mean = model.encode(torch.as_tensor(items)).mean.numpy()
    return mean, {name: values[:most].astype(np.int64) for name, values in data.factors(split).items()}


def edited(
    model: GenerativeModel, learned: Codes, given: Codes, factor: str, strength: float, seed: int = 0
) -> tuple[float, float, float]:
    """Shares of sentences in which the factor changes as asked, in which all others stay, and in which both do.

    Args:
        model: The model.
        learned: Codes that the directions are taken from.
        given: Codes that are moved, each to another value of the factor, drawn evenly.
        factor: Its name.
        strength: How far, as a share of the way between the two means.
        seed: Of the values drawn.
    """
    codes, factors = given
    values = np.unique(learned[1][factor])
    means = np.stack([learned[0][learned[1][factor] == value].mean(axis=0) for value in values])
    old = np.searchsorted(values, factors[factor])
    new = (old + np.random.default_rng(seed).integers(1, len(values), len(old))) % len(values)
    moved = codes + strength * (means[new] - means[old])
    found = [parse(text) for text in texts(model.decode(torch.as_tensor(moved)).numpy(), SYMBOLS)]
    changed = np.array(
        [one is not None and getattr(one, factor) == value for one, value in zip(found, values[new], strict=True)]
    )
    others = [name for name in FACTORS if name != factor]
    kept = np.array(
        [
            one is not None and all(getattr(one, name) == factors[name][at] for name in others)
            for at, one in enumerate(found)
        ]
    )
    return float(changed.mean()), float(kept.mean()), float((changed & kept).mean())


def edits(model: GenerativeModel, data: Dataset) -> dict[str, dict[str, float]]:
    """Factor -> strength chosen on training sentences, and what it does to held-out ones."""
    learned, given = codes_of(model, data, "train", 10**9), codes_of(model, data, "test", EDITED)
    some = codes_of(model, data, "train", EDITED)
    found = {}
    for factor in FACTORS:
        strength = max(STRENGTHS, key=lambda strength: edited(model, learned, some, factor, strength)[2])
        changed, kept, both = edited(model, learned, given, factor, strength)
        found[factor] = {"strength": strength, "changed": changed, "kept": kept, "both": both}
    return found


def divergence(lab: Lab, entry: Entry) -> tuple[float | None, float | None]:
    """KL from the prior in nats, and the number of active dimensions, of the run's last rows; None without encoder."""
    known = [row for row in lab.runs.read(entry.run).metrics()[0] if row.get("kl/total") is not None]
    last = known[-20:]
    return (
        (float(np.mean([row["kl/total"] for row in last])), float(np.mean([row["units/active"] for row in last])))
        if last
        else (None, None)
    )


def bars(entries: Sequence[Entry], kl: Mapping[str, Any], changes: Mapping[str, Any]) -> list[Bar]:
    """The bars of the VAE; of the others figures alone."""
    vae = next(entry for entry in entries if entry.plan.model == "vae")
    lines = {name: vae.line(name)["value"] for name in ("grammatical", "unique", "exact")}
    found = [
        Bar(
            "samples of the VAE that are grammatical",
            f"{lines['grammatical']:.1%}",
            ">= 90 %",
            lines["grammatical"] >= 0.9,
        ),
        Bar("samples of the VAE that are different", f"{lines['unique']:.1%}", ">= 90 %", lines["unique"] >= 0.9),
        Bar("exact reconstructions of held-out sentences", f"{lines['exact']:.1%}", ">= 95 %", lines["exact"] >= 0.95),
        Bar(
            "no posterior collapse (KL of the VAE)",
            f"{kl[vae.plan.row][0]:.1f} nats",
            "> 1 nat",
            kl[vae.plan.row][0] > 1,
        ),
    ]
    for factor in EDITS:
        one = changes[vae.plan.row][factor]
        figure = f"changes in {one['changed']:.1%}, all others stay in {one['kept']:.1%}"
        met = one["changed"] >= CHANGED and one["kept"] >= KEPT
        found.append(Bar(f"edit of {factor}, VAE", figure, f">= {CHANGED:.0%}, >= {KEPT:.0%}", met))
    return found


def picture(models: Mapping[str, GenerativeModel], data: Dataset) -> bytes:
    """A sheet with a column of held-out sentences and one of the samples of each model."""
    kind = data.info.spec
    columns = [kind.tiles(np.array(data.items("test")[:SHOWN]))]
    columns += [kind.tiles(model.sample(SHOWN, seed=1).numpy()) for model in models.values()]
    items = np.stack(columns, axis=1).reshape(-1, *columns[0].shape[1:])
    return sheet(items, len(columns), 480)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, print and write; returns the exit code."""
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=summary)
    parser.add_argument("--workspace", type=Path, required=True, help="where runs and scores are kept")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="seeds (default 0)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace)
    settings = {"threads": 1}
    plans = [
        Plan(row, model, "sentences", "quick", settings, chosen.seeds)
        for row, model in (("VAE", "vae"), ("GAN", "gan"), ("VAE-GAN", "vae_gan"))
    ]
    entries = gather(lab, plans, lab.evaluations.request(metrics=METRICS, samples=SAMPLES))
    first = {entry.plan.row: entry for entry in reversed(entries)}
    models = {row: lab.models.load(first[row].run) for row in (plan.row for plan in plans) if row in first}
    data = lab.data.open("sentences")
    changes = {}
    for row, model in models.items():
        if model.can_encode:
            progress(f"editing with {row}")
            changes[row] = edits(model, data)
    kl = {row: divergence(lab, entry) for row, entry in first.items()}
    command = f"python -m benchmarks.sentences --seeds {' '.join(map(str, chosen.seeds))} --workspace DIR"
    text = "\n".join(_text(about, command, entries, kl, changes))
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "sentences.png").write_bytes(picture(models, data))
    document = {
        "machine": about,
        "command": command,
        "entries": [entry.as_json() for entry in entries],
        "kl": kl,
        "edits": changes,
    }
    return write("sentences", chosen.out, document, text, bars(entries, kl, changes))


def _text(
    about: Mapping[str, Any],
    command: str,
    entries: Sequence[Entry],
    kl: Mapping[str, tuple[float | None, float | None]],
    changes: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> list[str]:
    """The results file, but for the bars."""
    columns = {
        **{name: metric(name) for name in METRICS},
        "kl (active)": lambda group: _divergence(kl[group[0].plan.row]),
        "minutes": minutes,
    }
    real = [("held-out sentences", "", "", *(floor(name)(list(entries)) for name in METRICS), "", "")]
    lines = [
        (row, factor, f"{one['strength']:g}", *(f"{one[name]:.3f}" for name in ("changed", "kept", "both")))
        for row, factors in changes.items()
        for factor, one in factors.items()
    ]
    return [
        describe("Sentences of a known grammar: VAE, GAN and VAE-GAN", about, command),
        f"{SAMPLES:,} samples of each, compared with held-out sentences; intervals of 95 %. {conditions(entries)}",
        "The last line is what other held-out sentences score in the place of samples.",
        "",
        table(("model", "data", "seeds", *columns), [*rows(entries, columns), *real]),
        "",
        f"Edits of {EDITED:,} held-out sentences along the difference of mean codes: share in which the factor becomes "
        "what was asked for, share in which all five others stay (and the sentence is grammatical), share of both.",
        "",
        table(("model", "factor", "strength", "changed", "others stay", "both"), lines),
        "",
    ]


def _divergence(found: tuple[float | None, float | None]) -> str:
    return "" if found[0] is None or found[1] is None else f"{found[0]:.1f} ({found[1]:.0f})"


if __name__ == "__main__":
    sys.exit(main())
