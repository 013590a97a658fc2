"""Adding one's own images: where they are, how they are to be stored, a preview, and a refusal where one is due."""

from __future__ import annotations

import re
from typing import Literal, cast

import numpy as np
import pandas as pd
import streamlit as st

from genlab import kinds
from genlab.datasets.base import DatasetInfo
from genlab.datasets.foreign.importer import FITS, Preview
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.pictures import sheet
from genlab.presentation.words import how_many, plain
from genlab.ui.shell import changing, may_change, page_title, show_error
from genlab.ui.views import import_kinds
from genlab.ui.views.dataset import back_to_all
from genlab.ui.views.import_files import AUTOMATIC, FoundFiles, ImportWish, previewed, read_as, uploads, where

COLUMNS = 8
SIZES = (AUTOMATIC, 16, 28, 32, 48, 64, 96, 128, 256, 512)
MOST_PROBLEMS = 8


def render(lab: ReadOnlyLab) -> None:
    """The form on the left, what would become of the images on the right."""
    back_to_all()
    page_title("Add your own data")
    if not may_change(lab):
        st.info("This lab is read-only. Start genlab without `--read-only` to add data.")
        return
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        path = where(lab)
        kind = None if path is None else import_kinds.chosen(path)
        options, bad = import_kinds.how(kind) if kind is not None else ({}, "")
        wish = _how() if kind is None else None
        found = None if path is None or wish is None else read_as(path, wish)
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
        if kind is not None and path is not None:
            if pressed:
                import_kinds.add(lab, path, name.strip(), kind, options, bad)
            else:
                import_kinds.show(path, kind, options, bad)
        elif found is None or wish is None:
            _explain()
        elif pressed:
            _add(lab, found, name, wish)
        else:
            _show(lab, found, wish)


def _how() -> ImportWish:
    one, two = st.columns([5, 6])
    size = one.selectbox(
        "Side",
        SIZES,
        format_func=lambda side: "automatic" if side == AUTOMATIC else f"{side} px",
        help="Every image is stored as a square of this side, or with it as its longer one. Automatic keeps the "
        "images' own, up to 64 px.",
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
        list(FITS),
        default="crop",
        required=True,
        format_func=str.capitalize,
        help="Crop keeps the centre square; pad adds a border and keeps everything; keep stores images that are not "
        "square as they are.",
        key="add/fit",
        wrap=True,
    )
    bad = two.segmented_control(
        "Damaged files?",
        ["refuse", "skip"],
        default="refuse",
        required=True,
        format_func={"refuse": "Refuse", "skip": "Skip"}.__getitem__,
        help="Refuse names the first that cannot be read and adds nothing; skip leaves such files out.",
        key="add/bad",
        wrap=True,
    )
    faces = st.toggle(
        "These are photographs of faces",
        help="Claims about faces are judged only on data that are said to be that. Nothing looks for faces in them.",
        key="add/faces",
    )
    return ImportWish(
        size or None,
        cast("Literal[1, 3] | None", channels or None),
        fit or "crop",
        "skip" if bad == "skip" else "refuse",
        "faces" if faces else "",
    )


def _explain() -> None:
    st.markdown(
        """
Everything stays on this computer, and nothing in the files is executed.

| What | Becomes |
|:--|:--|
| a folder or zip with sub-folders | one class per sub-folder, of a level you choose |
| images beside a `metadata.csv` or `.jsonl` | classes by a column of it |
| folders called train, valid and test | the parts, kept as they are |
| images without sub-folders, dropped or in a zip | a data set without classes |
| an npz with `x`, and `y` if there are labels | images `[N, H, W]` or `[N, H, W, C]`, bytes or 0 to 1 |

PNG, JPEG, GIF, BMP, WebP, TIFF, PGM, AVIF, JPEG 2000 and other still formats are read, with any number of bits. 16
images or more are needed, of any size up to 50 megapixels: they are resized once.
"""
    )
    others = [kind for kind in kinds.REGISTRY if not kind.pixels and (kind.read or kind.gather)]
    if others:
        read = "; ".join(f"{kind.many} ({', '.join(kind.suffixes)})" for kind in others)
        st.markdown(f"Folders and zips of other files are read too: {plain(read)}.")


def _show(lab: ReadOnlyLab, wanted: FoundFiles, wish: ImportWish) -> None:
    try:
        found = previewed(wanted, wish)
    except GenlabError as error:
        show_error(error)
        return
    colour, (height, width) = "grey" if found.channels == 1 else "colour", found.size
    classes = how_many(len(found.classes), "class", "classes") if found.classes else "no classes"
    st.markdown(f"**{how_many(found.count, 'image')}** · {classes} · stored as {width} × {height} px, {colour}")
    st.markdown(f"{found.choice.train:,} for training, {found.choice.test:,} for testing")
    if len(found.thumbnails):
        st.image(
            sheet(np.moveaxis(found.thumbnails, -1, 1), COLUMNS, 900),
            width="stretch",
            output_format="PNG",
            alt=f"The first {len(found.thumbnails)} images as they would be stored",
        )
    for note in (*found.notes, *_measurable(lab, found)):
        st.caption(plain(note))
    _problems(found, wish)
    _choices(found)
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


def _measurable(lab: ReadOnlyLab, found: Preview) -> list[str]:
    """What can be measured with so many images."""
    shape = (found.channels, *found.size)
    train, test = found.choice.train, found.choice.test
    classes = tuple(found.classes) if found.classes else None
    info = DatasetInfo(
        name="",
        title="",
        kind=kinds.of_pictures().name,
        shape=shape,
        count=found.count,
        train=train,
        test=test,
        classes=classes,
    )
    return lab.data.measurable(info).sentences()


def _choices(found: Preview) -> None:
    """What each way to read the files would give."""
    if len(found.choices) < 3 and found.sure:
        return
    rows = [
        {
            "Classes from": choice.title,
            "Images": choice.count,
            "Left out": choice.left,
            "Classes": len(choice.classes or ()),
            "Training": choice.train,
            "Test": choice.test,
        }
        for choice in found.choices
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="What each choice of classes would give")


def _problems(found: Preview, wish: ImportWish) -> None:
    if not found.problems:
        return
    lines = [f"- {plain(problem)}" for problem in found.problems[:MOST_PROBLEMS]]
    if len(found.problems) > MOST_PROBLEMS:
        lines.append(f"- and {len(found.problems) - MOST_PROBLEMS:,} more")
    number = how_many(len(found.problems), "file cannot", "files cannot")
    what = "They will be skipped." if wish.on_bad == "skip" else "Choose “Skip” to leave them out, or mend them."
    st.warning("\n".join(lines), title=f"{number} be used. {what}", icon=":material/broken_image:")


def _add(lab: ReadOnlyLab, found: FoundFiles, name: str, wish: ImportWish) -> None:
    """Begin to add them, and go where that can be watched; what can be refused at once is."""
    try:
        seen = previewed(found, wish)
        seen.check(found.path, wish.on_bad)
        changing(lab).imports.start(
            found.path,
            name.strip(),
            size=wish.size,
            channels=wish.channels,
            fit=wish.fit,
            on_bad=wish.on_bad,
            classes=seen.chosen,
            encoding=found.encoding,
            about=wish.about,
        )
    except GenlabError as error:
        show_error(error)
        return
    if uploads(lab).path() == found.path:
        uploads(lab).hand_over()
    st.query_params.from_dict({"data": name.strip()})
    st.rerun()


def slug(name: str) -> str:
    """A name a data set may have, made from a file's or folder's."""
    stem = name.rsplit(".", 1)[0] if name.lower().endswith((".zip", ".npz")) else name
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-_")[:40].strip("-")
