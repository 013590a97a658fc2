"""The configuration of a run: every setting, its unit, its range and why one would change it. No torch.

A configuration is complete (all defaults filled in), frozen and strict. It is written to ``config.json`` before any
work starts, and a run can be repeated from that file alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import JsonValue, ValidationInfo, field_validator

from genlab.errors import InputError
from genlab.options import Options, parse, setting
from genlab.registry import Choice, FromRegistry, registry

SCHEMA_VERSION = 1

MOST_LATENT = 1_024
"""Largest latent space of a model that leaves its size to be chosen."""

LARGEST_LATENT = 2**20
"""Largest latent space of a model for which it is as large as the data."""


class DataConfig(Options):
    """Which images a run learns from."""

    name: str = setting("mnist-5k", "the data set: a built-in one or one you have added")
    size: int | None = setting(
        None,
        "side to resize to, the longer one where images are not square; empty keeps the data set's own",
        unit="px",
        ge=8,
        le=512,
        advanced=True,
    )
    channels: Literal[1, 3] | None = setting(
        None, "1 turns colour into grey, 3 repeats grey; empty keeps the data set's own", advanced=True
    )
    fit: Literal["crop", "pad"] = setting(
        "crop",
        "what becomes of pictures in other proportions than the data set's: their edges are cut, or they get a border",
        advanced=True,
    )
    limit: int | None = setting(None, "use only this many training items, spread over the classes", ge=16, unit="items")
    validation: int | None = setting(
        None,
        "training items set aside to choose settings by: a run neither learns from them nor is reported on them",
        unit="items",
        ge=2,
        advanced=True,
    )
    classes: tuple[str, ...] = setting(
        (),
        "names or numbers of the classes to learn from, separated by commas; empty for all. Held-out items of the "
        "others are what anomalies are told from",
        advanced=True,
    )
    split_seed: int = setting(0, "seed of the train/test split, where the data set has none of its own", advanced=True)
    options: dict[str, JsonValue] = setting({}, "settings of that data set", advanced=True)

    @field_validator("classes", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """``"3, 5"``, ``3`` and ``[3, "5"]`` mean the same as ``("3", "5")``."""
        parts = value.split(",") if isinstance(value, str) else [value] if isinstance(value, int) else value
        if not isinstance(parts, (list, tuple)):
            return value
        texts = [str(part).strip() if isinstance(part, (str, int)) else part for part in parts]
        return tuple(text for text in texts if text != "")

    def told_apart(self) -> dict[str, Any]:
        """What kept results of these data are told apart by; a setting that came later counts where it is used."""
        unused = {name for name in ("classes", "validation") if not getattr(self, name)}
        return self.model_dump(mode="json", exclude=unused)


class OptimiserConfig(Options):
    """How the weights move (Adam)."""

    lr: float = setting(
        2e-4, "learning rate; halve it when losses jump, double it when nothing moves", gt=0, le=1, log=True
    )
    critic_lr: float | None = setting(
        None, "learning rate of the critic; empty means the same (two-time-scale update: higher)", gt=0, le=1, log=True
    )
    beta1: float = setting(
        0.0,
        "decay rate of the gradient's running mean (Adam's beta1); 0 to 0.5 for adversarial training",
        ge=0,
        le=0.999,
    )
    beta2: float = setting(0.99, "decay rate of the running mean of its square (Adam's beta2)", ge=0, le=0.9999)
    weight_decay: float = setting(0.0, "decoupled weight decay", ge=0, le=1, advanced=True)
    clip_norm: float = setting(0.0, "largest gradient norm per player; 0 does not clip", ge=0, advanced=True)
    schedule: Literal["constant", "cosine"] = setting(
        "constant", "cosine lowers the learning rate to a tenth towards the end"
    )
    warmup: int = setting(0, "images over which the learning rate rises from zero", unit="images", ge=0, advanced=True)


class TrainingConfig(Options):
    """How long, in what portions, on what."""

    images: int = setting(100_000, "training length, counted in real images shown", unit="images", ge=1, step=10_000)
    batch_size: int = setting(64, "images per step, over all processes together", unit="images", ge=2, le=65_536)
    seed: int = setting(0, "seed of weights, order and noise; the same seed gives the same run", ge=0, le=2**31 - 1)
    ema_half_life: int = setting(
        10_000,
        "half-life of the averaged weights that samples are drawn from; 0 turns averaging off",
        unit="images",
        ge=0,
    )
    precision: Literal["auto", "fp32", "bf16"] = setting(
        "auto", "auto uses bf16 where the hardware supports it", advanced=True
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "auto", "auto takes a GPU where there is one", advanced=True
    )
    threads: int | None = setting(
        None,
        "CPU threads; empty takes what suits this machine beside other work: 1 below 8 cores. "
        "Another number gives results that differ in the last digits",
        ge=1,
        advanced=True,
    )
    memory: int = setting(
        2_048, "data larger than this is streamed from disk in shuffled blocks", unit="MiB", ge=1, advanced=True
    )


class WatchConfig(Options):
    """What is recorded while it trains."""

    log_every: int = setting(
        1_024, "images between two points of the curves (each is the mean since the last)", ge=1, unit="images"
    )
    sample_every: int = setting(8_192, "images between two sample grids", ge=1, unit="images")
    checkpoint_every: int = setting(
        32_768, "images between two checkpoints; what a killed run can lose", ge=1, unit="images"
    )
    keep_checkpoints: int = setting(
        8, "checkpoints kept, spread over the run; the first and the newest always stay", ge=2, advanced=True
    )
    samples: int = setting(64, "pictures in a sample grid (points: 16 times as many)", ge=1, le=1_024, advanced=True)
    collapse: bool = setting(
        True, "check for collapse during training (modes, latent code, critic) and raise alarms with what to try"
    )
    evaluate_every: int = setting(
        0, "images between two evaluations, whose scores Curves shows; 0 for none while it trains", ge=0, unit="images"
    )
    trackers: list[Literal["tensorboard", "mlflow", "wandb"]] = setting(
        [], "mirror the curves to these as well", advanced=True
    )


class RunConfig(Options):
    """Everything that decides what a run does."""

    schema_version: Literal[1] = setting(SCHEMA_VERSION, "version of this document", advanced=True)
    name: str = setting("", "what to call the run; empty makes a name")
    preset: str = setting("", "the preset it started from", advanced=True)
    data: DataConfig = setting(DataConfig(), "the data")
    model: Annotated[Choice, FromRegistry("objectives")] = setting("vae", "the family and its objective")
    network: Annotated[Choice, FromRegistry("networks")] = setting(
        "conv", "encoder, decoder, generator and critic are built from this"
    )
    latent_dim: int = setting(
        32, "size of the latent space", ge=1, le=LARGEST_LATENT, most=MOST_LATENT, unit="dimensions"
    )
    conditional: bool = setting(False, "train the model conditionally on the class, and choose the class when sampling")
    optimiser: OptimiserConfig = setting(OptimiserConfig(), "the optimiser")
    training: TrainingConfig = setting(TrainingConfig(), "length and hardware")
    watch: WatchConfig = setting(WatchConfig(), "what is recorded")

    @field_validator("latent_dim")
    @classmethod
    def _not_too_large(cls, value: int, info: ValidationInfo) -> int:
        """Only a model whose latent space is as large as the data may have so large a one."""
        model = info.data.get("model")
        if value > MOST_LATENT and (model is None or registry("objectives").get(model.name).latent is None):
            raise ValueError(f"Input should be less than or equal to {MOST_LATENT}")
        return value

    def recipe(self) -> str:
        """The same for all runs that differ in their seed, name and number of threads only."""
        document = self.model_dump(mode="json", exclude={"name": True, "training": {"seed", "threads"}})
        return json.dumps(document, sort_keys=True)


def load_config(document: Mapping[str, Any]) -> RunConfig:
    """The configuration written in ``document`` (the content of a ``config.json``).

    Raises:
        InputError: When it was written by a newer genlab, or a value is unknown or out of range.
    """
    version = document.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InputError(
            f"This configuration has schema version {version}; this genlab reads up to {SCHEMA_VERSION}.",
            "Update genlab to open it.",
            kind="schema_too_new",
        )
    return parse(RunConfig, document)


def merge(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` with nested ``changes`` laid over it; a change of an entry's name drops the old entry's options."""
    merged = dict(document)
    for key, value in changes.items():
        old = merged.get(key)
        if not isinstance(value, Mapping):
            picks_entry = isinstance(old, Mapping) and "name" in old and isinstance(value, str)
            merged[key] = {"name": value} if picks_entry else value
        elif isinstance(old, Mapping) and value.get("name", old.get("name")) == old.get("name"):
            merged[key] = merge(old, value)
        elif key == "data" and isinstance(old, Mapping):
            merged[key] = {**old, "options": {}, **value}
        else:
            merged[key] = dict(value)
    return merged


def change(config: RunConfig, settings: Mapping[str, Any]) -> RunConfig:
    """``config`` with ``settings`` changed, each named by its path or the end of it.

    ``{"loss": "hinge", "batch_size": 128, "penalty.weight": 0.5}`` changes ``model.loss``, ``training.batch_size`` and
    ``model.penalty.weight``. Values may be strings, as they come from a command line. Naming the entry that is chosen
    already keeps its options; naming another one takes that one's defaults.

    Raises:
        InputError: When a name is unknown or ambiguous, or a value is out of range.
    """
    for key in sorted(settings, key=lambda key: (not _picks_entry(config, key), key.count("."))):
        document = config.model_dump()
        path = _locate(document, key)
        if not (_picks_entry(config, key) and settings[key] == leaves(document)[".".join(path)]):
            config = _with(document, path, settings[key])
    return config


def leaves(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """All settings of a configuration document by dotted path; an entry's name stands at the entry's own path."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and path != "data.options":
            if "name" in value:
                found[path] = value["name"]
            rest = {name: item for name, item in value.items() if name != "name"}
            found.update(leaves(rest, f"{path}."))
        else:
            found[path] = value
    return found


def _picks_entry(config: RunConfig, key: str) -> bool:
    try:
        path = _locate(config.model_dump(), key)
    except InputError:
        return False
    node: Any = config.model_dump()
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return isinstance(node, Mapping)


def _locate(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    known = leaves(document)
    if key.startswith("data.options."):
        return tuple(key.split("."))
    matches = [path for path in known if path == key] or [path for path in known if path.endswith(f".{key}")]
    if not matches:
        import difflib

        ends = {path.rpartition(".")[2] for path in known} | set(known)
        close = difflib.get_close_matches(key, sorted(ends), n=3, cutoff=0.6)
        hint = f"Did you mean {', '.join(close)}?" if close else "`genlab settings --model M` lists all of them."
        raise InputError(f"There is no setting called {key!r} for this model.", hint, kind="unknown_option")
    if len(matches) > 1:
        raise InputError(f"{key!r} could be {' or '.join(matches)}.", "Write the longer name.", kind="ambiguous_option")
    return tuple(matches[0].split("."))


def _nest(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for part in reversed(path):
        value = {part: value}
    assert isinstance(value, dict)
    return value


def _with(document: Mapping[str, Any], path: tuple[str, ...], value: Any) -> RunConfig:
    """The configuration with one value changed; ``"none"`` empties a setting that has no value of that name.

    The first option of a built-in data set that is changed takes all others with it, at their defaults, so that a
    configuration names all of them or none.
    """
    if path[:2] == OPTIONS and len(path) > len(OPTIONS) and not document["data"]["options"]:
        document = merge(document, {"data": {"options": _defaults(document["data"]["name"])}})
    try:
        return load_config(merge(document, _nest(path, value)))
    except InputError:
        if not isinstance(value, str) or value.lower() not in EMPTY:
            raise
        return load_config(merge(document, _nest(path, None)))


def _defaults(data: str) -> dict[str, Any]:
    """The options of a built-in data set; none of any other."""
    known = registry("datasets")
    return known.get(data).Options().model_dump(mode="json") if data in known else {}


OPTIONS = ("data", "options")
"""Where the options of the data set stand."""

EMPTY = frozenset({"", "none", "null"})
"""How a command line says that a setting has no value."""
