"""Tasks, the strength of an edit: the codes that a task has moved, moved further or less far while the hand moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from genlab.errors import InputError
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant
from genlab.ui.components.explorer import ExplorerSource
from genlab.ui.components.strength import Moved, strength
from genlab.ui.views.latent_shown import describe

MOVED = "moved"
"""Key of a task's details: ``codes`` and ``ways`` [n, D], ``towards`` and ``classes`` [n] (or None), and
``largest_strength``."""

OLDER = "most"
"""What the last of them is called in results of older releases."""


def render(lab: ReadOnlyLab, results: Sequence[tuple[Entrant, Mapping[str, Any] | None]], key: str) -> None:
    """The slider, and a row of items for each model whose codes a task has moved; nothing where there is none.

    Args:
        lab: The lab.
        results: What is kept of each model's; None before that.
        key: Key of the component in the session.
    """
    found = [(entrant, details) for entrant, document in results if (details := _details(document))]
    models = [model for entrant, details in found if (model := _moved(lab, entrant, details)) is not None]
    if not models:
        return
    words = "1 is the way from the mean code of an item's class to that of the other class, 0 the item's own code."
    st.markdown("### Strength", help=words)
    strength(key, models, max(_largest(details) for _, details in found))


def _details(document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found = ((document or {}).get("details") or {}).get(MOVED)
    return found if isinstance(found, Mapping) else {}


def _largest(details: Mapping[str, Any]) -> float:
    return float(details["largest_strength"] if "largest_strength" in details else details[OLDER])


def _moved(lab: ReadOnlyLab, entrant: Entrant, details: Mapping[str, Any]) -> Moved | None:
    """What the slider needs of a model; None where its codes cannot be read, or not be shown."""
    try:
        about = describe(lab, entrant.run, None)
        codes, ways = (np.asarray(details[name], np.float32) for name in ("codes", "ways"))
        towards, classes = tuple(map(str, details["towards"])), details["classes"]
        fits = codes.shape == ways.shape == (len(towards), about["latent_dim"]) and len(about["shape"]) == 3
        if not fits or not np.isfinite(codes).all() or not np.isfinite(ways).all():
            return None
        source = ExplorerSource(entrant.run.id, "", model=about, decoder=lab.models.decoder(entrant.run)).document()
        return Moved(
            title=entrant.label,
            codes=codes,
            ways=ways,
            towards=towards,
            classes=None if classes is None else tuple(map(int, classes)),
            shape=tuple(about["shape"]),
            images=about["images"],
            source={"graph": source["graph"], "weights": source["weights"], "decode": source["decode"]},
        )
    except (InputError, KeyError, TypeError, ValueError):
        return None
