"""The button that brings a page into the lecture hall, and there the one bar: what the keys do, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from genlab.ui.components import assets

HTML = '<div class="present"></div>'


def present(key: str, *, on: bool, title: str, keys: Sequence[tuple[str, str]]) -> bool | None:
    """Show the button, or the bar.

    Args:
        key: Key of the component in the session.
        on: Whether the page is being presented.
        title: The page's.
        keys: (Keys, what they do) on its stage.

    Returns:
        Whether the visitor has just asked to present; None when nothing was asked.
    """
    mount = assets.component("present", "The bar", HTML)
    data = {"module": assets.entry("present"), "on": on, "title": title, "keys": [list(each) for each in keys]}
    wanted = mount(key=key, data=data, on_present_change=_nothing).present
    return wanted if isinstance(wanted, bool) else None


def _nothing() -> None:
    """Streamlit keeps a component's values only where somebody listens."""
