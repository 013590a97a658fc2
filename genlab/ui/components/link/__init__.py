"""An address of this app, written out, with a button that copies it."""

from __future__ import annotations

from genlab.ui.components import assets

HTML = '<div class="link"></div>'


def link(key: str, query: str) -> None:
    """Show the address of this page with another query.

    Args:
        key: Key of the component in the session.
        query: What follows the question mark.
    """
    mount = assets.component("link", "The link", HTML)
    mount(key=key, data={"module": assets.entry("link"), "query": query})
