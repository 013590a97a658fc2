"""Forms generated from specs: a new setting of any entry appears here, with widget, range and reason, by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from genlab.config import RunConfig
from genlab.options import Options
from genlab.presentation.fields import Field, describe, entries, entry_options, number_step
from genlab.registry import registry

GROUPS = {
    "network": "Network",
    "latent_dim": "Network",
    "conditional": "Network",
    "model": "Objective",
    "optimiser": "Optimiser and length",
    "training": "Optimiser and length",
    "watch": "Watching",
    "data": "Data preparation",
}
"""Part of a configuration -> the fold it stands in. A part that is not named here stands in `OTHER`."""

OTHER = "More"
ICONS = {
    "Network": ":material/hub:",
    "Objective": ":material/target:",
    "Optimiser and length": ":material/speed:",
    "Watching": ":material/visibility:",
    "Data preparation": ":material/crop:",
}
ELSEWHERE = frozenset(
    {"schema_version", "preset", "name", "data.name", "data.options", "training.seed", "training.images"}
)
"""Settings that are not in the folds: the page asks for them itself, or nobody chooses them."""

Changes = dict[str, Any]
MAX_SEGMENTS = 4


def settings_form(base: RunConfig, data_kind: str, scope: str) -> Changes:
    """Draw all settings of ``base`` in folds.

    Args:
        base: The configuration to begin with, e.g. a preset's.
        data_kind: Kind of the data; entries that do not fit are not offered.
        scope: Begins every widget's key; another scope starts again from ``base``.

    Returns:
        What differs from ``base``: path -> value, as `genlab.config.change` takes it.
    """
    changes: Changes = {}
    for title, fields in folds(base).items():
        with st.expander(title, icon=ICONS.get(title), key=f"{scope}/fold/{title}"):
            draw(fields, data_kind, scope, changes)
            if title == GROUPS["data"]:
                _dataset_options(base, data_kind, scope, changes)
    return changes


def folds(base: RunConfig) -> dict[str, list[Field]]:
    """Title of a fold -> its fields, in the order of `GROUPS`; groups and the model are opened up."""
    found: dict[str, list[Field]] = {title: [] for title in (*dict.fromkeys(GROUPS.values()), OTHER)}
    for field in describe(base):
        if field.path in ELSEWHERE or (field.path == "latent_dim" and given_by_the_data(base)):
            continue
        title = GROUPS.get(field.path, OTHER)
        if field.path == "model":
            found[title] += describe(base.model.options, "model.")
        elif field.kind == "group":
            found[title] += [part for part in describe(field.value, f"{field.path}.") if part.path not in ELSEWHERE]
        else:
            found[title].append(field)
    return {title: fields for title, fields in found.items() if fields}


def given_by_the_data(config: RunConfig) -> bool:
    """Whether the size of the latent space follows from the data, so that there is nothing to choose."""
    return registry("objectives").get(config.model.name).latent is not None


def draw(fields: Iterable[Field], data_kind: str, scope: str, changes: Changes) -> None:
    """Draw ``fields``, the advanced ones behind a switch, and note in ``changes`` what differs from their values."""
    fields = list(fields)
    _draw_all([field for field in fields if not field.advanced], data_kind, scope, changes)
    advanced = [field for field in fields if field.advanced]
    if advanced:
        with st.expander(f"{len(advanced)} more", type="compact", key=f"{scope}/{advanced[0].path}/more"):
            _draw_all(advanced, data_kind, scope, changes)


def _draw_all(fields: Sequence[Field], data_kind: str, scope: str, changes: Changes) -> None:
    """Draw fields in their order; numbers that follow each other stand in pairs."""
    waiting: list[Field] = []
    for field in [*fields, None]:
        if field is not None and field.kind in {"integer", "number"}:
            waiting.append(field)
            if len(waiting) < 2:
                continue
        places = st.columns(2, gap="small", vertical_alignment="bottom") if waiting else []
        for number, place in zip(waiting, places, strict=False):
            with place:
                draw_field(number, data_kind, scope, changes)
        if field is not None and field not in waiting:
            draw_field(field, data_kind, scope, changes)
        waiting = []


def draw_field(field: Field, data_kind: str, scope: str, changes: Changes) -> None:
    """Draw one field and note its value in ``changes`` if it differs."""
    if field.kind == "group":
        st.caption(field.label)
        draw(describe(field.value, f"{field.path}."), data_kind, scope, changes)
    elif field.kind == "entry":
        _draw_entry(field, data_kind, scope, changes)
    else:
        value = WIDGETS[field.kind](field, f"{scope}/{field.path}")
        if value != field.value:
            changes[field.path] = value


def _draw_entry(field: Field, data_kind: str, scope: str, changes: Changes) -> None:
    """A picker of entries, then the chosen entry's own settings."""
    specs = {spec.name: spec for spec in entries(field.registry, data_kind)}
    names = list(specs)
    name = st.selectbox(
        field.label,
        names,
        index=names.index(field.value.name) if field.value.name in specs else 0,
        format_func=lambda name: specs[name].title,
        help=field.help,
        key=f"{scope}/{field.path}",
    )
    spec = specs[name]
    st.caption(spec.summary, help=spec.paper or None)
    if name != field.value.name:
        changes[field.path] = name
    own = describe(entry_options(field, name), f"{field.path}.")
    if own:
        with st.container(border=True, gap="small"):
            draw(own, data_kind, f"{scope}/{name}", changes)


def _dataset_options(base: RunConfig, data_kind: str, scope: str, changes: Changes) -> None:
    """Settings of the data set itself, where it is a built-in one that has some."""
    datasets = registry("datasets")
    if base.data.name not in datasets:
        return
    options: Options = datasets.get(base.data.name).Options.model_validate(base.data.options)
    draw(describe(options, "data.options."), data_kind, f"{scope}/{base.data.name}", changes)


def _toggle(field: Field, key: str) -> bool:
    return st.toggle(field.label, value=field.value, help=field.help, key=key)


def _number(field: Field, key: str) -> float | int | None:
    """A number; an optional one may be empty, which reads "automatic"."""
    number: Callable[[float], float | int] = int if field.kind == "integer" else float
    smallest = None if field.low is None else number(field.low)
    if smallest is not None and field.exclusive and field.kind == "integer":
        smallest += 1
    if field.optional and field.value is not None and key not in st.session_state:
        st.session_state[key] = field.value
    return st.number_input(
        field.label,
        min_value=smallest,
        max_value=None if field.high is None else number(field.high),
        value=None if field.optional else field.value,
        step=number(number_step(field)),
        format="%d" if field.kind == "integer" else "%g",
        placeholder="automatic" if field.optional else None,
        help=field.help,
        key=key,
    )


def _text(field: Field, key: str) -> str | None:
    value = st.text_input(
        field.label,
        value=field.value or "",
        help=field.help,
        key=key,
        placeholder="automatic" if field.optional else None,
    )
    return None if field.optional and not value else value


def _words(field: Field, key: str) -> tuple[str, ...]:
    """Several texts in one line, separated by commas."""
    text = st.text_input(field.label, value=", ".join(field.value), help=field.help, key=key, placeholder="all")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(field: Field, key: str) -> Any:
    choices = [None, *field.choices] if field.optional else list(field.choices)
    common: dict[str, Any] = {"help": field.help, "key": key, "format_func": _written}
    if len(choices) <= MAX_SEGMENTS:
        return st.segmented_control(field.label, choices, default=field.value, required=True, wrap=True, **common)
    return st.selectbox(field.label, choices, index=choices.index(field.value), **common)


def _many_of(field: Field, key: str) -> list[Any]:
    return st.multiselect(field.label, field.choices, default=field.value, help=field.help, key=key, placeholder="none")


def _json(field: Field, key: str) -> Any:
    """A value of a type that has no widget of its own, written as JSON."""
    text = st.text_input(f"{field.label}, as JSON", value=json.dumps(field.value), help=field.help, key=key)
    try:
        return json.loads(text)
    except ValueError:
        st.error(f"{field.label} is not valid JSON; the value is left as it was.", icon=":material/error:")
        return field.value


def _written(value: Any) -> str:
    return "automatic" if value is None else str(value).replace("_", " ")


WIDGETS: dict[str, Callable[[Field, str], Any]] = {
    "toggle": _toggle,
    "integer": _number,
    "number": _number,
    "text": _text,
    "words": _words,
    "one_of": _one_of,
    "many_of": _many_of,
    "json": _json,
}
