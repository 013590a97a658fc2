"""One-class detection of anomalies: ``python -m benchmarks.one_class --workspace DIR [--data mnist]``.

The protocol of Deep SVDD (Ruff et al., 2018): for each class a model is trained on the whole training part of that
class alone, and held-out items are scored, those of the other classes being the anomalies: with ``--items 10000`` all
of them, else a fair choice, which leaves AUROC as it is but for chance. Settings are the same for all classes, and the
last checkpoint counts. Runs and scores are kept in the workspace, so the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from benchmarks._runs import completed
from genlab.config import DataConfig
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher

FAMILIES = {"VAE": "vae", "GAN": "gan", "VAE-GAN": "vae_gan"}

NEEDED = 0.948
"""Mean AUROC of Deep SVDD over the ten digits (table 1 of Wolf et al., 2019; there AnoGAN has 0.913, KDE 0.869)."""


@dataclass(frozen=True)
class Judged:
    """What the detectors of one class found.

    Attributes:
        family: Name of the family; "" for detectors without a model.
        label: The normal class.
        run: The run that learned it.
        answers: The detectors, as the task keeps them, without the scores of single items.
    """

    family: str
    label: str
    run: Run
    answers: Sequence[Mapping[str, Any]]


def judged(lab: Lab, family: str, label: str, chosen: argparse.Namespace) -> list[Judged]:
    """Train the model of one class if need be, and score held-out items by it, and once without a model."""
    settings = {
        "data.classes": [label],
        "images": chosen.images,
        "training.threads": 1,
        "training.seed": chosen.seed,
        "watch.collapse": False,
        "name": f"{family} of class {label}",
    }
    config = lab.configs.make(FAMILIES[family], chosen.data, chosen.preset, settings)
    run = completed(lab, config, train=not chosen.no_train)
    if run is None:
        return []
    progress(f"scoring with {config.name}")
    options = {"steps": chosen.steps, "samples": chosen.samples}
    request = lab.tasks.request("anomaly", options, items=chosen.items, encoder="pixels", seed=chosen.seed)
    found = lab.tasks.carry_out(run, request)
    plain = lab.tasks.baselines(run, request)
    assert plain is not None
    ours = Judged(family, label, run, _slim(found["answers"]))
    return [ours] if family != chosen.families[0] else [ours, Judged("", label, run, _slim(plain["answers"]))]


def _slim(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Scores without those of single items, and what they cost."""
    kept = ("name", "title", "note", "milliseconds")
    return [
        {
            **{key: answer[key] for key in kept},
            "scores": {
                name: {key: line[key] for key in ("value", "low", "high", "n")}
                for name, line in answer["scores"].items()
            },
        }
        for answer in answers
        if "auroc" in answer["scores"]
    ]


def rows(found: Sequence[Judged], labels: Sequence[str]) -> list[tuple[str, ...]]:
    """One line per detector: AUROC of each class and the mean over them, then the means of the other measures."""
    lines = []
    for (family, title), by_class in detectors(found).items():
        cells = [f"{100 * by_class[label]['auroc']['value']:.1f}" if label in by_class else "" for label in labels]
        means = [_mean(by_class, name) for name in ("auroc", "aupr", "fpr95", "alarms")]
        lines.append(
            (family or "no model", title, *cells, *("" if mean is None else f"{100 * mean:.1f}" for mean in means))
        )
    return lines


def detectors(found: Sequence[Judged]) -> dict[tuple[str, str], dict[str, Mapping[str, Any]]]:
    """(Family, title of the detector) -> class -> its scores."""
    gathered: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for one in found:
        for answer in one.answers:
            gathered.setdefault((one.family, answer["title"]), {})[one.label] = answer["scores"]
    return gathered


def _mean(by_class: Mapping[str, Mapping[str, Any]], name: str) -> float | None:
    values = [scores[name]["value"] for scores in by_class.values()]
    return None if None in values else statistics.fmean(values)


def bar(found: Sequence[Judged], labels: Sequence[str]) -> Bar:
    """Whether the best detector that rests on a model, the same one for all classes, is as good as published."""
    whole = {
        key: _mean(by_class, "auroc")
        for key, by_class in detectors(found).items()
        if key[0] and len(by_class) == len(labels)
    }
    known = {key: mean for key, mean in whole.items() if mean is not None}
    need = f">= {NEEDED}"
    if not known:
        return Bar("mean AUROC over all classes", "not all classes are trained yet", need, None)
    best = max(known, key=lambda key: known[key])
    return Bar("mean AUROC over all classes", f"{known[best]:.4f}: {best[0]}, {best[1]}", need, known[best] >= NEEDED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, score, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_class", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True, help="where runs and scores are kept")
    parser.add_argument("--data", default="mnist", help="data set (default mnist)")
    parser.add_argument("--preset", default="balanced", help="preset (default balanced)")
    parser.add_argument("--images", type=int, default=60_000, help="images that each model sees (default 60000)")
    parser.add_argument("--steps", type=int, default=10, help="gradient steps of AnoGAN's search (default 10)")
    parser.add_argument("--samples", type=int, default=16, help="codes of the likelihood bound (default 16)")
    parser.add_argument(
        "--items", type=int, default=1_000, help="normal items, and anomalies, at most (default 1000; 10000 for all)"
    )
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=list(FAMILIES), help="which ones")
    parser.add_argument("--classes", nargs="+", default=None, help="normal classes (default all)")
    parser.add_argument("--seed", type=int, default=0, help="of training and scoring (default 0)")
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace, launcher=InlineLauncher())
    names = lab.data.describe(DataConfig(name=chosen.data)).classes or ()
    labels = chosen.classes or list(names)
    found = [one for family in chosen.families for label in labels for one in judged(lab, family, label, chosen)]
    told = ("data", "preset", "images", "steps", "samples", "items", "seed")
    settings = " ".join(f"--{name} {getattr(chosen, name)}" for name in told)
    command = f"python -m benchmarks.one_class {settings} --families {' '.join(chosen.families)} --workspace DIR"
    heading = ("family", "detector", *labels, "AUROC", "AUPR", "FPR at 95 %", "false alarms")
    text = "\n".join(
        [
            describe(f"One class of {chosen.data} against the others", about, command),
            "AUROC in percent of each class as the normal one, against held-out items of the other classes, "
            f"{chosen.items:,} of either at most; then means over classes: AUROC, AUPR, FPR at 95 % TPR, and false "
            f"alarms of a threshold meant for 5 %. One model per class and family, trained on {chosen.images:,} images "
            "of that class on one thread.",
            "",
            table(heading, rows(found, labels)),
        ]
    )
    document = {"machine": about, "command": command, "runs": [_described(one) for one in found]}
    name = f"one_class_{chosen.data}".replace("-", "_") if chosen.data != "mnist" else "one_class"
    return write(name, chosen.out, document, text, [bar(found, names)] if chosen.data == "mnist" else [])


def _described(one: Judged) -> dict[str, Any]:
    return {
        "family": one.family,
        "class": one.label,
        "images": one.run.images if one.family else None,
        "seconds": round(one.run.seconds, 1) if one.family else None,
        "detectors": list(one.answers),
    }


if __name__ == "__main__":
    sys.exit(main())
