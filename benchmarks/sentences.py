"""VAE, GAN and hybrid on sentences of a known grammar: ``python -m benchmarks.sentences --workspace DIR``.

Each is trained by the preset `quick` and judged on sentences that are not in the training data. Held-out sentences are
edited in two ways, and the grammar's parser reads what comes of it. A VAE that is told a factor as the class encodes a
sentence and decodes it as another class. Whoever else has an encoder adds to the code the difference between the mean
codes of training sentences with one value of a factor and with another; how far along that direction is chosen on
training sentences.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from benchmarks._runs import Entry, Plan, conditions, floor, gather, metric, minutes, rows
from genlab.datasets.sentences import FACTORS, SIZES, SYMBOLS, Label, parse, telling
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
TOLD: Mapping[str, Label] = {
    "VAE, told tense, number, negation": "tense, number and negation",
    "VAE, told the object": "object",
}
"""Rows of VAEs that are told factors -> the data's label."""

EDITS = tuple((row, factor) for row, label in TOLD.items() for factor in telling(label))
"""Rows and factors whose edits have a bar."""

SHOWN = 12

Floats = NDArray[np.float32]
Factors = Mapping[str, NDArray[np.int64]]
Codes = tuple[Floats, Factors]
"""Codes [n, D] of sentences, and their factors."""


@dataclass(frozen=True)
class Edit:
    """What an edit of a factor does.

    Attributes:
        how: How it was made.
        changed: Share of sentences in which the factor becomes what was asked for.
        kept: Share in which all other factors stay.
        both: Share of both.
    """

    how: str
    changed: float
    kept: float
    both: float


def codes_of(model: GenerativeModel, data: Dataset, split: Any, most: int) -> Codes:
    """Mean codes of up to ``most`` sentences of a part, and the sentences' factors."""
    items = np.array(data.items(split)[:most], np.float32) / 255
    factors = {name: values[:most].astype(np.int64) for name, values in data.factors(split).items()}
    labels = data.labels(split)
    told = torch.as_tensor(np.array(labels[:most])) if model.space.classes and labels is not None else None
    mean = model.encode(torch.as_tensor(items), told).mean.numpy()
    return mean, factors


def class_of(factors: Factors, label: Label) -> NDArray[np.int64]:
    """Class numbers [n] of sentences whose class is what ``label`` says."""
    sizes = [SIZES[FACTORS.index(name)] for name in telling(label)]
    return np.ravel_multi_index([factors[name] for name in telling(label)], sizes).astype(np.int64)


def others(factors: Factors, factor: str, seed: int = 0) -> NDArray[np.int64]:
    """For each sentence another value of the factor [n], drawn evenly."""
    old, size = factors[factor], SIZES[FACTORS.index(factor)]
    return (old + np.random.default_rng(seed).integers(1, size, len(old))) % size


def judged(made: torch.Tensor, factors: Factors, factor: str, wanted: NDArray[np.int64]) -> tuple[float, float, float]:
    """Shares of sentences in which the factor is what was wanted, in which all others stay, and in which both hold.

    Args:
        made: Sentences that were edited [n, V, L].
        factors: Factors that they had before.
        factor: Which of them was to change.
        wanted: What it was to become [n].
    """
    found = [parse(text) for text in texts(made.numpy(), SYMBOLS)]
    changed = np.array(
        [one is not None and getattr(one, factor) == value for one, value in zip(found, wanted, strict=True)]
    )
    left = [name for name in FACTORS if name != factor]
    kept = np.array(
        [
            one is not None and all(getattr(one, name) == factors[name][at] for name in left)
            for at, one in enumerate(found)
        ]
    )
    return float(changed.mean()), float(kept.mean()), float((changed & kept).mean())


def moved(
    model: GenerativeModel, learned: Codes, given: Codes, factor: str, strength: float
) -> tuple[float, float, float]:
    """What comes of codes that are moved from the mean of one value of a factor towards that of another; see `judged`.

    Args:
        model: The model.
        learned: Codes that the means are taken from.
        given: Codes that are moved.
        factor: Its name.
        strength: How far, as a share of the way between the two means.
    """
    codes, factors = given
    wanted = others(factors, factor)
    values = range(SIZES[FACTORS.index(factor)])
    means = np.stack([learned[0][learned[1][factor] == value].mean(axis=0) for value in values])
    way = strength * (means[wanted] - means[factors[factor]])
    return judged(model.decode(torch.as_tensor(codes + way)), factors, factor, wanted)


def retold(model: GenerativeModel, given: Codes, factor: str, label: Label) -> tuple[float, float, float]:
    """What comes of codes that are decoded as the class with another value of a factor of ``label``; see `judged`."""
    codes, factors = given
    wanted = others(factors, factor)
    told = class_of({**factors, factor: wanted}, label)
    return judged(model.decode(torch.as_tensor(codes), torch.as_tensor(told)), factors, factor, wanted)


def edits(model: GenerativeModel, data: Dataset, label: Label | None) -> dict[str, Edit]:
    """Factor -> what an edit of it does to held-out sentences of ``data``; a strength is chosen on training ones.

    Args:
        model: The model.
        data: Its data.
        label: What their class says, where the model is told it.
    """
    given = codes_of(model, data, "test", EDITED)
    if label is not None:
        return {factor: Edit("as another class", *retold(model, given, factor, label)) for factor in telling(label)}
    learned, some = codes_of(model, data, "train", 10**9), codes_of(model, data, "train", EDITED)
    found = {}
    for factor in FACTORS:
        strength = max(STRENGTHS, key=lambda strength: moved(model, learned, some, factor, strength)[2])
        found[factor] = Edit(f"moved {strength:g} times the way", *moved(model, learned, given, factor, strength))
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


def bars(entries: Sequence[Entry], kl: Mapping[str, Any], changes: Mapping[str, Mapping[str, Edit]]) -> list[Bar]:
    """The bars of the VAE, and of edits by those that are told factors; of the others figures alone."""
    vae = next(entry for entry in entries if entry.plan.row == "VAE")
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
        Bar("no posterior collapse (KL of the VAE)", f"{kl['VAE'][0]:.1f} nats", "> 1 nat", kl["VAE"][0] > 1),
    ]
    for row, factor in (each for each in EDITS if each[0] in changes):
        one = changes[row][factor]
        figure = f"changes in {one.changed:.1%}, all others stay in {one.kept:.1%}"
        met = one.changed >= CHANGED and one.kept >= KEPT
        found.append(Bar(f"edit of {factor}, {row}", figure, f">= {CHANGED:.0%}, >= {KEPT:.0%}", met))
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
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace)
    plans = [
        Plan(row, model, "sentences", "quick", {"training.threads": 1, **settings}, chosen.seeds)
        for row, model, settings in (
            ("VAE", "vae", {}),
            *((row, "vae", {"data.options.label": label, "conditional": True}) for row, label in TOLD.items()),
            ("GAN", "gan", {}),
            ("VAE-GAN", "vae_gan", {}),
        )
    ]
    request = lab.evaluations.request(metrics=METRICS, samples=SAMPLES)
    entries = gather(lab, plans, request, train=not chosen.no_train)
    first = {entry.plan.row: entry for entry in reversed(entries)}
    models = {plan.row: lab.models.load(first[plan.row].run) for plan in plans if plan.row in first}
    data = {row: lab.data.open(lab.runs.read(entry.run).config().data) for row, entry in first.items()}
    changes: dict[str, dict[str, Edit]] = {}
    for row, model in models.items():
        if model.can_encode:
            progress(f"editing with {row}")
            changes[row] = edits(model, data[row], TOLD.get(row))
    kl = {row: divergence(lab, entry) for row, entry in first.items()}
    command = f"python -m benchmarks.sentences --seeds {' '.join(map(str, chosen.seeds))} --workspace DIR"
    command += " --no-train" if chosen.no_train else ""
    text = "\n".join(_text(about, command, entries, kl, changes))
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "sentences.png").write_bytes(picture(models, data["VAE"]))
    document = {
        "machine": about,
        "command": command,
        "entries": [entry.as_json() for entry in entries],
        "kl": kl,
        "edits": {row: {factor: asdict(one) for factor, one in found.items()} for row, found in changes.items()},
    }
    return write("sentences", chosen.out, document, text, bars(entries, kl, changes))


def _text(
    about: Mapping[str, Any],
    command: str,
    entries: Sequence[Entry],
    kl: Mapping[str, tuple[float | None, float | None]],
    changes: Mapping[str, Mapping[str, Edit]],
) -> list[str]:
    """The results file, but for the bars."""
    columns = {
        **{name: metric(name) for name in METRICS},
        "kl (active)": lambda group: _divergence(kl[group[0].plan.row]),
        "minutes": minutes,
    }
    real = [("held-out sentences", "", "", *(floor(name)(list(entries)) for name in METRICS), "", "")]
    lines = [
        (row, factor, one.how, *(f"{share:.3f}" for share in (one.changed, one.kept, one.both)))
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
        f"Edits of {EDITED:,} held-out sentences: share in which the factor becomes what was asked for, share in which "
        "all five others stay (and the sentence is grammatical), share of both. Codes are moved along the difference "
        "of mean codes, or decoded as another class by a model that is told it.",
        "",
        table(("model", "factor", "how", "changed", "others stay", "both"), lines),
        "",
    ]


def _divergence(found: tuple[float | None, float | None]) -> str:
    return "" if found[0] is None or found[1] is None else f"{found[0]:.1f} ({found[1]:.0f})"


if __name__ == "__main__":
    sys.exit(main())
