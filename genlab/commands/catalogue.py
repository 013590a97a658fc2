"""``genlab models``, ``presets`` and ``settings``: what can be chosen, read from the specs. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from genlab.commands.console import JsonOption, WorkspaceOption, emit, open_lab, say, table

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from genlab.options import Options
    from genlab.registry import Spec

PARTS = ("networks", "losses", "penalties", "likelihoods")


@dataclass(frozen=True)
class Setting:
    """One setting, as ``--set`` takes it.

    Attributes:
        name: Its path, e.g. ``"training.batch_size"``.
        value: What it is in the configuration at hand.
        unit: What the value is counted in.
        choices: The values it may have, where they can be listed.
        why: What it does and when to change it.
    """

    name: str
    value: Any
    unit: str
    choices: tuple[str, ...]
    why: str


def models(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the models and the parts they are built from."""
    from genlab.registry import registry

    kinds = {"models": registry("objectives"), **{part: registry(part) for part in PARTS}}
    if as_json:
        emit({kind: [_entry(spec) for spec in entries] for kind, entries in kinds.items()})
        return
    for kind, entries in kinds.items():
        table((kind, ""), [(spec.name, spec.summary) for spec in entries])
        say()
    say("Choose one: genlab train --model gan --set loss=hinge")


def presets(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the presets."""
    from genlab.registry import registry

    entries = registry("presets")
    if as_json:
        keys = ("models", "points", "teaches")
        emit({"presets": [{**_entry(p), **{key: _names(getattr(p, key)) for key in keys}} for p in entries]})
        return
    table(("preset", "models", ""), [(p.name, ", ".join(p.models or p.points), p.summary) for p in entries])


def settings(
    data: Annotated[str, typer.Option(help="The data set.")] = "mnist-5k",
    model: Annotated[str, typer.Option(help="The model.")] = "vae",
    preset: Annotated[str, typer.Option(help="Settings to start from.")] = "quick",
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A choice that brings settings of its own.", show_default=False
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every setting that `genlab train --set` takes; the end of a name is enough where it is the only one."""
    from genlab.commands.train import parse_settings

    config = open_lab(workspace).configure(model, data, preset, parse_settings(change or []))
    found = list(walk(config))
    if as_json:
        emit({"settings": [{**vars(s), "choices": list(s.choices), "value": _json(s.value)} for s in found]})
        return
    rows = [(s.name, f"{_plain(s.value)} {s.unit}".strip(), s.why + _choices(s)) for s in found]
    table(("setting", "value", "what it does"), rows)


def walk(options: Options, prefix: str = "") -> Iterator[Setting]:
    """Every setting in ``options``, with those of the chosen registry entries."""
    from genlab.options import Choice, Options

    for name, field in type(options).model_fields.items():
        value, path = getattr(options, name), f"{prefix}{name}"
        if path in {"schema_version", "preset"}:
            continue
        if path == "data.options":
            yield from _data_settings(options)
            continue
        if path == "data.name":
            path = "data"
        if isinstance(value, Options):
            yield from walk(value, f"{path}.")
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        chosen = value.name if isinstance(value, Choice) else value
        yield Setting(path, chosen, str(extra.get("unit") or ""), _allowed(field), field.description or "")
        if isinstance(value, Choice):
            yield from walk(value.options, f"{path}.")


def _data_settings(data: Any) -> Iterator[Setting]:
    """The settings of the data set itself; those that were added have none."""
    from genlab.options import parse
    from genlab.registry import registry

    if data.name in registry("datasets"):
        own = registry("datasets").get(data.name).Options
        yield from walk(parse(own, data.options, where=data.name), "data.options.")


def _allowed(field: FieldInfo) -> tuple[str, ...]:
    from genlab.options import FromRegistry
    from genlab.registry import registry

    for mark in field.metadata:
        if isinstance(mark, FromRegistry):
            return tuple(registry(mark.kind).names())
    if field.annotation is bool:
        return ("true", "false")
    kinds = [field.annotation, *get_args(field.annotation)]
    return tuple(str(value) for kind in kinds if get_origin(kind) is Literal for value in get_args(kind))


def _entry(spec: Spec) -> dict[str, Any]:
    known = {"name": spec.name, "title": spec.title, "summary": spec.summary, "paper": spec.paper}
    family = getattr(spec, "family", None)
    return known if family is None else {**known, "family": family}


def _names(value: Any) -> Any:
    return value if isinstance(value, str) else list(value)


def _json(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None or value == "" else str(value)


def _choices(setting: Setting) -> str:
    return f" ({' | '.join(setting.choices)})" if setting.choices else ""
