"""What the views of a run share: its curves, read once for all sessions, and its pictures, enlarged."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from PIL import Image

from genlab.ui.pictures import enlarge, png_bytes
from genlab.ui.tails import Tails

PICTURE_PIXELS = 900
"""Side that sample grids are enlarged to, by whole factors and without smoothing."""


@st.cache_resource
def tails() -> Tails:
    """Curves of the runs looked at lately; one for all sessions."""
    return Tails()


@st.cache_data(max_entries=128, show_spinner=False)
def enlarged(path: str, version: int) -> bytes | None:
    """The picture at ``path`` as PNG, enlarged by a whole factor so that every pixel stays a square.

    None when it is gone: a run that goes back to a checkpoint takes its later pictures with it.
    """
    try:
        with Image.open(path) as picture:
            return png_bytes(enlarge(picture, max(1, PICTURE_PIXELS // max(picture.size))))
    except OSError:
        return None


def version_of(path: Path) -> int:
    """Changes when the file does; 0 when it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
