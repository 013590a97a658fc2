"""What came since a result: settings that are not those of today's preset, measures that changed. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from genlab.config import DataConfig, RunConfig, change, leaves
from genlab.errors import InputError
from genlab.matches.entries import at_rate
from genlab.matches.fair import WIDTHS, Configuring, drafted
from genlab.options import parse
from genlab.presets.base import chosen_words
from genlab.registry import registry
from genlab.verdicts.findings import measured_before

if TYPE_CHECKING:
    from genlab.matches.folder import Match

ASIDE = ("schema_version", "preset", "name", "data", "watch", *(f"training.{x}" for x in ("seed", "threads", "device")))
"""What no preset is about, or what changes no result: settings and groups of them."""

LENGTH = "training.images"
NONE = "none"
MOST = 4
"""Settings that a sentence names."""

Changed = dict[str, tuple[Any, Any]]
"""Setting -> what the result was made with, and what today's preset says; `NONE` where one of them lacks it."""


class Drafting(Protocol):
    """What is asked of a lab."""

    @property
    def configs(self) -> Configuring:
        """Configurations of presets."""


def changed(config: RunConfig, lab: Drafting) -> Changed:
    """What ``config`` says otherwise than today's preset of its name; nothing where it was made from none.

    Raises:
        InputError: When there is no such preset today, or its data are gone.
    """
    return compared(config, lab.configs.draft(config.model.name, config.data, config.preset)) if config.preset else {}


def changed_in_match(match: Match, lab: Drafting) -> dict[str, Changed]:
    """Contender -> what its runs have otherwise than the same match planned today; widths, evened out, left aside.

    Raises:
        InputError: When preset, families or data are not there today, or a configuration names something that is not.
    """
    request = match.request
    today = drafted(request.model_copy(update={"settings": {}}), lab.configs) if match.entries else {}
    asked = any(setting.endswith("width") for setting in request.settings)
    found: dict[str, Changed] = {}
    for entry in match.entries:
        name = entry.contender
        if entry.role == "trial" or name in found or name not in today or not entry.config:
            continue
        chosen = {path: value for path, value in entry.changed.items() if path != "optimiser.lr"}
        differing = compared(entry.configuration(), change(at_rate(today[name], entry.lr_factor), chosen))
        aside = {*(() if asked else WIDTHS), *((LENGTH,) if request.fairness == "compute" else ())}
        found[name] = {k: v for k, v in differing.items() if k not in aside}
    return {family: differing for family, differing in found.items() if differing}


def compared(kept: RunConfig, today: RunConfig) -> Changed:
    """The settings in which two configurations differ; of entries that differ not their options."""
    then, now = (leaves(config.model_dump(mode="json")) for config in (kept, today))
    paths = [path for path in sorted(then.keys() | now.keys()) if then.get(path, NONE) != now.get(path, NONE)]
    paths = [path for path in paths if not any(_within(path, group) for group in ASIDE)]
    return {
        path: (then.get(path, NONE), now.get(path, NONE))
        for path in paths
        if not any(path != other and _within(path, other) for other in paths)
    }


def sentence(config: RunConfig, lab: Drafting) -> str:
    """One sentence where a result was made by other settings than today's preset of that name; or empty."""
    try:
        found = changed(config, lab)
    except InputError as error:
        return f"Its settings cannot be compared with those of a preset today: {error.message}"
    told = _told(config.preset, listed(found)) if found else ""
    return " ".join(filter(None, (told, data_sentence(config.data))))


def match_sentence(match: Match, lab: Drafting) -> str:
    """The same of a match, its families together."""
    try:
        found = changed_in_match(match, lab)
    except InputError as error:
        return f"Its settings cannot be compared with those of a preset today: {error.message}"
    merged = {path: pair for differing in found.values() for path, pair in differing.items()}
    return _told(match.request.preset, listed(merged)) if merged else ""


def about_settings(match: Match, lab: Drafting) -> list[str]:
    """What is to be known of the settings behind a match: which are not today's, and what chose them; or nothing."""
    presets = dict.fromkeys([match.request.preset, *(name.partition(":")[2] for name in match.request.beside)])
    data = match.request.data
    chosen = (chosen_words(preset, data.name) for preset in presets)
    return [told for told in (match_sentence(match, lab), data_sentence(data), *chosen) if told]


def data_sentence(data: DataConfig) -> str:
    """One sentence where data were made before an option of theirs was there that is another by default; or empty."""
    known = registry("datasets")
    if not data.options or data.name not in known:
        return ""
    try:
        options = parse(known.get(data.name).Options, data.options, where=data.name)
    except InputError:
        return ""
    usual = type(options)()
    then = {name: getattr(options, name) for name in type(options).model_fields if name not in data.options}
    late = {name: (value, today) for name, value in then.items() if value != (today := getattr(usual, name))}
    return f"Made on data with other options than today's: {listed(late)}." if late else ""


def came_since(match: Match, lab: Drafting) -> list[str]:
    """What is to be known beside the verdicts of a match: measures that are others today, and `about_settings`."""
    return [told for told in (measured_before(match.claims), *about_settings(match, lab)) if told]


def documents(found: Changed) -> dict[str, dict[str, Any]]:
    """``found`` for JSON: setting -> ``made_with`` and ``preset_today``."""
    return {path: {"made_with": then, "preset_today": now} for path, (then, now) in found.items()}


def listed(found: Mapping[str, tuple[Any, Any]]) -> str:
    """The first `MOST` of them in words, and how many more there are."""
    words = [f"{path} {_written(then)} (today {_written(now)})" for path, (then, now) in found.items()]
    return ", ".join(words[:MOST]) + (f" and {len(words) - MOST} more" if len(words) > MOST else "")


def _told(preset: str, words: str) -> str:
    return f"Made by other settings than today's preset {preset}: {words}."


def _within(path: str, group: str) -> bool:
    return path == group or path.startswith(f"{group}.")


def _written(value: Any) -> str:
    return NONE if value is None else f"{value:,}" if isinstance(value, int) and value is not True else str(value)
