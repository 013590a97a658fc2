"""Adding one's own images: where they are, how they are to be stored, a preview, and a refusal where one is due."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import streamlit as st

from genlab.datasets.importer import Preview, preview
from genlab.errors import GenlabError
from genlab.lab import Lab
from genlab.ui.pictures import sheet
from genlab.ui.shell import is_private, may_change, show_error
from genlab.ui.views.dataset import back_to_all
from genlab.ui.words import how_many, plain

COLUMNS = 8
AUTOMATIC = 0
SIZES = (AUTOMATIC, 16, 28, 32, 48, 64, 96, 128)
MOST_PROBLEMS = 8


@dataclass(frozen=True)
class Wish:
    """How the images are to be stored."""

    size: int | None
    channels: Literal[1, 3] | None
    fit: Literal["crop", "pad"]
    on_bad: Literal["refuse", "skip"]


class Uploads:
    """The files one session has uploaded, on disk because the importer reads files; gone with the session."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="genlab-upload-"))
        self.clear = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def store(self, name: str, identity: str, content: memoryview) -> Path:
        """The file on disk; only the newest is kept."""
        path = self.folder / re.sub(r"\W", "", identity)[:64] / (re.sub(r"[^\w.-]", "_", Path(name).name) or "upload")
        if not path.is_file():
            for older in self.folder.iterdir():
                shutil.rmtree(older, ignore_errors=True)
            path.parent.mkdir()
            path.write_bytes(content)
        return path


@st.cache_resource(scope="session", on_release=lambda uploads: uploads.clear())
def _uploads() -> Uploads:
    return Uploads()


def render(lab: Lab) -> None:
    """The form on the left, what would become of the images on the right."""
    back_to_all()
    st.markdown("### Add your own images")
    if not may_change(lab):
        st.info("This lab is read-only. Start genlab without `--read-only` to add images.")
        return
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        path = _where()
        wish = _how()
        name = st.text_input(
            "Name of the data set",
            value=slug(path.name) if path else "",
            max_chars=40,
            help="Small letters, digits, - and _.",
            key=f"add/name/{path or ''}",
        )
        pressed = st.button(
            "Add to this workspace", type="primary", icon=":material/add:", disabled=path is None, key="add/go"
        )
    with right:
        if path is None:
            _explain()
        elif pressed:
            _add(lab, path, name, wish)
        else:
            _show(path, wish)


def _where() -> Path | None:
    """The file or folder; None until there is one."""
    ways = ["Upload", "Folder on this computer"] if is_private() else ["Upload"]
    way = st.segmented_control(
        "Source", ways, default="Upload", required=True, key="add/where", disabled=len(ways) == 1
    )
    if way == "Upload":
        file = st.file_uploader(
            "A zip of images, or an npz", type=["zip", "npz"], key="add/file", help="Sub-folders become classes."
        )
        return None if file is None else _uploads().store(file.name, file.file_id, file.getbuffer())
    text = st.text_input("Path", placeholder="~/Pictures/cats", key="add/path").strip()
    return Path(text).expanduser() if text else None


def _how() -> Wish:
    one, two = st.columns(2)
    size = one.selectbox(
        "Side",
        SIZES,
        format_func=lambda side: "automatic" if side == AUTOMATIC else f"{side} px",
        help="Every image is stored as a square of this side. Automatic keeps the images' own, up to 64 px.",
        key="add/size",
    )
    channels = two.selectbox(
        "Colour",
        (AUTOMATIC, 1, 3),
        format_func={AUTOMATIC: "automatic", 1: "grey", 3: "colour"}.__getitem__,
        help="Automatic stores grey when every image is grey.",
        key="add/channels",
    )
    fit = one.segmented_control(
        "Not square?",
        ["crop", "pad"],
        default="crop",
        required=True,
        format_func={"crop": "Crop", "pad": "Pad"}.__getitem__,
        help="Crop keeps the centre square; pad adds a border and keeps everything.",
        key="add/fit",
    )
    bad = two.segmented_control(
        "Damaged files?",
        ["refuse", "skip"],
        default="refuse",
        required=True,
        format_func={"refuse": "Refuse", "skip": "Skip"}.__getitem__,
        help="Refuse names the first that cannot be read and adds nothing; skip leaves such files out.",
        key="add/bad",
    )
    return Wish(
        size or None,
        cast("Literal[1, 3] | None", channels or None),
        "pad" if fit == "pad" else "crop",
        "skip" if bad == "skip" else "refuse",
    )


def _explain() -> None:
    st.markdown(
        """
Everything stays on this computer, and nothing in the files is executed.

| What | Becomes |
|:--|:--|
| a folder or zip with sub-folders | one class per sub-folder |
| a folder or zip of images | a data set without classes |
| an npz with `x`, and `y` if there are labels | images `[N, H, W]` or `[N, H, W, C]`, bytes or 0 to 1 |

PNG, JPEG, GIF, BMP, WEBP and TIFF are read; 16 images or more are needed, of any size: they are resized once.
"""
    )


@st.cache_data(max_entries=16, ttl=60, show_spinner="Looking at the images")
def _previewed(path: str, stamp: int, size: int | None, channels: Literal[1, 3] | None, fit: Any) -> Preview:
    return preview(Path(path), size=size, channels=channels, fit=fit)


def _show(path: Path, wish: Wish) -> None:
    try:
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        found = _previewed(str(path), stamp, wish.size, wish.channels, wish.fit)
    except GenlabError as error:
        show_error(error)
        return
    colour = "grey" if found.channels == 1 else "colour"
    classes = how_many(len(found.classes), "class", "classes") if found.classes else "no classes"
    st.markdown(
        f"**{how_many(found.count, 'image')}** · {classes} · stored as {found.size} × {found.size} px, {colour}"
    )
    if len(found.thumbnails):
        st.image(
            sheet(np.moveaxis(found.thumbnails, -1, 1), COLUMNS, 900),
            width="stretch",
            output_format="PNG",
            alt=f"The first {len(found.thumbnails)} images as they would be stored",
        )
    for note in found.notes:
        st.caption(plain(note))
    _problems(found, wish)
    if found.classes:
        table = pd.DataFrame({"Class": list(found.classes), "Images": list(found.classes.values())})
        most = max(1, int(table["Images"].max()))
        st.dataframe(
            table,
            hide_index=True,
            height="content" if len(table) <= 12 else 400,
            column_config={"Images": st.column_config.ProgressColumn(format="localized", min_value=0, max_value=most)},
            alt="Images per class",
        )


def _problems(found: Preview, wish: Wish) -> None:
    if not found.problems:
        return
    lines = [f"- {plain(problem)}" for problem in found.problems[:MOST_PROBLEMS]]
    if len(found.problems) > MOST_PROBLEMS:
        lines.append(f"- and {len(found.problems) - MOST_PROBLEMS:,} more")
    number = how_many(len(found.problems), "file cannot", "files cannot")
    what = "They will be skipped." if wish.on_bad == "skip" else "Choose “Skip” to leave them out, or mend them."
    st.warning("\n".join(lines), title=f"{number} be used. {what}", icon=":material/broken_image:")


def _add(lab: Lab, path: Path, name: str, wish: Wish) -> None:
    bar = st.progress(0.0, text="Reading the images")

    def report(share: float, what: str) -> None:
        bar.progress(min(1.0, max(0.0, share)), text=what)

    try:
        info = lab.add_dataset(
            path,
            name.strip(),
            size=wish.size,
            channels=wish.channels,
            fit=wish.fit,
            on_bad=wish.on_bad,
            progress=report,
        )
    except GenlabError as error:
        bar.empty()
        show_error(error)
        return
    st.query_params.from_dict({"data": info.name})
    st.rerun()


def slug(name: str) -> str:
    """A name a data set may have, made from a file's or folder's."""
    stem = name.rsplit(".", 1)[0] if name.lower().endswith((".zip", ".npz")) else name
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-_")[:40].strip("-")
