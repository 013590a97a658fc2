"""Compare: images that were chosen on the Latent page, and what each model makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st
from PIL import Image

from genlab.errors import GenlabError
from genlab.exploration.explored import Exploration
from genlab.presentation.lineup import Entrant
from genlab.presentation.pictures import enlarge, png_bytes
from genlab.presentation.words import how_many, plain

SENT = "compare/items"
COLUMNS = 12
TILE_PIXELS = 56


def render(entrants: Sequence[Entrant]) -> None:
    """The chosen images, once real and once as each of these models draws them from its code."""
    sent: Mapping[str, tuple[str, list[int]]] = st.session_state.get(SENT, {})
    ours = [(entrant, *sent[entrant.run.id]) for entrant in entrants if entrant.run.id in sent]
    if not ours:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"## {how_many(len(ours[0][2]), 'image')} chosen on the Latent page", width="stretch")
        st.button("Clear", icon=":material/close:", on_click=_forget, key="compare/items/forget")
    shown_real: list[int] | None = None
    for entrant, folder, items in ours:
        found = Exploration.read(Path(folder))
        if found is None:
            st.caption(f"{plain(entrant.label)}: its exploration is gone. Explore it again on the Latent page.")
            continue
        try:
            if shown_real != items:
                _row("real", found.pictures(items))
                shown_real = items
            _row(
                f"{entrant.label}, decoded from its codes ({found.document['codes']})",
                found.pictures(items, again=True),
            )
        except GenlabError as error:
            st.caption(f"{plain(entrant.label)}: {plain(error.message)} {plain(error.hint)}")


def _row(title: str, pictures: Sequence[Image.Image]) -> None:
    """Pictures beside each other, in lines of `COLUMNS`."""
    side = pictures[0].width
    lines = -(-len(pictures) // COLUMNS)
    sheet = Image.new(pictures[0].mode, (min(COLUMNS, len(pictures)) * side, lines * side))
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (place % COLUMNS * side, place // COLUMNS * side))
    factor = max(1, TILE_PIXELS // side)
    st.caption(plain(title))
    st.image(png_bytes(enlarge(sheet, factor)), width=sheet.width * factor)


def _forget() -> None:
    st.session_state.pop(SENT, None)
