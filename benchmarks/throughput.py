"""Images per second: the engine against bare loops, pythae's trainer and a DCGAN loop, side by side in one run.

``python -m benchmarks.throughput`` prints a table, writes ``results/throughput.json`` and ``.md``, and exits with 1
when a bar is missed; with ``--kinds`` it compares the engine with the bare loop on sounds, texts and films instead
(``results/throughput_kinds``). `benchmarks/README.md` says what exactly is compared.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks._common import (
    RESULTS,
    Bar,
    BenchmarkError,
    Spread,
    describe,
    in_fresh_process,
    machine,
    no_loss,
    paired_ratios,
    positive,
    progress,
    table,
    write,
)
from genlab.config import RunConfig
from genlab.lab import Lab

DATA = "mnist-5k"
TITLE = "Images per second of genlab against bare loops, pythae and a DCGAN loop."
FAMILIES = ("vae", "gan", "vae_gan", "restorer")
"""A model of each family."""

ENGINE_BARS = {"fp32": 1.0, "bf16": 0.95}
"""The least share of the bare loop's speed that the engine has to have, by precision."""

KINDS = {"tones": 4, "sentences": 2, "moving-digits": 16}
"""A data set of each further kind, and by how much fewer of its items are timed: an item is so much more work."""

KINDS_BAR = 0.9
KINDS_FAMILIES = ("vae", "gan", "vae_gan")

PEER_BARS = {"pythae": {"fp32": 1.05, "bf16": 1.5}, "dcgan": {"fp32": 1.3, "bf16": 1.5}}
"""The least ratio to a peer's speed, by the precision in which genlab trains; peers stay in fp32."""

PLAIN = {
    "schedule": "constant",
    "warmup": 0,
    "critic_lr": None,
    "weight_decay": 0.0,
    "clip_norm": 0.0,
    "ema_half_life": 0,
}
"""What the peers' loops do not do, whatever the preset says."""

VAE_LIKE_PYTHAE = {
    **PLAIN,
    "lr": 1e-3,
    "beta1": 0.9,
    "beta2": 0.999,
    "likelihood": "bernoulli",
    "beta": 1.0,
    "kl_warmup": 0.0,
    "free_bits": 0.0,
    "importance_samples": 1,
    "binarise": False,
}
GAN_LIKE_DCGAN = {
    **PLAIN,
    "lr": 2e-4,
    "beta1": 0.5,
    "beta2": 0.999,
    "loss": "non_saturating",
    "penalty": "none",
    "critic_repeats": 1,
    "spectral_norm": False,
    "pack": 1,
}


@dataclass(frozen=True)
class Plan:
    """How much to measure, and where the data are ready.

    Attributes:
        lab: A workspace whose data set is ready.
        images: Images per measurement against the bare loop.
        epochs: Passes over the training images per measurement against peers.
        repeats: Measurements of each kind.
        batch: Images per step.
        threads: CPU threads.
        bf16: Whether this CPU computes in bf16, so that the higher bars apply.
        classifier: Where the feature network is saved.
    """

    lab: Lab
    images: int
    epochs: int
    repeats: int
    batch: int
    threads: int
    bf16: bool
    classifier: Path

    @property
    def precision(self) -> str:
        """What genlab computes in on this machine."""
        return "bf16" if self.bf16 else "fp32"

    def config(
        self, model: str, seed: int, images: int, settings: Mapping[str, Any] | None = None, data: str = DATA
    ) -> RunConfig:
        """The quick preset of ``model`` with the plan's threads and, on images, batch."""
        common = {"threads": self.threads, "device": "cpu", "seed": seed, "images": images}
        batch = {"batch_size": self.batch} if data == DATA else {}
        return self.lab.configs.make(model, data, "quick", {**common, **batch, **(settings or {})})

    def measure(self, what: str, config: RunConfig, **more: Any) -> dict[str, Any]:
        """One measurement in a process of its own."""
        task = {
            "what": what,
            "workspace": str(self.lab.workspace.path),
            "config": config.model_dump(mode="json"),
            "threads": self.threads,
            "epochs": self.epochs,
            "classifier": str(self.classifier),
            **more,
        }
        answer = in_fresh_process("benchmarks._task", task)
        if "images" in answer:
            answer["speed"] = answer["images"] / answer["seconds"]
            progress(f"{config.model.name:8} {what:8} {answer['speed']:8,.0f} images/s in {answer['seconds']:.1f} s")
        return answer


@dataclass
class Comparison:
    """What was measured of two things that take turns.

    Attributes:
        name: What is compared.
        peer: What genlab is compared with.
        need: The least ratio of speeds that is good enough.
        score: Name of the final score, if any, and whether more is better (``up``) or less (``down``).
        ours: genlab's measurements, one per repeat.
        theirs: The peer's.
    """

    name: str
    peer: str
    need: float
    score: tuple[str, str] | None = None
    ours: list[dict[str, Any]] = field(default_factory=list)
    theirs: list[dict[str, Any]] = field(default_factory=list)

    def speeds(self, which: str) -> list[float]:
        """Images per second of ``ours`` or ``theirs``."""
        return [float(answer["speed"]) for answer in getattr(self, which)]

    def scores(self, which: str) -> list[float]:
        """Final scores of ``ours`` or ``theirs``."""
        return [float(answer["score"]) for answer in getattr(self, which)]

    @property
    def ratio(self) -> Spread:
        """Genlab's speed over the peer's, repeat by repeat."""
        return paired_ratios(self.speeds("ours"), self.speeds("theirs"))

    def bars(self) -> list[Bar]:
        """The speed, and the score where there is one."""
        ratio = self.ratio
        name, need = f"{self.name}: speed against {self.peer}", f">= {self.need:.2f}"
        bars = [Bar(name, ratio.text(2), need, ratio.median >= self.need)]
        if self.score:
            name, better = self.score
            met, text = no_loss(self.scores("ours"), self.scores("theirs"), better=better)
            bars.append(Bar(f"{self.name}: {name} against {self.peer}", text, "no worse", met))
        return bars

    def row(self) -> tuple[str, ...]:
        """A line of the table of figures."""
        cells = [Spread.of(self.speeds(which)).text() for which in ("ours", "theirs")]
        scores = ["", ""]
        if self.score:
            scores = [Spread.of(self.scores(which)).text(2) for which in ("ours", "theirs")]
        return (self.name, self.peer, *cells, self.ratio.text(2), self.score[0] if self.score else "", *scores)

    def document(self) -> dict[str, Any]:
        """Everything that was measured."""
        return {**asdict(self), "ratio": asdict(self.ratio)}


def engine(plan: Plan, family: str, precision: str) -> Comparison:
    """A whole run against the bare loop, for one family's quick preset."""
    found = Comparison(f"engine, {family}, {precision}", "bare loop", ENGINE_BARS[precision])
    for repeat in range(plan.repeats):
        config = plan.config(family, repeat, plan.images, {"precision": precision})
        found.theirs.append(plan.measure("bare", config))
        found.ours.append(plan.measure("session", config))
    return found


def engine_on(plan: Plan, data: str, family: str) -> Comparison:
    """The same on a data set of another kind, in the precision of this machine and the batch of its preset."""
    found = Comparison(f"{data}, {family}, {plan.precision}", "bare loop", KINDS_BAR)
    for repeat in range(plan.repeats):
        settings = {"precision": plan.precision}
        config = plan.config(family, repeat, max(1, plan.images // KINDS[data]), settings, data)
        found.theirs.append(plan.measure("bare", config))
        found.ours.append(plan.measure("session", config))
    return found


def against_pythae(plan: Plan, items: int) -> Comparison:
    """A VAE run against pythae's trainer."""
    found = Comparison("VAE", "pythae", PEER_BARS["pythae"][plan.precision], ("ELBO, nats", "up"))
    for repeat in range(plan.repeats):
        config = plan.config("vae", repeat, plan.epochs * items, VAE_LIKE_PYTHAE)
        found.theirs.append(plan.measure("pythae", config, score="elbo"))
        found.ours.append(plan.measure("session", config, score="elbo"))
    return found


def against_dcgan(plan: Plan, items: int) -> Comparison:
    """A GAN run against the DCGAN loop with the faster of two ways to load."""
    peers: dict[int, list[dict[str, Any]]] = {0: [], 2: []}
    found = Comparison("GAN", "", PEER_BARS["dcgan"][plan.precision], ("Frechet distance", "down"))
    for repeat in range(plan.repeats):
        config = plan.config("gan", repeat, plan.epochs * items, GAN_LIKE_DCGAN)
        for workers, answers in peers.items():
            answers.append(plan.measure("dcgan", config, workers=workers, score="frechet"))
        found.ours.append(plan.measure("session", config, score="frechet"))
    best = max(peers, key=lambda workers: Spread.of(a["speed"] for a in peers[workers]).median)
    found.peer, found.theirs = f"DCGAN loop, {best} loader processes", peers[best]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=TITLE)
    parser.add_argument("--images", type=positive, default=32_768, help="images per measurement (default 32768)")
    parser.add_argument("--repeats", type=positive, default=3, help="measurements of each kind (default 3)")
    parser.add_argument("--batch", type=positive, default=64, help="images per step (default 64)")
    parser.add_argument("--threads", type=positive, default=2, help="CPU threads (default 2)")
    parser.add_argument("--kinds", action="store_true", help="the engine on sounds, texts and films instead")
    parser.add_argument("--only", default="", help="part of the name of a comparison: measure only those")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    from genlab.worker.session import computes_bf16

    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder) / "workspace")
        items = lab.data.open(DATA).info.train
        for name in KINDS if chosen.kinds else ():
            lab.data.open(name)
        plan = Plan(
            lab=lab,
            images=chosen.images,
            epochs=max(1, round(chosen.images / items)),
            repeats=chosen.repeats,
            batch=chosen.batch,
            threads=chosen.threads,
            bf16=computes_bf16(cpu=True),
            classifier=Path(folder) / "classifier.safetensors",
        )
        attempts = _kinds(plan) if chosen.kinds else _images(plan, items)
        attempts = {name: attempt for name, attempt in attempts.items() if chosen.only in name}
        encoder = None if chosen.kinds else plan.measure("classifier", plan.config("gan", 0, plan.images))
        comparisons, failures = [], []
        for name, attempt in attempts.items():
            try:
                comparisons.append(attempt())
            except BenchmarkError as error:
                progress(str(error))
                failures.append(Bar(name, "could not be measured", "", met=False))
    return _report(plan, comparisons, failures, encoder, about, chosen.out)


def _images(plan: Plan, items: int) -> dict[str, Callable[[], Comparison]]:
    """What is compared on images, by name: the engine in each precision, then the peers."""
    attempts: dict[str, Callable[[], Comparison]] = {
        f"engine, {family}, {precision}": partial(engine, plan, family, precision)
        for precision in (("fp32", "bf16") if plan.bf16 else ("fp32",))
        for family in FAMILIES
    }
    return attempts | {"VAE": partial(against_pythae, plan, items), "GAN": partial(against_dcgan, plan, items)}


def _kinds(plan: Plan) -> dict[str, Callable[[], Comparison]]:
    """The engine on data of each further kind, by name."""
    return {f"{data}, {family}": partial(engine_on, plan, data, family) for data in KINDS for family in KINDS_FAMILIES}


def _report(
    plan: Plan,
    comparisons: Sequence[Comparison],
    failures: Sequence[Bar],
    encoder: Mapping[str, float] | None,
    about: Mapping[str, Any],
    out: Path,
) -> int:
    command = (
        f"python -m benchmarks.throughput --images {plan.images} --repeats {plan.repeats} "
        f"--batch {plan.batch} --threads {plan.threads}{'' if encoder else ' --kinds'}"
    )
    heading = ("comparison", "peer", "genlab, items/s", "peer, items/s", "ratio", "score", "genlab", "peer")
    rows = [comparison.row() for comparison in comparisons]
    words = _words_of_images(plan, encoder) if encoder else _words_of_kinds(plan)
    text = "\n".join([describe("Throughput", about, command), words, "", table(heading, rows)])
    document = {
        "machine": dict(about),
        "command": command,
        "precision": plan.precision,
        "feature_network": dict(encoder or {}),
        "comparisons": [comparison.document() for comparison in comparisons],
    }
    bars = [bar for comparison in comparisons for bar in comparison.bars()]
    return write("throughput" if encoder else "throughput_kinds", out, document, text, [*bars, *failures])


def _words_of_images(plan: Plan, encoder: Mapping[str, float]) -> str:
    return (
        f"{DATA}, {plan.images:,} images per measurement ({plan.epochs} passes over the training images against "
        f"peers), {plan.repeats} of each, taking turns; median (range). This CPU "
        f"{'computes in bf16' if plan.bf16 else 'has no bf16'}: against peers genlab trained in {plan.precision}, and "
        f"the bars for {plan.precision} apply. The feature network of the Frechet distance classifies "
        f"{encoder['accuracy']:.1%} of "
        f"the test images; between training and test images the distance is {encoder['floor']:.2f}."
    )


def _words_of_kinds(plan: Plan) -> str:
    each = ", ".join(f"{plan.images // fewer:,} of {data}" for data, fewer in KINDS.items())
    return (
        f"The engine against the bare loop on a data set of each further kind: {each} per measurement, {plan.repeats} "
        f"of each, taking turns; median (range). Presets `quick` with their own batches, in {plan.precision}."
    )


if __name__ == "__main__":
    sys.exit(main())
