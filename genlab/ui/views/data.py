"""Data: all data sets as a gallery; one of them in detail; and adding one's own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from math import prod

import streamlit as st

from genlab import kinds
from genlab.datasets.base import DatasetInfo
from genlab.errors import GenlabError
from genlab.kinds.base import KindSpec
from genlab.lab import ReadOnlyLab
from genlab.presentation.pictures import data_uri
from genlab.presentation.words import count, how_many, plain
from genlab.ui.shell import assets, may_change, page_title, polled
from genlab.ui.views import dataset, import_jobs, importing
from genlab.ui.views.damaged import show_damaged

TICK_SECONDS = 0.4
"""How long one tick of the gallery may take to decode bundled data sets."""
SMALL_MEGABYTES = 16
TILES = 5


def render(lab: ReadOnlyLab) -> None:
    """The page: what its address asks for."""
    if "add" in st.query_params:
        importing.render(lab)
    elif "data" in st.query_params:
        dataset.render(lab, st.query_params["data"])
    else:
        _gallery_page(lab)


def _gallery_page(lab: ReadOnlyLab) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="data-head"):
        page_title("Data sets", width="stretch")
        if may_change(lab) and st.button("Add your own data", icon=":material/add:", type="primary", key="data/add"):
            st.query_params.from_dict({"add": "1"})
            st.rerun()
    message = st.session_state.pop("data/message", None)
    if message:
        st.success(message, icon=":material/check:")
    if may_change(lab):
        lab.imports.sweep()
    import_jobs.show_imports(lab)
    found = lab.data.found()
    pending = [info.name for info in found.good if may_change(lab) and _decodes_soon(info)]
    st.session_state["data/first"] = True
    polled(_gallery, TICK_SECONDS if pending else None)(lab, bool(pending))
    show_damaged(lab, found.damaged, "data/damaged")


def _decodes_soon(info: DatasetInfo) -> bool:
    """Whether its pictures can be had in a moment, without a download."""
    values = info.count * prod(info.shape)
    return info.fingerprint is None and info.available and values <= SMALL_MEGABYTES * 1e6


def _gallery(lab: ReadOnlyLab, decoding: bool) -> None:
    """All data sets. Bundled ones are decoded bit by bit while it is looked at, so that there is something to see."""
    if "data" in st.query_params:
        st.rerun()
    first = st.session_state.pop("data/first", False)
    if decoding and not first and not _decode_some(lab):
        st.rerun()
    infos = lab.data.all()
    own = [info for info in infos if info.source == "added"]
    here = [info for info in infos if info.source == "built-in" and info.available]
    in_order = sorted(kinds.REGISTRY, key=_order)
    groups: list[tuple[str, Sequence[DatasetInfo]]] = [
        ("Yours", own),
        *((kind.heading, [info for info in here if info.kind == kind.name]) for kind in in_order),
        ("Not on this machine yet", [info for info in infos if not info.available and info.source == "built-in"]),
    ]
    with st.container(key="data-cards"):
        for title, group in groups:
            if group:
                st.markdown(f"## {title}")
                _cards(group)


def _order(kind: KindSpec) -> tuple[bool, str]:
    """The usual kind first."""
    return kind.name != kinds.USUAL, kind.heading


def _decode_some(lab: ReadOnlyLab) -> bool:
    """Decode bundled data sets for a moment; whether any are left that have not failed before."""
    end = time.monotonic() + TICK_SECONDS
    failed: set[str] = st.session_state.setdefault("data/failed", set())
    left = [info.name for info in lab.data.all() if _decodes_soon(info) and info.name not in failed]
    for name in left:
        try:
            lab.data.open(name)
        except (GenlabError, OSError):
            # A workspace that cannot be written to is told about where something is asked of it, not here.
            failed.add(name)
        if time.monotonic() > end:
            break
    return bool(left)


def _cards(infos: Sequence[DatasetInfo]) -> None:
    with st.grid(min_column_width=148, gap="small") as grid:
        for info in infos:
            with grid.cell().container(border=True, gap="xsmall", height="stretch"):
                st.html(_picture(info))
                # Not a page link: one that leads to the same page leaves the address as it was (Streamlit 1.67).
                st.button(
                    f"**{plain(info.title)}**",
                    type="tertiary",
                    key=f"data/open/{info.name}",
                    on_click=_open,
                    args=(info.name,),
                )
                st.html(_facts(info))


def _open(name: str) -> None:
    st.query_params.from_dict({"data": name})


def _picture(info: DatasetInfo) -> str:
    words = f"Some items of {info.title}"
    if info.fingerprint is None:
        known = _shipped(info.name) if info.source == "built-in" else ""
        if known:
            return f'<img class="genlab-picture" src="{known}" alt="{escape(words)}">'
        why = "not decoded yet: open it to see it" if info.available else "needs a download"
        return f'<div class="genlab-plate">{why}</div>'
    address = f"/genlab/data/{escape(info.name)}.png?tiles={TILES}&v={info.fingerprint[:16]}"
    return f'<img class="genlab-picture" src="{address}" alt="{escape(words)}" loading="lazy">'


@lru_cache(maxsize=32)
def _shipped(name: str) -> str:
    """The picture that genlab brings along of a built-in data set, as an address; empty where it has none."""
    try:
        return data_uri((assets() / "data" / f"{name}.png").read_bytes())
    except OSError:
        return ""


def _facts(info: DatasetInfo) -> str:
    kind = info.spec
    items = f"{count(info.count)} {kind.many}"
    classes = how_many(len(info.classes), "class", "classes") if info.classes else "no classes"
    shape = f"{escape(kind.words(info.shape))}<br>" if kind.pictured else ""
    between = "<br>" if kind.pictured else " · "
    return f'<div class="genlab-facts">{shape}{items}{between}{classes}</div>'
