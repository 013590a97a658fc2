"""What cannot be read, in its list beside what can: each with the reason and what to do, and a way to delete it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.words import how_many
from genlab.store.reading import Damaged
from genlab.ui.shell import changing, may_change, show_error

MOST_OPEN = 8
"""Up to so many are shown without being asked for."""


def show_damaged(lab: ReadOnlyLab, found: Sequence[Damaged], key: str) -> None:
    """A line for each thing; nothing where all is well.

    Args:
        lab: The lab.
        found: What cannot be read.
        key: Beginning of the widgets' keys.
    """
    refusal = st.session_state.pop(f"{key}/refusal", None)
    if refusal is not None:
        show_error(refusal)
    if not found:
        return
    kinds = {one.kind for one in found}
    what = how_many(len(found), f"damaged {found[0].kind}" if len(kinds) == 1 else "damaged thing")
    with st.expander(f"{what} in this workspace", expanded=len(found) <= MOST_OPEN, icon=":material/healing:"):
        st.html(f'<dl class="genlab-list">{"".join(map(_line, found))}</dl>')
        own = {f"{one.kind} {one.id}": one for one in found if not one.shipped}
        if own and may_change(lab):
            _delete(lab, own, key)


def _line(one: Damaged) -> str:
    kind = "" if one.kind == "run" else f"{one.kind} "
    return f"<dt>{escape(kind + one.id)}</dt><dd>{escape(one.error.message)} {escape(one.error.hint)}</dd>"


def _delete(lab: ReadOnlyLab, own: dict[str, Damaged], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox("Delete one of them", list(own), index=None, placeholder="Choose", key=f"{key}/which")
        st.button(
            "Delete for good",
            icon=":material/delete:",
            disabled=chosen is None,
            on_click=_deleted,
            args=(lab, own.get(chosen or ""), key),
            key=f"{key}/delete",
        )


def _deleted(lab: ReadOnlyLab, thing: Damaged | None, key: str) -> None:
    st.session_state.pop(f"{key}/which", None)
    try:
        if thing is not None:
            changing(lab).holdings.delete_damaged(thing)
    except GenlabError as error:
        st.session_state[f"{key}/refusal"] = error
