"""The playground: models that learn points while one watches; hand-written modules that draw on canvases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.ui.components import assets

HTML = '<div class="playground"></div>'
SOCKET = "genlab/playground/socket"
"""Where `genlab.server.playground` answers, relative to the app's root."""

POINTS = "genlab/playground/points"
"""Where it gives the points of the distributions, each under its name."""


def playground(key: str, data: Mapping[str, Any], on_settings_change: Callable[[], None]) -> Any:
    """Show the playground.

    Args:
        key: Key of the component in the session.
        data: ``scenario``, ``link``, ``defaults``, ``fields``, ``scenes`` and ``files``, as in ``types.d.ts``.
        on_settings_change: Called when the visitor's settings have changed.

    Returns:
        What the page says: ``settings``, or None.
    """
    mount = assets.component("playground", "The Playground", HTML)
    told = {"module": assets.entry("playground"), "socket": SOCKET, "distributions": POINTS, **data}
    return mount(key=key, data=told, on_settings_change=on_settings_change)
