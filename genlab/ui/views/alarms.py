"""The collapse watch of one run: lamps, each the verdict on its own number, and alarms with pictures and a way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from genlab.config import change
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.lab.runs import Runs
from genlab.numbers import percent
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.shell import current_mode, may_change, show_error
from genlab.ui.views._shared import enlarged, many_of, shown_samples, tails, version_of

WATCH = "watch/"
"""Prefix of the watched numbers in the curves."""

GOOD, DOUBTFUL, BAD, OPEN = "good", "doubtful", "bad", "open"
GLYPHS: Mapping[str, str] = {GOOD: "●", DOUBTFUL: "◐", BAD: "✖", OPEN: "○"}
STATES: Mapping[str, str] = {GOOD: "good", DOUBTFUL: "borderline", BAD: "bad", OPEN: "no verdict"}


@dataclass(frozen=True)
class Lamp:
    """One watched number.

    Attributes:
        name: Its name in the curves.
        words: What it is called and how it stands, e.g. ``"modes reached 10/10"``.
        help: What it means.
        state: The verdict on this number alone: `GOOD`, `DOUBTFUL`, `BAD` or, while it is too early, `OPEN`.
    """

    name: str
    words: str
    help: str
    state: str


NAMES: Mapping[str, str] = {
    "modes": "modes reached",
    "near_duplicates": "near-duplicates in pixels",
    "copies": "copies of training data",
    "coverage": "relative coverage",
    "active_units": "dimensions in use",
    "critic_gap": "critic gap",
    "critic_memory": "critic overfitting",
}
"""What the watched numbers are called: those that an evaluation measures otherwise have other names there."""

HELP: Mapping[str, str] = {
    "modes": "Classes (or regions, where the data have no classes) that 256 samples reach, of those that real data do",
    "near_duplicates": "Samples that have another one closer in pixels than only 1 % of real items have",
    "copies": "Samples nearer in pixels to a training item than 1 % of held-out data are, also when moved by a pixel",
    "coverage": "Share of the training data with a sample nearby in pixels, as a share of what fresh real data reach",
    "active_units": "Latent dimensions with a KL of more than 0.01 nats on training items",
    "critic_gap": "How reliably the critic scores real above generated: 0 not at all, 1 always",
    "critic_memory": "How reliably the critic scores training data above data held out: 0 alike, 1 memorised",
}


def render(lab: ReadOnlyLab, run: Run) -> None:
    """Lamps and alarms of ``run``; nothing where nothing was watched."""
    directory = lab.runs.read(run)
    rows = tails().of(directory).rows
    alarms = directory.alarms()
    shown = lamps_of(lab, run, rows)
    if shown:
        st.html(lamp_line(shown))
    for alarm in alarms:
        _box(lab, run, alarm, is_on(alarm, rows))


def lamps_of(lab: ReadOnlyLab, run: Run, rows: Sequence[Mapping[str, Any]]) -> list[Lamp]:
    """The lamps of a run whose curves are ``rows``."""
    directory = lab.runs.read(run)
    facts = directory.status().get("watch") or {}
    return lamps(rows, facts, directory.config().latent_dim, lab.runs.judged_from(run))


def lamps(rows: Sequence[Mapping[str, Any]], facts: Mapping[str, Any], latent_dim: int, least: int = 0) -> list[Lamp]:
    """The newest watched numbers, each with the verdict on it.

    Args:
        rows: The curves.
        facts: What real data give: ``modes``, ``near_duplicates``.
        latent_dim: Size of the latent space.
        least: Images seen before which it is too early to tell.
    """
    newest: Mapping[str, Any] = next((row for row in reversed(rows) if any(name.startswith(WATCH) for name in row)), {})
    early = float(newest.get("images", 0)) < least
    found = []
    for key, help_text in HELP.items():
        name = f"{WATCH}{key}"
        value = newest.get(name)
        if isinstance(value, (int, float)):
            state = OPEN if early else Runs.standing(name, float(value), facts) or OPEN
            found.append(Lamp(name, _words(key, float(value), facts, latent_dim), help_text, state))
    return found


def is_on(alarm: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``alarm`` was still the case when its numbers were last looked at."""
    names = alarm.get("numbers") or {}
    looked = next((row.get("images", 0) for row in reversed(rows) if any(name in row for name in names)), 0)
    return int(alarm.get("last", 0)) >= int(looked)


def lamp_line(shown: Sequence[Lamp]) -> str:
    """The lamps as HTML; state is told by shape as well as by colour."""
    early = all(lamp.state == OPEN for lamp in shown)
    title = "Collapse watch, too early to tell" if early else "Collapse watch"
    items = "".join(
        f'<span title="{escape(lamp.help)} ({STATES[lamp.state]})" style="white-space:nowrap">'
        f'<span style="color:var(--genlab-{lamp.state})" aria-label="{STATES[lamp.state]}" role="img">'
        f"{GLYPHS[lamp.state]}</span> {escape(lamp.words)}</span>"
        for lamp in shown
    )
    return (
        '<div class="genlab-facts genlab-lamps" style="display:flex;flex-wrap:wrap;gap:0.2rem 1.1rem">'
        f"<span>{escape(title)}:</span>{items}</div>"
    )


def settings_words(settings: Mapping[str, Any]) -> str:
    """Settings as the command line takes them, e.g. ``"loss=relativistic penalty=r1_r2"``."""
    return " ".join(
        f"{name}={_number(value) if isinstance(value, float) else value}" for name, value in settings.items()
    )


def _box(lab: ReadOnlyLab, run: Run, alarm: Mapping[str, Any], now: bool) -> None:
    """One alarm: open while it is the case, folded up when it is over."""
    since, last = int(alarm.get("images", 0)), int(alarm.get("last", 0))
    when = f"since {since:,} images" if now else f"from {since:,} to {last:,} images"
    title = f"{plain(str(alarm.get('title', 'Alarm')))} {when}"
    with st.expander(title, expanded=now, icon=":material/warning:" if now else ":material/history:"):
        samples, proofs = _pictures(run, alarm)
        beside, words = st.columns([1, 2], gap="medium") if samples else (None, st.container())
        for path in samples:
            _picture(beside, lab, run, alarm, path)
        with words:
            st.write(plain(str(alarm.get("seen", ""))))
            for path in proofs:
                _picture(st.container(), lab, run, alarm, path)
            st.write(f"**Likely cause.** {plain(str(alarm.get('cause', '')))}")
            settings = alarm.get("settings")
            if isinstance(settings, Mapping) and settings:
                _remedy(lab, run, alarm, settings)


def _pictures(run: Run, alarm: Mapping[str, Any]) -> tuple[list[Path], list[Path]]:
    """The samples and the proofs that an alarm names, where they are."""
    names = alarm.get("pictures")
    paths = [picture_path(run.path, str(name)) for name in names] if isinstance(names, list) else []
    found = [path for path in paths if path.is_file()]
    return [p for p in found if p.parent.name == "samples"], [p for p in found if p.parent.name != "samples"]


def _picture(place: Any, lab: ReadOnlyLab, run: Run, alarm: Mapping[str, Any], path: Path) -> None:
    is_grid = path.parent.name == "samples"
    here, version = str(path), version_of(path)
    content = shown_samples(lab, run, here, version, current_mode()) if is_grid else enlarged(here, version)
    if content is not None:
        words = caption_of(path, str(alarm.get("symptom", "")), many_of(lab, run))
        place.image(content, caption=words, width="stretch", output_format="PNG", alt=f"{words}, of {called(run)}")


def picture_path(folder: Path, name: str) -> Path:
    """The picture ``name`` of an alarm: one of the run's own, whatever the file says."""
    place, stem = PurePosixPath(name).parent.name, PurePosixPath(name).name
    return folder / ("alarms" if place == "alarms" else "samples") / stem


def caption_of(path: Path, symptom: str, many: str) -> str:
    """What a picture shows, drawn after so ``many`` items had been seen."""
    digits = path.stem.partition("-")[0]
    moment = f"after {int(digits):,} {many}" if digits.isdigit() else ""
    if path.parent.name == "samples":
        return f"Samples {moment}"
    proofs = {
        "mode_collapse": "The most similar samples, one below the other,",
        "posterior_collapse": "Data, and below them their reconstructions",
        "memorisation": "Samples, and below them the training items nearest to them,",
    }
    return f"{proofs.get(symptom, 'Evidence')} {moment}"


def _remedy(lab: ReadOnlyLab, run: Run, alarm: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    words = settings_words(settings)
    if not may_change(lab):
        st.write(f"**To try.** {plain(words)}")
        return
    key = f"alarms/{run.id}/{alarm.get('symptom')}"
    if st.button(f"Start the same run with {plain(words)}", icon=":material/healing:", type="primary", key=key):
        try:
            config = change(lab.runs.read(run).config(), settings)
            name = f"{config.name} with {words}"[:80] if config.name else ""
            started = lab.runs.submit(config.model_copy(update={"name": name}))
        except GenlabError as error:
            show_error(error)
            return
        st.switch_page("train.py", query_params={"run": started.id})


def _words(key: str, value: float, facts: Mapping[str, Any], latent_dim: int) -> str:
    called = NAMES[key]
    if key == "modes":
        return f"{called} {value:.0f}/{facts['modes']}" if facts.get("modes") else f"{called} {value:.0f}"
    if key == "active_units":
        return f"{called} {value:.0f}/{latent_dim}"
    if key in {"near_duplicates", "copies", "coverage"}:
        return f"{called} {percent(value)}"
    return f"{called} {round(value, 1) + 0.0:.1f}"


def _number(value: float) -> str:
    return f"{value:g}"
