"""Tasks, a person's own items in the order of how unlike they are to what was learned, with the line of a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from genlab.numbers import percent
from genlab.presentation.tasks import Ranking
from genlab.presentation.words import how_many
from genlab.ui.views.tasks_rows import short_name


def render(ranked: Sequence[Ranking], own: Sequence[str], names: Sequence[str] = ()) -> None:
    """The items of one method at a time; nothing where no method ranks them.

    Args:
        ranked: What methods say of the items.
        own: Pictures of the items, each a PNG in base64.
        names: What they are called; empty where that is not known.
    """
    if not ranked:
        return
    st.markdown("### Your items, the most unlike first")
    titles = [one.title for one in ranked]
    title = st.selectbox("Ranked by", titles, key=f"tasks/ranking/{'|'.join(titles)}", width=420)
    chosen = ranked[titles.index(title)] if title in titles else ranked[0]
    over = [item for item in chosen.order if chosen.flagged(item)]
    under = [item for item in chosen.order if not chosen.flagged(item)]
    st.markdown(
        f"**{how_many(len(over), 'item')} of {len(own):,} above the threshold**, which "
        f"{percent(chosen.rate)} of normal items exceed by mistake: a false-alarm rate chosen on normal items alone."
    )
    above, below = (_tiles(chosen, items, own, names) for items in (over, under))
    st.html(f"{STYLE}{above}<div class='genlab-line'>threshold</div>{below}")


def _tiles(ranking: Ranking, items: Sequence[int], own: Sequence[str], names: Sequence[str]) -> str:
    tiles = "".join(_tile(ranking, item, own[item], names[item] if item < len(names) else "") for item in items)
    return f"<div class='genlab-ranked'>{tiles or '<p class=genlab-facts>none</p>'}</div>"


def _tile(ranking: Ranking, item: int, text: str, name: str) -> str:
    words = f"above {percent(ranking.lower[item])}"
    alt = f"{name or f'Item {item + 1}'}, {words} of normal items"
    called = f"<b title='{escape(name)}'>{escape(short_name(name))}</b>" if name else ""
    return (
        f"<figure><img src='data:image/png;base64,{escape(text)}' alt='{escape(alt)}'>"
        f"<figcaption>{called}{escape(words)}</figcaption></figure>"
    )


STYLE = """
<style>
.genlab-ranked { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 0.5rem; }
.genlab-ranked figure { margin: 0; }
.genlab-ranked img { width: 100%; max-width: 128px; image-rendering: pixelated; display: block; border-radius: 3px; }
.genlab-ranked figcaption { font-size: 0.76rem; color: color-mix(in srgb, currentColor 76%, transparent); }
.genlab-ranked b { display: block; font-weight: 500; line-height: 1.25; overflow-wrap: anywhere; }
.genlab-line { display: flex; align-items: center; gap: 0.6rem; margin: 0.6rem 0; font-size: 0.8rem; }
.genlab-line::before, .genlab-line::after { content: ""; flex: 1; border-top: 2px dashed var(--genlab-bad); }
</style>
"""
