"""What all pages share: the lab they look into, page settings, the status line, and errors as sentences."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeGuard

import streamlit as st

from genlab.errors import GenlabError, InputError
from genlab.lab import Lab, ReadOnlyLab
from genlab.lab.read_only import HINT, SENTENCE, is_read_only
from genlab.plots.theme import Mode
from genlab.presentation.words import how_many, plain, sentence
from genlab.store.drawing import drawing
from genlab.store.run import Run
from genlab.store.shipped import assets_folder
from genlab.ui import presenting

STATUS_SECONDS = 2.0
PRINTED = Path(__file__).with_name("printing.css")


def get_lab() -> ReadOnlyLab:
    """The lab of this server; one for all sessions."""
    return _lab(os.environ.get("GENLAB_WORKSPACE", ""), is_read_only())


@st.cache_resource(max_entries=8)
def _lab(workspace: str, read_only: bool) -> ReadOnlyLab:
    return ReadOnlyLab(workspace or None) if read_only else Lab(workspace or None)


def may_change(lab: ReadOnlyLab) -> TypeGuard[Lab]:
    """Whether this lab may train, add and delete, and has the verbs for it."""
    return isinstance(lab, Lab)


def changing(lab: ReadOnlyLab) -> Lab:
    """The lab with the verbs that change something, for whoever has pressed a button.

    Raises:
        InputError: When it is for looking only.
    """
    if not may_change(lab):
        raise InputError(SENTENCE, HINT, kind="read_only")
    return lab


def is_private() -> bool:
    """Whether only this computer can open the page, so that it may be asked for folders of this computer."""
    host = os.environ.get("GENLAB_HOST") or st.get_option("server.address") or "127.0.0.1"
    return host in {"127.0.0.1", "localhost", "::1", "[::1]"}


def current_mode() -> Mode:
    """Whether the reader has the light or the dark theme."""
    return "dark" if st.context.theme.type == "dark" else "light"


def assets() -> Path:
    """The folder of logo and favicon."""
    return assets_folder()


def configure() -> None:
    """Favicon, width and logo of every page."""
    st.set_page_config(page_title="genlab", page_icon=str(assets() / "favicon.png"), layout="wide")
    logo = "logo-dark.svg" if current_mode() == "dark" else "logo.svg"
    st.logo(str(assets() / logo), size="medium")


@contextmanager
def frame(sections: Mapping[str, Sequence[str]], title: str) -> Iterator[None]:
    """What stands around every page; a refusal becomes a callout with its cause and next step.

    Args:
        sections: Sections of the navigation with the titles of their pages; those under ``""`` stand in the bar itself.
        title: The page that is open.
    """
    with drawing(note=not is_read_only()):
        with st.container(key="genlab-status"):
            st.html(STYLE + print_style(current_mode()) + mode_style(current_mode()) + here_style(sections, title))
            polled(_status, STATUS_SECONDS)(get_lab())
        with st.container(key="genlab-present"):
            presenting.render(title)
        head = Head(title)
        token = _HEAD.set(head)
        try:
            yield
        except GenlabError as error:
            head.complete()
            show_error(error)
        finally:
            _HEAD.reset(token)


@dataclass
class Head:
    """The title of a page, which each has once, also where it only refuses.

    Attributes:
        page: The page, as the navigation names it.
        drawn: Whether it has its title.
    """

    page: str
    drawn: bool = False

    def complete(self) -> None:
        """Draw a title where there is none."""
        if not self.drawn:
            page_title(self.page)
            self.drawn = True


_HEAD: ContextVar[Head | None] = ContextVar("genlab_head", default=None)
"""The title of the page that is being drawn; None while only a part of it is drawn again."""


def page_title(text: str, **options: Any) -> None:
    """The title of the page, as Markdown; options as of ``st.markdown``."""
    st.markdown(f"# {text}", **options)
    head = _HEAD.get()
    if head is not None:
        head.drawn = True


def polled(body: Callable[..., None], every: float | None) -> Callable[..., None]:
    """A part of a page that is drawn by itself every so often; a refusal in it becomes a callout, as in `frame`.

    Args:
        body: Draws it.
        every: Seconds between two times; None for once.
    """
    whole = _HEAD.get() or Head("", drawn=True)
    titled = False

    @wraps(body)
    def guarded(*arguments: Any) -> None:
        nonlocal titled
        head = _HEAD.get() or Head(whole.page, drawn=not titled)
        before, token = head.drawn, _HEAD.set(head)
        try:
            with drawing(note=not is_read_only()):
                body(*arguments)
        except GenlabError as error:
            head.complete()
            show_error(error)
        finally:
            titled = titled or (head.drawn and not before)
            _HEAD.reset(token)

    return st.fragment(guarded, run_every=every)


def show_error(error: GenlabError) -> None:
    """The error as a callout: what is wrong, and what to do."""
    st.error(sentence(error.hint or "Go back and try again."), title=sentence(error.message), icon=":material/error:")


def _status(lab: ReadOnlyLab) -> None:
    """One line in the top bar: what runs and what waits."""
    words = " · ".join(filter(None, (status_words(lab.runs.all()), adding_words(lab))))
    looking = "" if may_change(lab) else ":gray-badge[:material/visibility: read-only]"
    st.markdown(" ".join(part for part in (f":primary[●] {words}" if words else "", looking) if part))


def status_words(runs: list[Run]) -> str:
    """``"1 running · 2 queued"``; empty when nothing is active."""
    states = [run.state for run in runs if run.active]
    parts = [(states.count("running"), "running"), (states.count("queued"), "queued")]
    return " · ".join(f"{number} {state}" for number, state in parts if number)


def adding_words(lab: ReadOnlyLab) -> str:
    """``"adding pets"``; empty when nothing is being added, and where nobody may."""
    names = [one.request.name for one in lab.imports.all() if one.job.active] if may_change(lab) else []
    return f"adding {plain(names[0]) if len(names) == 1 else how_many(len(names), 'data set')}" if names else ""


def runs_of_data(lab: ReadOnlyLab, name: str) -> str:
    """How many runs learned from a data set, in words."""
    return how_many(sum(run.data == name and not run.shipped for run in lab.runs.all()), "run")


def mode_style(mode: Mode) -> str:
    """The style that differs between the light and the dark theme: what has the focus, text on the accent, lamps."""
    return MODE_STYLES[mode] + FOCUS_STYLE


def print_style(mode: Mode) -> str:
    """The style of paper; drawings that were made for a dark ground are turned round."""
    turned = "img:is([src^='data:image/svg'], [src$='.svg']) { filter: invert(1) hue-rotate(180deg); }"
    return f"<style>{PRINTED.read_text('utf-8')}{f'@media print {{ {turned} }}' if mode == 'dark' else ''}</style>"


def here_style(sections: Mapping[str, Sequence[str]], title: str) -> str:
    """The style that marks, in the bar, the section of the open page and names the page: its menu is closed."""
    single = len(sections.get("", ()))
    names = [name for name in sections if name]
    for place, name in enumerate(names, start=single + 1):
        if title in sections[name]:
            button = f"[data-testid=stTopNav] > :nth-child({place}) [data-testid=stTopNavSection]"
            ground = "background: color-mix(in srgb, currentColor 10%, transparent); font-weight: 650;"
            return f'<style>{button} {{ {ground} }} {button} p::after {{ content: " · {title}"; }}</style>'
    return ""


MODE_STYLES: dict[Mode, str] = {
    "light": "<style>:root { --genlab-accent: #4A4FBF; --genlab-good: #007A57; --genlab-doubtful: #8A5D00;"
    " --genlab-bad: #B54F00; --genlab-open: inherit; }"
    " [data-testid=stCode] .token.parameter { color: #00658A; }</style>",
    # The accent is light here, so that it can be read on the ground; what is written on it is therefore dark.
    "dark": "<style>:root { --genlab-accent: #868CF0; --genlab-good: #2DC596; --genlab-doubtful: #F0B840;"
    " --genlab-bad: #F0803C; --genlab-open: inherit; }"
    " :is([kind=primary], [kind=primaryFormSubmit]):not(:disabled) *, [data-tag-index] *"
    " { color: #12151B !important; }</style>",
}
"""Colours of `.streamlit/config.toml` for which Streamlit has no variable of its own outside components."""

FOCUS_STYLE = """
<style>
:is(a, button, summary, [role=menuitem], [role=radio], [role=tab], [role=option]):focus-visible {
  outline: 2px solid var(--genlab-accent) !important; outline-offset: 2px;
}
</style>
"""

STYLE = """
<style>
.st-key-genlab-present { position: fixed; top: 0.95rem; right: 3.6rem; z-index: 999991; width: auto !important; }
.st-key-genlab-present > div { width: auto !important; }
.st-key-genlab-status {
  position: fixed; top: 1.3rem; right: 10rem; z-index: 999991; width: auto !important;
  pointer-events: none; font-variant-numeric: tabular-nums;
}
.st-key-genlab-status p { font-size: 0.86rem; white-space: nowrap; }
.st-key-genlab-status > div { width: auto !important; }
@media (max-width: 640px) {
  .st-key-genlab-status { top: 3.4rem; right: 1rem; }
  .st-key-genlab-present { display: none; }
}
[data-testid=stLayoutWrapper]:has(> :is(.st-key-genlab-status, .st-key-genlab-present)) { position: absolute; }
/* Streamlit's own sign that it works stands beside the button, not under it. */
[data-testid=stApp]:has(.st-key-genlab-present [data-testid^=stBidiComponent]) [data-testid=stStatusWidget] {
  margin-right: 5.4rem;
}
/* Its shimmer has the browser paint sixty times a second, on half of one of the cores that runs train on. */
[data-testid=stSkeletonElement], [data-testid=stSkeletonElement]::before, [data-testid=stSkeletonElement]::after {
  animation: none !important;
}
/* A title stands in one line with what is beside it. */
[data-testid=stMain] h1 { padding: 0.3rem 0; }
[data-testid=stMarkdownContainer]:has(> [data-testid=stHeadingWithActionElements] > h1) { margin-bottom: 0 !important; }
@media (min-width: 800px) {
  .st-key-data-one > div > [data-testid=stHorizontalBlock] { flex-wrap: nowrap; }
  .st-key-data-one > div > [data-testid=stHorizontalBlock] > [data-testid=stColumn]:first-child { min-width: 290px; }
}
/* A badge is read whole, on two lines where there is no room. */
.stMarkdownBadge { white-space: normal !important; }
.genlab-plate {
  display: flex; align-items: center; justify-content: center; text-align: center; width: 100%; aspect-ratio: 1;
  border-radius: 4px; background: color-mix(in srgb, currentColor 5%, transparent);
  color: color-mix(in srgb, currentColor 72%, transparent); font-size: 0.8rem; padding: 0.6rem; box-sizing: border-box;
}
.genlab-picture { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 4px; }
.genlab-facts { font-size: 0.8rem; line-height: 1.45; color: color-mix(in srgb, currentColor 72%, transparent); }
.genlab-facts b { font-weight: 600; }
.genlab-shipped {
  display: inline-block; margin-top: 0.15rem; padding: 0 0.4rem; border-radius: 0.6rem;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent);
}
[class*=st-key-home-cards] a, .st-key-home-running a { padding-left: 0; padding-right: 0; }
[class*=st-key-home-cards] a p { overflow: hidden; text-overflow: ellipsis; }
.genlab-under { background-size: contain; background-repeat: no-repeat; border-radius: 4px; max-width: 190px; }
.genlab-list {
  display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1rem; font-size: 0.92rem;
  margin: 0 !important; padding: 0 !important;
}
.genlab-list dt { color: color-mix(in srgb, currentColor 72%, transparent); margin: 0 !important; }
.genlab-list dd { margin: 0 !important; }
[class*=st-key-home-cards] button { padding-left: 0; color: color-mix(in srgb, currentColor 72%, transparent); }
.genlab-spark { display: block; width: 100%; height: 36px; }
.st-key-home-ways [data-testid=stGridCellContent] > div, .st-key-guide-terms [data-testid=stGridCellContent] > div {
  flex-grow: 1;
}
</style>
"""
