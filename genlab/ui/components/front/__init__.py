"""The models on top of Home: side by side, walking through their latent spaces in step before anybody has clicked.

Pictures come from a film that ships with a model until its decoder runs in the browser; nothing is asked of Python.
"""

from __future__ import annotations

from collections.abc import Sequence

from genlab.plots.theme import Mode
from genlab.presentation.front import FrontFiles, FrontGroup, FrontModel, front_data
from genlab.ui.components import assets

HTML = '<div class="front" role="group" aria-label="Models that walk through their latent spaces"></div>'


def front(key: str, groups: Sequence[FrontGroup], mode: Mode) -> None:
    """Show the models of one data set after the other.

    Args:
        key: Key of the component in the session.
        groups: What there is to show, at least one.
        mode: The reader's theme.
    """
    data = {"module": assets.entry("front"), "groups": front_data(groups, files_of), "mode": mode}
    assets.component("front", "The moving pictures", HTML)(key=key, data=data)


def files_of(model: FrontModel) -> FrontFiles:
    """Where this app serves what a browser shows of a model."""
    run, decoder = model.run.id, model.decoder
    base, link = f"genlab/runs/{run}", f"latent?run={run}"
    still = f"{base}/samples/{model.sample[0]}.png?tiles=1" if model.sample else ""
    if decoder is None or decoder.graph is None:
        return FrontFiles(still=still, link=link)
    graph = f"{base}/decoder/{decoder.graph}?v=1"
    return FrontFiles(
        graph=graph,
        weights=graph.replace(".onnx", ".weights") if decoder.weights is not None else "",
        opening=f"{base}/decoder/{decoder.opening.file}" if decoder.opening is not None else "",
        still=still,
        link=link,
    )
