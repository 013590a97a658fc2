"""What flows through a model, step by step or playing.

One item goes through encoder, noise and decoder, one latent through generator and critic with the gradient coming back.
The browser reads the document; Python only says where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genlab import kinds
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import Mode, family_colour, family_glyph, family_ink, family_title
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.components import assets

HTML = '<div class="flow" role="group"></div>'


def flow(
    key: str,
    lab: ReadOnlyLab,
    run: Run,
    document: Mapping[str, Any],
    mode: Mode,
    *,
    parameters: Mapping[str, int] | None = None,
    numbers: Mapping[str, int] | None = None,
) -> None:
    """Show what flows through a run's model.

    Args:
        key: Key of the component in the session.
        lab: Where the run is.
        run: The run.
        document: What ``lab.models.flow(run)`` gave.
        mode: The reader's theme.
        parameters: Part -> number of trainable parameters, written under it.
        numbers: Place -> the number by which a text refers to it.
    """
    family, path = run.family, Path(document["path"])
    space = lab.runs.read(run).environment().get("space") or {}
    kind = kinds.of(space)
    data = {
        "module": assets.entry("flow"),
        "src": f"genlab/runs/{run.id}/flows/{path.name}?v={path.stat().st_mtime_ns:x}",
        "title": plain(run.name),
        "family": family_title(family),
        "glyph": family_glyph(family),
        "colour": {"light": family_colour(family, "light"), "dark": family_colour(family, "dark")},
        "ink": {"light": family_ink(family, "light"), "dark": family_ink(family, "dark")},
        "mode": mode,
        "parameters": dict(parameters or {}),
        "numbers": dict(numbers or {}),
        "one": kind.one,
        "frames": kind.moving(tuple(space["shape"])) if "shape" in space else 1,
    }
    assets.component("flow", "The data flow", HTML)(key=key, data=data)
