"""The Playground: one component over the whole width, whose settings stand in the address for a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

import streamlit as st

from genlab.errors import GenlabError
from genlab.families import known
from genlab.lab.read_only import is_read_only
from genlab.playground.in_browser import engine
from genlab.playground.scenario import Scenario, from_link, offered, read, to_link
from genlab.playground.scenes import SCENES
from genlab.plots.theme import family_one
from genlab.ui.components.playground import playground
from genlab.ui.shell import page_title, show_error

LINK = "play"
KEY = "playground"


def render() -> None:
    """The page."""
    page_title("Playground")
    scenario = _asked()
    result = playground(
        KEY,
        {
            "scenario": scenario.model_dump(),
            "link": st.query_params.get(LINK, ""),
            "defaults": Scenario().model_dump(),
            "fields": fields(),
            "families": families(),
            "scenes": [scene.as_json() for scene in SCENES],
            "files": not is_read_only(),
        },
        on_settings_change=lambda: None,
    )
    _keep(result.settings)


def _asked() -> Scenario:
    """The scenario that the address asks for; the default one, and a sentence, where it cannot be read."""
    try:
        return from_link(st.query_params.get(LINK, ""))
    except GenlabError as error:
        show_error(error)
        return Scenario()


def _keep(settings: object) -> None:
    """Put what the page is set to into the address."""
    if not isinstance(settings, Mapping):
        return
    try:
        link = to_link(read(settings))
    except GenlabError:
        return
    if link and st.query_params.get(LINK) != link:
        st.query_params[LINK] = link
    elif not link and LINK in st.query_params:
        del st.query_params[LINK]


def families() -> list[dict[str, Any]]:
    """What the page needs to know of each model: its name and signs, which parts and which knobs it has."""
    found = []
    for name in offered():
        spec = known(name)
        assert spec is not None and spec.play is not None
        found.append(
            {
                "name": name,
                "title": spec.title,
                "one": family_one(name),
                "glyph": spec.glyph,
                "symbol": spec.symbol,
                "light": spec.colour,
                "dark": spec.colour_dark,
                "parts": list(spec.parts),
                "knobs": list(spec.play.knobs),
                "samples": spec.play.samples,
                "engine": engine(name),
            }
        )
    return found


def fields() -> dict[str, dict[str, Any]]:
    """What the page's knobs need to know of each setting: range, choices, why one would turn it."""
    found: dict[str, dict[str, Any]] = {}
    for name, field in Scenario.model_fields.items():
        limits = {key: getattr(part, key) for part in field.metadata for key in ("ge", "le") if hasattr(part, key)}
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        choices = [] if get_origin(field.annotation) is list else list(get_args(field.annotation))
        found[name] = {
            "why": field.description,
            **limits,
            "step": extra.get("step"),
            "integer": field.annotation is int,
            "choices": choices or None,
        }
    return found
