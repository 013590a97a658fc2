"""Latent: groups of items with names; they are outlined, become directions, and are sent to Compare."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genlab.errors import GenlabError
from genlab.presentation.words import how_many, plain
from genlab.ui.components.explorer import Group, SavedGroup
from genlab.ui.shell import show_error
from genlab.ui.views.compare_items import SENT
from genlab.ui.views.latent_shown import ShownModel

GROUPS, WAYS, SELECT = "latent/groups", "latent/ways", "latent/select"
OTHERS = "all other real items"
MOST_SENT = 24

Indices = NDArray[np.int64]


def keep(shown: Sequence[ShownModel], saved: SavedGroup) -> bool:
    """Remember a group; False where it is known already or empty."""
    groups: dict[str, dict[str, Indices]] = st.session_state.setdefault(GROUPS, {})
    items = {each.key: chosen for each, chosen in zip(shown, saved.items, strict=True) if len(chosen)}
    old = groups.get(saved.name, {})
    if not items or all(key in old and np.array_equal(old[key], chosen) for key, chosen in items.items()):
        return False
    groups[saved.name] = {**old, **items}
    return True


def send(shown: Sequence[ShownModel], items: Sequence[Indices]) -> None:
    """Open Compare with the real images among the chosen items."""
    found = {}
    for each, chosen in zip(shown, items, strict=True):
        real = chosen[chosen < each.found.part("data").stop][:MOST_SENT]
        if len(real):
            found[each.run.id] = (str(each.found.folder), [int(item) for item in real])
    if not found:
        st.toast("Only real items can be compared: select some.", icon=":material/compare:")
        return
    st.session_state[SENT] = found
    st.switch_page("compare.py", query_params={"run": [each.run.id for each in shown]})


def outlines(shown: Sequence[ShownModel]) -> list[Group]:
    """The groups as the explorer draws them."""
    sizes = tuple(len(each.found) for each in shown)
    found = []
    for name, items in _groups().items():
        of_each = tuple(items.get(each.key) for each in shown)
        if any(chosen is not None for chosen in of_each):
            found.append(Group(name, of_each, sizes))
    return found


def wanted(shown: Sequence[ShownModel]) -> tuple[str, Group] | None:
    """The group that somebody asked to select again."""
    chosen = st.session_state.get(SELECT)
    if chosen is None:
        return None
    token, items = chosen
    of_each = tuple(items.get(each.key) for each in shown)
    if all(each is None for each in of_each):
        return None
    return token, Group("", of_each, tuple(len(each.found) for each in shown))


def directions(each: ShownModel) -> tuple[Mapping[str, Any], ...]:
    """Directions that were made of groups of this exploration."""
    ways: dict[str, list[dict[str, Any]]] = st.session_state.get(WAYS, {})
    return tuple(ways.get(each.key, ()))


def render(shown: Sequence[ShownModel]) -> None:
    """Groups and what can be done with them."""
    groups = {name: items for name, items in _groups().items() if any(each.key in items for each in shown)}
    st.markdown("## Groups and attributes")
    if not groups:
        st.caption(
            "Draw a lasso or a box around points in the map and give the selection a name. A group can become a "
            "direction (what makes these items differ from others), be selected again, or be sent to Compare."
        )
        return
    for name, items in groups.items():
        _row(shown, name, items)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.selectbox("From", [OTHERS, *groups], key="latent/from", width=220)
        second = st.selectbox("to", list(groups), key="latent/to", width=220)
        st.button(
            "Make a direction",
            icon=":material/arrow_right_alt:",
            type="primary",
            help="The difference of the mean codes of the two groups. It appears among the sliders.",
            disabled=first == second,
            on_click=_make,
            args=(tuple(shown), first, second),
            key="latent/make",
        )
    refusal = st.session_state.pop("latent/refusal", None)
    if isinstance(refusal, GenlabError):
        show_error(refusal)


def _row(shown: Sequence[ShownModel], name: str, items: Mapping[str, Indices]) -> None:
    size = max(len(items[each.key]) for each in shown if each.key in items)
    key = hashlib.sha256(name.encode()).hexdigest()[:8]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}** · {how_many(size, 'item')}", width=260)
        st.button("Select", icon=":material/select_all:", key=f"latent/select/{key}", on_click=_select, args=(items,))
        if st.button("Compare", icon=":material/compare:", key=f"latent/compare/{key}"):
            nothing = np.empty(0, np.int64)
            send(shown, [items.get(each.key, nothing) for each in shown])
        st.button("Remove", icon=":material/delete:", key=f"latent/forget/{key}", on_click=_forget, args=(name,))


def _make(shown: Sequence[ShownModel], first: str, second: str) -> None:
    """For the button: a direction from one group to another in every exploration that has both."""
    ways: dict[str, list[dict[str, Any]]] = st.session_state.setdefault(WAYS, {})
    groups = _groups()
    for each in shown:
        group = groups.get(second, {}).get(each.key)
        others = _others(each, group) if first == OTHERS else groups.get(first, {}).get(each.key)
        if group is None or others is None:
            continue
        try:
            vector, scale = each.found.between(group, others)
        except GenlabError as error:
            st.session_state["latent/refusal"] = error
            return
        title = second if first == OTHERS else f"{first} to {second}"
        name = f"groups-{hashlib.sha256(f'{first}/{second}'.encode()).hexdigest()[:8]}"
        about = {
            "name": name,
            "title": title,
            "method": "groups",
            "scale": scale,
            "strength": 1.0,
            "note": f"From the mean of {first} to the mean of {second} ({len(others):,} and {len(group):,} codes).",
            "vector": [float(value) for value in vector],
        }
        ways[each.key] = [*(way for way in ways.get(each.key, []) if way["name"] != name), about]


def _others(each: ShownModel, group: Indices | None) -> Indices | None:
    if group is None:
        return None
    part = each.found.part("data")
    return np.setdiff1d(np.arange(part.start, part.stop), group)


def _select(items: Mapping[str, Indices]) -> None:
    number = int(st.session_state.get("latent/selected", 0)) + 1
    st.session_state["latent/selected"] = number
    st.session_state[SELECT] = (str(number), dict(items))


def _forget(name: str) -> None:
    _groups().pop(name, None)


def _groups() -> dict[str, dict[str, Indices]]:
    found: dict[str, dict[str, Indices]] = st.session_state.setdefault(GROUPS, {})
    return found
