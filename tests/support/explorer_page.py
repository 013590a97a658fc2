"""A page with nothing on it but the explorer; the address says of what, and a line says what Python was told.

``?s=RUN:KEY`` or ``?s=RUN:KEY,RUN:KEY``; ``&projections=pca,umap``, ``&projection=umap`` and ``&colour=norm``.
"""

from __future__ import annotations

import json

import streamlit as st

from genlab.lab import Lab
from genlab.ui.components.explorer import ExplorerSource, Group, Latent, explorer

st.set_page_config(layout="wide")
query = st.query_params
projections = tuple(query["projections"].split(",")) if "projections" in query else ()
pairs = [part.split(":") for part in query["s"].split(",")]
sources = [ExplorerSource(run, key, projections=projections, decoder=Lab().models.decoder(run)) for run, key in pairs]
groups = (
    [Group("first ten", (tuple(range(10)),) * len(sources), (int(query["n"]),) * len(sources))] if "n" in query else []
)
start = ("given", Latent(tuple(float(value) for value in query["start"].split(",")))) if "start" in query else None
state = explorer(
    "explorer",
    sources,
    colour=query.get("colour"),
    projection=query.get("projection"),
    groups=groups,
    select=("given", groups[0]) if groups else None,
    latent=start,
)
told = {
    "selected": [len(items) for items in state.selection],
    "first": [items[:5].tolist() for items in state.selection],
    "latent": state.latent and {"item": state.latent.item, "y": state.latent.y, "z": state.latent.z},
    "walk": [[point.item, point.z and len(point.z)] for point in state.walk.points],
    "view": [state.projection, state.colour],
    "saved": state.save_group and [state.save_group.name, *(len(items) for items in state.save_group.items)],
    "compare": state.send_to_compare and [len(items) for items in state.send_to_compare],
    "film": state.export_walk,
}
st.code(json.dumps(told), language=None)
