"""The tables of ``docs/entries.md``, made from the registries so that they cannot say anything else. No torch.

``python -m genlab.docs_tables > docs/entries.md`` writes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from genlab import kinds
from genlab.config import RunConfig
from genlab.datasets.base import DatasetSpec
from genlab.kinds.base import Taken
from genlab.options import Options
from genlab.presentation.fields import Field, describe
from genlab.presets.base import PresetSpec
from genlab.registry import Choice, Spec, registry

Column = Callable[[Any], object]

TITLES = {
    "kinds": "Kinds of data",
    "objectives": "Models",
    "families": "Families",
    "networks": "Networks",
    "losses": "GAN losses",
    "penalties": "Penalties",
    "likelihoods": "Likelihoods",
    "corruptions": "Corruptions",
    "presets": "Presets",
    "datasets": "Data sets",
    "metrics": "Metrics",
    "encoders": "Feature extractors",
}
"""Registry -> heading, in the order of the document."""

PLACES = {
    "none": "nowhere",
    "real": "at real samples",
    "fake": "at generated samples",
    "both": "at real and at generated samples",
    "between": "between a real and a generated sample",
    "around": "around real samples",
}
"""Where a penalty takes the gradient, in words."""

TAKES: Mapping[Taken, str] = {
    "any": "any data",
    "sequence": "items of shape [V, L]",
    "grid": "items of shape [C, H, W]",
    "frames": "items of shape [C, T, H, W]",
    "lattice": "values from 0 to 1 on one to three axes",
    "symbols": "symbols",
    "unit": "values from 0 to 1",
    "pixels": "images",
}
"""What an entry asks of the data, in words."""


def _models(kind: str, preset: PresetSpec) -> str:
    return ", ".join(map(code, preset.models(kind)))


def _item(spec: DatasetSpec) -> str:
    kind = kinds.get(spec.kind)
    return " × ".join(map(str, spec.shape)) if kind.pictured else kind.one


COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "kinds": {
        "values": lambda spec: (
            f"{spec.dtype} in the store, " + ("any" if spec.bounds is None else "{} to {}".format(*spec.bounds))
        ),
        "network": lambda spec: code(spec.network),
        "feature extractor": lambda spec: code(spec.encoder),
    },
    "objectives": {"family": lambda spec: code(spec.family)},
    "families": {
        "shape": lambda spec: spec.glyph,
        "colour": lambda spec: code(spec.colour),
        "parts besides a decoder": lambda spec: ", ".join(spec.parts),
    },
    "networks": {"for": lambda spec: TAKES[spec.takes]},
    "losses": {"how its curves read": lambda spec: spec.reading},
    "penalties": {"gradient taken": lambda spec: "its own way" if spec.custom else PLACES[spec.where]},
    "likelihoods": {
        "for": lambda spec: TAKES[spec.takes],
        "nats of": lambda spec: "probabilities" if spec.discrete else "densities",
    },
    "corruptions": {
        "for": lambda spec: TAKES[spec.takes],
        "may be weaker": lambda spec: "yes" if spec.graded and spec.changes else "",
    },
    "presets": {
        **{kind.many: partial(_models, kind.name) for kind in kinds.REGISTRY},
        "shows": lambda spec: spec.teaches,
    },
    "datasets": {
        "item": lambda spec: _item(spec),
        "items": lambda spec: f"{spec.count:,}",
        "classes": lambda spec: len(spec.class_names or ()) or "",
        "licence": lambda spec: spec.licence,
    },
    "metrics": {
        "kind": lambda spec: spec.group,
        "better": lambda spec: {"up": "higher", "down": "lower", "none": "neither"}[spec.better],
        "ideal": lambda spec: "" if spec.ideal is None else f"{spec.ideal:.4g}",
        "at least": lambda spec: f"{spec.minimum:,} items" if spec.minimum > 2 else "",
        "needs": lambda spec: ", ".join(spec.needs),
        "notices": lambda spec: ", ".join(name.replace("_", " ") for name in spec.notices),
        "ignores": lambda spec: ", ".join(name.replace("_", " ") for name in spec.ignores),
    },
    "encoders": {"for": lambda spec: TAKES[spec.takes]},
}
"""Registry -> what its table says besides title, summary and paper."""

INTRODUCTION = """# What can be chosen

Made from the specs by `python -m genlab.docs_tables`; a test fails when this file is out of date. `genlab models`,
`genlab presets`, `genlab data list` and `genlab settings` print the same from the command line. A setting is changed by
its path or the end of it: `--set model.penalty.weight=0.5`, `--set batch_size=128`.
"""


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *(entries_section(kind) for kind in TITLES), run_section()])


def entries_section(kind: str) -> str:
    """One registry: a table of its entries, and one of their settings where there are any."""
    specs = list(registry(kind))
    columns = {name: column for name, column in COLUMNS[kind].items() if any(column(spec) for spec in specs)}
    heading = ["name", "title", "summary", *columns, "paper"]
    parts = [f"## {TITLES[kind]}\n", table(heading, (_entry(spec, columns) for spec in specs))]
    shared: dict[tuple[str, ...], list[str]] = {}
    for spec in specs:
        for field in leaves(spec.Options()):
            shared.setdefault(tuple(_setting(field)), []).append(code(spec.name))
    if shared:
        rows = ([setting, ", ".join(names), *rest] for (setting, *rest), names in shared.items())
        parts += ["Their settings:\n", table([SETTING_HEADING[0], "of", *SETTING_HEADING[1:]], rows)]
    return "\n".join(parts)


def run_section() -> str:
    """The settings that every run has."""
    rows = (_setting(field) for field in leaves(RunConfig()) if field.path != "schema_version")
    return "\n".join(["## Settings of every run\n", table(SETTING_HEADING, rows)])


def leaves(options: Options, prefix: str = "") -> Iterator[Field]:
    """The fields of ``options``, with those of nested settings instead of the nested settings themselves."""
    for field in describe(options, prefix):
        if field.kind == "group":
            yield from leaves(field.value, f"{field.path}.")
        else:
            yield field


def table(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    titles = list(heading)
    lines = [titles, ["---"] * len(titles), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def code(text: object) -> str:
    """``text`` as code."""
    return f"`{text}`"


SETTING_HEADING = ["setting", "default", "allowed", "unit", "what it does and when to change it"]


def _entry(spec: Spec, columns: Mapping[str, Column]) -> list[object]:
    return [code(spec.name), spec.title, spec.summary, *(column(spec) for column in columns.values()), spec.paper]


def _setting(field: Field) -> list[str]:
    return [code(field.path), _default(field), _allowed(field), field.unit, field.why]


def _default(field: Field) -> str:
    value = field.value.name if isinstance(field.value, Choice) else field.value
    if value is None or value == "":
        return "empty"
    if isinstance(value, list | tuple):
        return ", ".join(map(code, value)) or "none"
    if isinstance(value, float):
        return code(f"{value:g}")
    return code(str(value).lower() if isinstance(value, bool) else value)


def _allowed(field: Field) -> str:
    if field.kind == "entry":
        title = TITLES[field.registry]
        return f"[{title}](#{title.lower().replace(' ', '-')})"
    if field.kind == "toggle":
        return "`true`, `false`"
    words = ", ".join(map(code, field.choices)) or _range(field)
    return f"{words} or empty" if field.optional and words else words


def _range(field: Field) -> str:
    low, high = (None if bound is None else _number(bound) for bound in (field.low, field.high))
    if low and high and not field.exclusive:
        return f"{low} to {high}"
    limits = [
        f"{'more than' if field.exclusive else 'at least'} {low}" if low else "",
        f"at most {high}" if high else "",
    ]
    return ", ".join(limit for limit in limits if limit)


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def _cell(value: object) -> str:
    return str(value).replace("|", r"\|").replace("\n", " ").strip()


def main() -> None:
    """Print the tables."""
    sys.stdout.write(document())


if __name__ == "__main__":
    main()
