"""From a spec's settings to form fields: type, range, unit and reason are read off the pydantic model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from genlab import kinds
from genlab.options import Options
from genlab.registry import Choice, FromRegistry, Spec, registry

Kind = Literal["toggle", "integer", "number", "text", "words", "one_of", "many_of", "entry", "group", "json"]

WORDS = {"lr": "learning rate", "kl": "KL", "ema": "EMA", "dim": "size", "beta1": "beta 1", "beta2": "beta 2"}
"""Abbreviations in the names of settings, spelled out in labels."""


@dataclass(frozen=True)
class Field:
    """One setting as a form shows it.

    Attributes:
        path: Its place in the configuration, e.g. ``"model.penalty.weight"``.
        kind: Which widget it needs.
        value: Its value to begin with.
        why: One line: what it does and when to change it.
        unit: What it is counted in.
        low: Smallest value, or None.
        high: Largest value, or None.
        exclusive: Whether ``low`` itself is not allowed.
        step: Step of the widget, or None for a fitting one.
        log: Whether it is best moved on a logarithmic scale.
        optional: Whether it may be empty, meaning "automatic".
        choices: Allowed values of a ``one_of`` or ``many_of``.
        registry: Registry that an ``entry`` is picked from.
        advanced: Whether it is folded away at first.
    """

    path: str
    kind: Kind
    value: Any
    why: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    exclusive: bool = False
    step: float | None = None
    log: bool = False
    optional: bool = False
    choices: tuple[Any, ...] = ()
    registry: str = ""
    advanced: bool = False

    @property
    def label(self) -> str:
        """Its name in words, with its unit where its last word is another."""
        words = [WORDS.get(word, word) for word in self.path.rpartition(".")[2].split("_")]
        text = " ".join(words)
        is_said = not self.unit or words[-1] == self.unit
        return f"{text[0].upper()}{text[1:]}" + ("" if is_said else f" ({self.unit})")

    @property
    def help(self) -> str:
        """Reason, range and path, for a tooltip."""
        reason = f"{self.why[0].upper()}{self.why[1:]}." if self.why else ""
        parts = [reason, f"{self.range}." if self.range else "", f"`{self.path}`"]
        return " ".join(part for part in parts if part)

    @property
    def range(self) -> str:
        """Allowed values in words; empty when there is no limit."""
        low = "" if self.low is None else f"{'more than' if self.exclusive else 'at least'} {plain(self.low)}"
        high = "" if self.high is None else f"at most {plain(self.high)}"
        return ", ".join(part for part in (low, high) if part).capitalize()


def plain(value: float) -> str:
    """A limit as a person writes it: ``5,000,000`` or ``0.0001``, never with an exponent."""
    return f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) >= 1e-6 or not value else f"{value:g}"


def describe(options: Options, prefix: str = "") -> list[Field]:
    """The fields of ``options``, with its values as the ones to begin with.

    Args:
        options: Settings; nested settings become a field of kind ``"group"``.
        prefix: Path of ``options`` itself, ending in a dot; empty for a whole configuration.
    """
    return [
        _field(f"{prefix}{name}", info, getattr(options, name)) for name, info in type(options).model_fields.items()
    ]


def changed(options: Options, changes: Mapping[str, Any]) -> dict[str, Any]:
    """``options`` as JSON with ``changes``, path -> value, as forms note them; another entry takes its own defaults."""
    document: dict[str, Any] = options.model_dump(mode="json")
    for path, value in sorted(changes.items(), key=lambda item: item[0].count(".")):
        *parents, last = path.split(".")
        node = document
        for parent in parents:
            node = node[parent]
        is_entry = isinstance(node.get(last), dict) and "name" in node[last]
        node[last] = {"name": value} if is_entry else value
    return document


def entries(kind: str, data_kind: str) -> list[Spec]:
    """Entries of registry ``kind`` that can be used for data of ``data_kind``."""
    return [spec for spec in registry(kind) if kinds.fits(spec, data_kind)]


def entry_options(field: Field, name: str) -> Options:
    """Settings of the entry ``name``: those the form began with where it began with that entry, else its defaults."""
    if isinstance(field.value, Choice) and field.value.name == name:
        return field.value.options
    spec: Spec = registry(field.registry).get(name)
    return spec.Options()


def number_step(field: Field) -> float:
    """A step that fits the value: the one given, or a tenth of its order of magnitude."""
    if field.step:
        return field.step
    if field.kind == "integer":
        return 1
    value = abs(float(field.value or field.low or 0.1)) or 0.1
    return float(10.0 ** (math.floor(math.log10(value)) - (0 if field.log else 1)))


def _field(path: str, info: FieldInfo, value: Any) -> Field:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    inner, optional = _without_none(info.annotation)
    low, high, exclusive = _bounds(info)
    marks = [mark for mark in info.metadata if isinstance(mark, FromRegistry)]
    kind, choices = ("entry", ()) if marks else _kind(inner)
    step, most = extra.get("step"), extra.get("most")
    return Field(
        path=path,
        kind=kind,
        value=value,
        why=info.description or "",
        unit=str(extra.get("unit") or ""),
        low=low,
        high=float(most) if isinstance(most, (int, float)) else high,
        exclusive=exclusive,
        step=float(step) if isinstance(step, (int, float)) else None,
        log=bool(extra.get("log")),
        optional=optional,
        choices=choices,
        registry=marks[0].kind if marks else "",
        advanced=bool(extra.get("advanced")),
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in {Union, UnionType}:
        inner = [part for part in get_args(annotation) if part is not NoneType]
        if len(inner) == 1:
            return inner[0], len(inner) < len(get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> tuple[Kind, tuple[Any, ...]]:
    """Which widget a type needs, and its values where they are listed; a type without one is written as JSON."""
    if get_origin(annotation) is Literal:
        return "one_of", get_args(annotation)
    if get_origin(annotation) is list and get_origin(get_args(annotation)[0]) is Literal:
        return "many_of", get_args(get_args(annotation)[0])
    simple: dict[Any, Kind] = {
        bool: "toggle",
        int: "integer",
        float: "number",
        str: "text",
        tuple[str, ...]: "words",
    }
    if annotation in simple:
        return simple[annotation], ()
    return ("group", ()) if isinstance(annotation, type) and issubclass(annotation, Options) else ("json", ())


def _bounds(info: FieldInfo) -> tuple[float | None, float | None, bool]:
    low = high = None
    exclusive = False
    for mark in info.metadata:
        if getattr(mark, "ge", None) is not None:
            low = mark.ge
        if getattr(mark, "gt", None) is not None:
            low, exclusive = mark.gt, True
        if getattr(mark, "le", None) is not None:
            high = mark.le
    return low, high, exclusive
