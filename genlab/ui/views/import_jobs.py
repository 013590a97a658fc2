"""Imports under way, and those that ended without a data set: what they do, how to end them, what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from genlab.errors import GenlabError
from genlab.jobs.importing import Import
from genlab.lab import ReadOnlyLab
from genlab.presentation.words import how_many, plain
from genlab.store.uploads import FLAT
from genlab.ui.shell import changing, may_change, page_title, polled, show_error
from genlab.ui.views.import_files import go_back_to, uploads
from genlab.ui.views.working import progress_bar

POLL_SECONDS = 1.0
MESSAGE, REFUSAL = "data/message", "data/refusal"
BACKGROUND = "This goes on in the background: leave this page or close it, and come back when you like."

Signature = tuple[tuple[str, str, str], ...]


def imports(lab: ReadOnlyLab) -> list[Import]:
    """Those that there are to show; none where nobody may add anything."""
    return lab.imports.all() if may_change(lab) else []


def signature(found: Sequence[Import]) -> Signature:
    """What has changed when a page is to be drawn again."""
    return tuple((one.request.name, one.job.id, "" if one.job.active else one.job.state) for one in found)


def show_import(lab: ReadOnlyLab, name: str) -> bool:
    """The page of a data set that is being added; whether it is."""
    found = lab.imports.known(name) if may_change(lab) else None
    if found is None or _is_there(lab, name):
        return False
    page_title(f"{plain(name)}")
    st.caption(f"Being added from {plain(_source(found))}" if found.job.active else f"From {plain(_source(found))}")
    _refusal()
    if found.job.active:
        polled(_page_of_one, POLL_SECONDS)(lab, name, signature([found]))
        st.caption(BACKGROUND)
    else:
        _ended(lab, found)
    return True


def _page_of_one(lab: ReadOnlyLab, name: str, drawn: Signature) -> None:
    found = lab.imports.known(name)
    if found is None or signature([found]) != drawn:
        if found is None and not _is_there(lab, name):
            st.query_params.clear()
            st.session_state[MESSAGE] = f"{plain(name)} was not added: it was cancelled."
        st.rerun()
        return
    _bar(lab, found, "")


def show_imports(lab: ReadOnlyLab) -> None:
    """All of them, above the data sets that there are."""
    found = imports(lab)
    _refusal()
    if found:
        active = any(one.job.active for one in found)
        st.markdown("## Being added" if active else "## Not added yet")
        polled(_all, POLL_SECONDS if active else None)(lab, signature(found))


def _all(lab: ReadOnlyLab, drawn: Signature) -> None:
    found = imports(lab)
    if signature(found) != drawn:
        _tell_of(lab, drawn)
        st.rerun()
    for one in found:
        with st.container(border=True, gap="small", key=f"import-{one.job.id}"):
            if one.job.active:
                _bar(lab, one, plain(one.request.name))
            else:
                st.markdown(f"**{plain(one.request.name)}**, from {plain(_source(one))}")
                _ended(lab, one)


def _tell_of(lab: ReadOnlyLab, drawn: Signature) -> None:
    """Say which of those that were drawn have become data sets."""
    left = {one.request.name for one in imports(lab)}
    added = [name for name, _, _ in drawn if name not in left and _is_there(lab, name)]
    if added:
        st.session_state[MESSAGE] = f"{plain(', '.join(added))} {'was' if len(added) == 1 else 'were'} added."


def _is_there(lab: ReadOnlyLab, name: str) -> bool:
    """Whether there is such a data set."""
    try:
        lab.data.describe(name)
    except GenlabError:
        return False
    return True


def show_imports_at_home(lab: ReadOnlyLab, found: Sequence[Import]) -> None:
    """Those under way with their progress, and a word about the others."""
    active = [one for one in found if one.job.active]
    if active:
        st.markdown("## Being added")
    for one in active:
        _bar(lab, one, plain(one.request.name))
    ended = [one for one in found if not one.job.active]
    if ended:
        names = plain(", ".join(one.request.name for one in ended[:3]))
        what = names if len(ended) <= 3 else how_many(len(ended), "data set")
        st.page_link("data.py", label=f"{what} could not be added: see why", icon=":material/error:")


def _bar(lab: ReadOnlyLab, one: Import, title: str) -> None:
    progress_bar(lab, one.job, f"import/cancel/{one.job.id}", title)


def _ended(lab: ReadOnlyLab, one: Import) -> None:
    """Why there is no data set, and what can be done."""
    if one.job.state == "failed":
        error = one.job.error or {}
        words, hint = error.get("message") or "The import failed.", error.get("hint") or "Try it again."
    else:
        words, hint = "The process that did this is gone.", "Nothing is lost: try it again."
    st.error(plain(hint), title=plain(words), icon=":material/error:")
    kept = uploads(lab)
    waits = bool(one.upload and kept.files())
    with st.container(horizontal=True, gap="small"):
        _button("Try again", "replay", one, lambda: changing(lab).imports.again(one))
        _button(
            "Read it another way",
            "tune",
            one,
            lambda: go_back_to(lab, one),
            disabled=waits,
            help="Other files wait to be added: add or remove them first." if waits else None,
        )
        _button("Throw away", "delete", one, lambda: changing(lab).imports.discard(one.job.id))


def _button(
    label: str, icon: str, one: Import, act: Callable[[], object], disabled: bool = False, help: str | None = None
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"import/{icon}/{one.job.id}",
        disabled=disabled,
        help=help,
        on_click=_attempt,
        args=(act,),
    )


def _attempt(act: Callable[[], object]) -> None:
    try:
        act()
    except GenlabError as error:
        st.session_state[REFUSAL] = error


def _refusal() -> None:
    error = st.session_state.pop(REFUSAL, None)
    if error is not None:
        show_error(error)


def _source(one: Import) -> str:
    name = Path(one.request.path).name
    return "uploaded images" if one.upload and name in {one.upload, FLAT} else name
