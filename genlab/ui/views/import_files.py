"""The images to add: uploaded or in a folder of this computer, and how their classes and names are to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from genlab.datasets.foreign.importer import AUTO, Preview, WayToRead, preview
from genlab.errors import GenlabError
from genlab.jobs import importing
from genlab.jobs.importing import Import
from genlab.lab import ReadOnlyLab
from genlab.presentation.words import how_many, plain
from genlab.store.uploads import Uploads
from genlab.store.workspace import Workspace
from genlab.ui.components.folders import keep_folders
from genlab.ui.shell import changing, is_private, show_error

AUTOMATIC = 0
TURN, REFUSED = "add/turn", "add/refused"
ENCODINGS = ("", "utf-8", "gb18030", "big5", "shift_jis", "cp949", "cp866", "cp1251", "cp437", "cp850", "cp1252")


@dataclass(frozen=True)
class ImportWish:
    """How the images are to be stored."""

    size: int | None
    channels: Literal[1, 3] | None
    fit: Literal["crop", "pad", "keep"]
    on_bad: Literal["refuse", "skip"]
    about: Literal["", "faces"] = ""


@dataclass(frozen=True)
class FoundFiles:
    """What there is to add, and how its files are to be read."""

    path: Path
    stamp: int
    classes: str = AUTO
    encoding: str | None = None


def where(lab: ReadOnlyLab) -> Path | None:
    """The file or folder; None until there is one."""
    ways = ["Upload", "Folder on this computer"] if is_private() else ["Upload"]
    way = st.segmented_control(
        "Source",
        ways,
        default="Upload",
        required=True,
        key="add/where",
        disabled=len(ways) == 1,
        wrap=True,
    )
    if way == "Upload":
        return _uploaded(lab)
    text = st.text_input("Path", placeholder="~/Pictures/cats", key="add/path").strip()
    return Path(text).expanduser() if text else None


def _uploaded(lab: ReadOnlyLab) -> Path | None:
    """What this session has uploaded; None until there is something.

    Files are moved to disk as soon as they are there, and the uploader begins anew, so that memory holds none of them.
    """
    keep_folders()
    kept = uploads(lab)
    turn: int = st.session_state.setdefault(TURN, 0)
    whole = st.toggle("Choose a folder", key="add/whole", help="Both files and folders can be dropped below.")
    files = st.file_uploader(
        "A folder of files" if whole else "Files, a folder dropped here, a zip, or an npz",
        accept_multiple_files="directory" if whole else True,
        key=f"add/file{'-folder' if whole else ''}{f'/{turn}' if turn else ''}",
        help="A folder that is dropped here keeps its sub-folders.",
    )
    if files:
        try:
            kept.add(files)
        except GenlabError as error:
            st.session_state[REFUSED] = error
        _forget(files)
        st.session_state[TURN] = turn + 1
        st.rerun()
    refused = st.session_state.pop(REFUSED, None)
    if refused is not None:
        show_error(refused)
    stored = kept.files()
    if not stored:
        return None
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        size = sum(path.stat().st_size for path in stored) / 1e6
        what = plain(stored[0].name) if len(stored) == 1 else how_many(len(stored), "file")
        st.markdown(f":material/check: **{what}** uploaded, {size:,.1f} MB", width="content")
        st.button("Remove", icon=":material/close:", type="tertiary", key="add/clear", on_click=kept.clear)
    return kept.path()


def _forget(files: Sequence[UploadedFile]) -> None:
    """Take uploads out of Streamlit's memory."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def go_back_to(lab: ReadOnlyLab, found: Import) -> None:
    """Give up an import, and fill the form with what was asked for.

    Raises:
        InputError: When another window holds its files, or they are gone.
    """
    if found.upload is not None:
        uploads(lab).take_over(found.upload)
    changing(lab).imports.discard(found.job.id, keep_upload=True)
    asked = found.request
    st.session_state["add/where"] = "Folder on this computer" if found.upload is None else "Upload"
    st.session_state["add/path"] = asked.path
    st.session_state["add/size"] = asked.size or AUTOMATIC
    st.session_state["add/channels"] = asked.channels or AUTOMATIC
    st.session_state["add/fit"], st.session_state["add/bad"] = asked.fit, asked.on_bad
    st.session_state[f"add/name/{asked.path}"] = asked.name
    st.query_params.from_dict({"add": "1"})


def read_as(path: Path, wish: ImportWish) -> FoundFiles:
    """Where classes come from and what names are in, asked only where there is a choice."""
    found = FoundFiles(path, (path.stat().st_mtime_ns if path.exists() else 0) + st.session_state.get(TURN, 0))
    try:
        first = previewed(found, wish)
    except GenlabError:
        return found
    encoding = None
    if first.encoding is not None:
        encoding = st.selectbox(
            "Encoding of names",
            ENCODINGS,
            format_func=lambda code: code or f"found: {first.encoding}{' (a guess)' if first.guessed else ''}",
            help="The zip does not say what encoding its names are in.",
            key=f"add/encoding/{path}",
        )
    by_key = {choice.key: choice for choice in first.choices}
    if len(by_key) < 2:
        return replace(found, encoding=encoding or None)
    classes = st.selectbox(
        "Classes",
        list(by_key),
        index=list(by_key).index(first.chosen),
        format_func=lambda key: _choice_words(by_key[key]),
        help="Where the classes come from. Folders called train, valid or test are parts, not classes.",
        key=f"add/classes/{path}",
    )
    if classes == first.chosen:
        classes = AUTO  # what has been looked at already
    if not first.sure:
        st.caption("It is not clear which of these is meant: please check.")
    return replace(found, classes=classes, encoding=encoding or None)


def _choice_words(choice: WayToRead) -> str:
    """A way to read what was found, in a line."""
    title = choice.title[:1].upper() + choice.title[1:]
    if choice.classes is None:
        return title
    left = f", {choice.left:,} left out" if choice.left else ""
    return f"{title}: {how_many(len(choice.classes), 'class', 'classes')}{left}"


@st.cache_data(max_entries=16, ttl=60, show_spinner="Looking at the images")
def _looked_at(found: FoundFiles, size: int | None, channels: Literal[1, 3] | None, fit: Any) -> Preview:
    options: Any = {"classes": found.classes, "encoding": found.encoding}
    return preview(found.path, size=size, channels=channels, fit=fit, **options)


def previewed(found: FoundFiles, wish: ImportWish) -> Preview:
    """What adding it would give.

    Raises:
        GenlabError: When it cannot be used.
    """
    return _looked_at(found, wish.size, wish.channels, wish.fit)


@st.cache_resource(scope="session", on_release=lambda uploads: uploads.close())
def _uploads(folder: str) -> Uploads:
    workspace = Workspace(Path(folder))
    importing.sweep(workspace)
    return Uploads(workspace.uploads)


def uploads(lab: ReadOnlyLab) -> Uploads:
    """What this session has uploaded."""
    return _uploads(str(lab.workspace.path))
