"""``genlab models``, ``presets`` and ``settings``: what can be chosen, read from the specs. No torch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab import kinds
from genlab.commands.console import JsonOption, WorkspaceOption, emit, note, open_lab, say, table

if TYPE_CHECKING:
    from genlab.options import Options
    from genlab.presentation.fields import Field
    from genlab.presets.base import PresetSpec
    from genlab.registry import Spec

PARTS = ("families", "networks", "losses", "penalties", "likelihoods", "corruptions")


def models(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the models and the parts they are built from."""
    from genlab.registry import refused_entries, registry

    kinds = {"models": registry("objectives"), **{part: registry(part) for part in PARTS}}
    for why in refused_entries():
        note(f"warning: {why.message} {why.hint}")
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
        emit({"presets": [{**_entry(spec), **_models(spec), "teaches": spec.teaches} for spec in entries]})
        return
    rows = [(spec.name, ", ".join(next(filter(None, _models(spec).values()), [])), spec.summary) for spec in entries]
    table(("preset", "models", ""), rows)


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

    config = open_lab(workspace).configs.make(model, data, preset, parse_settings(change or []))
    found = list(walk(config))
    if as_json:
        emit({"settings": [_document(field) for field in found]})
        return
    rows = [(field.path, _plain(field), _explain(field)) for field in found]
    table(("setting", "value", "what it does"), rows)


def walk(options: Options, prefix: str = "") -> Iterator[Field]:
    """Every setting in ``options``, with those of the chosen registry entries, whose names stand as values."""
    from genlab.presentation.fields import describe
    from genlab.registry import registry

    for field in describe(options, prefix):
        if field.path in {"schema_version", "preset"}:
            continue
        if field.path == "data.options":
            yield from _data_settings(options)
        elif field.path == "data.name":
            yield replace(field, path="data")
        elif field.kind == "group":
            yield from walk(field.value, f"{field.path}.")
        elif field.kind == "entry":
            yield replace(field, value=field.value.name, choices=tuple(registry(field.registry).names()))
            yield from walk(field.value.options, f"{field.path}.")
        else:
            yield field


def _data_settings(data: Any) -> Iterator[Field]:
    """The settings of the data set itself; those that were added have none."""
    from genlab.options import parse
    from genlab.registry import registry

    if data.name in registry("datasets"):
        own = registry("datasets").get(data.name).Options
        yield from walk(parse(own, data.options, where=data.name), "data.options.")


def _entry(spec: Spec) -> dict[str, Any]:
    known = {"name": spec.name, "title": spec.title, "summary": spec.summary, "paper": spec.paper}
    own = {name: getattr(spec, name) for name in ("family", "parts") if hasattr(spec, name)}
    return {**known, **own}


def _models(preset: PresetSpec) -> dict[str, list[str]]:
    """The models that a preset is for: of the usual kind of data as ``models``, of others under the kind's name."""
    found = {kind.name: list(preset.models(kind.name)) for kind in kinds.REGISTRY}
    return {"models": found.pop(kinds.USUAL), **found}


def _document(field: Field) -> dict[str, Any]:
    return {
        "name": field.path,
        "value": field.value,
        "unit": field.unit,
        "range": field.range,
        "choices": list(field.choices),
        "why": field.why,
    }


def _explain(field: Field) -> str:
    allowed = " | ".join(map(str, field.choices)) or field.range.lower()
    return f"{field.why} ({allowed})" if allowed else field.why


def _plain(field: Field) -> str:
    value = field.value
    if value in (None, "", []):
        return "none"
    if isinstance(value, bool | list):
        return json.dumps(value)
    return f"{value} {field.unit}".rstrip()
