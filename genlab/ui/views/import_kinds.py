"""Adding files of a kind that reads them itself: what can be chosen of them, and what would become of them.

`importing` asks where the files are; pictures have a form of their own there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.datasets.foreign.importer import FilesPreview, preview_files, readers
from genlab.errors import GenlabError
from genlab.kinds.base import KindSpec
from genlab.lab import ReadOnlyLab
from genlab.options import Options, parse
from genlab.presentation.fields import changed, describe
from genlab.presentation.pictures import sheet
from genlab.presentation.words import how_many, plain
from genlab.ui.forms import Changes, draw
from genlab.ui.shell import changing, show_error
from genlab.ui.views._items import of_items
from genlab.ui.views.import_files import uploads

MOST_PROBLEMS = 8


def chosen(path: Path) -> KindSpec | None:
    """What the files are read as, asked where there is a choice; None for pictures, and for what nothing reads."""
    try:
        kinds = readers(path)
    except GenlabError:
        return None  # what is wrong with the files is said where pictures are looked for
    if not kinds:
        return None
    name = kinds[0].name
    if len(kinds) > 1:
        titles = {kind.name: kind.title for kind in kinds}
        help_text = "Some of these files can be read as either."
        name = st.selectbox(
            "Read as", list(titles), format_func=titles.__getitem__, help=help_text, key=f"add/kind/{path}"
        )
    kind = next(kind for kind in kinds if kind.name == name)
    return None if kind.pixels else kind


def how(kind: KindSpec) -> tuple[dict[str, Any], str]:
    """The kind's own options, and what becomes of damaged files."""
    base: Options = kind.ImportOptions()
    changes: Changes = {}
    draw(describe(base), kind.name, f"add/{kind.name}", changes)
    bad = st.segmented_control(
        "Damaged files?",
        ["refuse", "skip"],
        default="refuse",
        required=True,
        format_func={"refuse": "Refuse", "skip": "Skip"}.__getitem__,
        help="Refuse names the first that cannot be read and adds nothing; skip leaves such files out.",
        key="add/files/bad",
        wrap=True,
    )
    return changed(base, changes), bad or "refuse"


def show(path: Path, kind: KindSpec, options: Mapping[str, Any], bad: str) -> None:
    """What would become of the files."""
    try:
        parse(kind.ImportOptions, dict(options))
        found = _looked_at(str(path), _stamp(path), kind.name, dict(options), kind)
    except GenlabError as error:
        show_error(error)
        return
    classes = how_many(len(found.classes), "class", "classes") if found.classes else "no classes"
    shape = found.kind.words(found.items.shape[1:])
    st.markdown(f"**{how_many(found.count, kind.one, kind.many)}** · {classes} · stored as {plain(shape)}")
    if not of_items(f"add/items/{kind.name}", found.kind, found.items, found.labels):
        st.image(
            sheet(found.kind.tiles(found.items), 4, 900),
            width="stretch",
            output_format="PNG",
            alt=f"The first {len(found.items)} {kind.many} as they would be stored",
        )
    for note in found.notes:
        st.caption(plain(note))
    if found.problems:
        lines = [f"- {plain(name)} {plain(why)}" for name, why in found.problems[:MOST_PROBLEMS]]
        more = len(found.problems) - MOST_PROBLEMS
        what = "They will be skipped." if bad == "skip" else "Choose “Skip” to leave them out, or mend them."
        st.warning(
            "\n".join([*lines, *([f"- and {more:,} more"] if more > 0 else [])]),
            title=f"{how_many(len(found.problems), 'file cannot', 'files cannot')} be used. {what}",
            icon=":material/broken_image:",
        )


def add(lab: ReadOnlyLab, path: Path, name: str, kind: KindSpec, options: Mapping[str, Any], bad: str) -> None:
    """Begin to add them, and go where that can be watched; what can be refused at once is."""
    try:
        changing(lab).imports.start(path, name, kind=kind.name, options=dict(options), on_bad=bad)
    except GenlabError as error:
        show_error(error)
        return
    if uploads(lab).path() == path:
        uploads(lab).hand_over()
    st.query_params.from_dict({"data": name})
    st.rerun()


@st.cache_resource(max_entries=8, show_spinner="Looking at the files")
def _looked_at(path: str, stamp: float, kind: str, options: dict[str, Any], _kind: KindSpec) -> FilesPreview:
    return preview_files(Path(path), _kind, options)


def _stamp(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
