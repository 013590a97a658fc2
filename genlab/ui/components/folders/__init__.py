"""A component without a picture: lets file uploaders know which folders the files of a dropped folder lie in."""

from __future__ import annotations

from genlab.ui.components import assets


def keep_folders() -> None:
    """Mount it on a page with an uploader."""
    mount = assets.component("folders", "What keeps the names of dropped folders")
    mount(key="genlab-folders", data={"module": assets.entry("folders")})
