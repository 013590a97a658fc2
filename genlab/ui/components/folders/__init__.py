"""A component without a picture: lets file uploaders know which folders the files of a dropped folder lie in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

SCRIPT = (Path(__file__).parent / "folders.js").read_text(encoding="utf-8")


def keep_folders() -> None:
    """Mount it on a page with an uploader."""
    st.components.v2.component("genlab_folders", js=SCRIPT)(key="genlab-folders")
