"""Tasks, the mask: an option that is drawn on the picture instead of being typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from genlab.presentation.lineup import Entrant
from genlab.presentation.pictures import data_uri
from genlab.presentation.tasks import Method
from genlab.ui.components.mask import as_text, hidden_pixels, mask
from genlab.ui.views.tasks_rows import pixels_of

OPTION = "mask"
"""The option of a task that is drawn: a PNG of one channel in base64 at the item's size, white where it is hidden."""

DRAWN, ITEMS = "tasks/mask", "tasks/mask/items"


def begin(options: Mapping[str, Any]) -> None:
    """Take the mask that a link brings along."""
    text = options.get(OPTION)
    st.session_state[DRAWN] = text if isinstance(text, str) else ""


def drawn(document: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the mask that has been drawn in this session; as they are where there is none."""
    text = st.session_state.get(DRAWN)
    return {**document, OPTION: text} if text else dict(document)


def fitted(options: Mapping[str, Any], entrant: Entrant) -> dict[str, Any]:
    """The options with the mask at the size of a model's items: one mask serves models of several sizes."""
    size = size_of(entrant)
    if not options.get(OPTION) or size is None:
        return dict(options)
    hidden = hidden_pixels(str(options[OPTION]), size)
    return {**options, OPTION: "" if hidden is None else as_text(hidden)}


def size_of(entrant: Entrant) -> tuple[int, int] | None:
    """Height and width of a model's items; None where they have none."""
    shape = (entrant.environment.get("space") or {}).get("shape")
    if not isinstance(shape, list) or len(shape) != 3 or not all(isinstance(side, int) for side in shape):
        return None
    return int(shape[1]), int(shape[2])


def render(entrant: Entrant, truth: Method | None) -> None:
    """The items to paint on; what is drawn is kept, and the page is drawn again with it.

    Args:
        entrant: A model, for the size of its items.
        truth: The items, as far as they are known; the ones before stay until there are others, so that nobody loses
            what is being drawn.
    """
    size = size_of(entrant)
    content = None if truth is None else pixels_of(truth, 0)
    if truth is not None and content is not None:
        st.session_state[ITEMS] = (entrant.data, content, int(truth.answer["grid"]["columns"]))
    of, content, columns = st.session_state.get(ITEMS, ("", None, 1))
    if size is None or content is None or of != entrant.data:
        return
    st.markdown("### Hide a part", help="The same pixels are hidden of every item, and each method fills them in.")
    before = str(st.session_state.get(DRAWN) or "")
    text = mask(f"tasks/mask/{size[0]}x{size[1]}", data_uri(content), columns, size, before)
    if text is not None and text != before:
        st.session_state[DRAWN] = text
        st.rerun()
