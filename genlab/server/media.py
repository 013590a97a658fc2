"""Routes of items that can be heard, watched or read: of data, beside sheets of pictures, and of latents.

All are read-only and take names and numbers, never paths. `pictures` serves how items look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from genlab import kinds
from genlab.errors import GenlabError
from genlab.exploration.decoding import items_of
from genlab.kinds._media import Media, joined, media
from genlab.kinds.base import KindSpec, as_public
from genlab.lab import ReadOnlyLab
from genlab.server.addresses import DATA_NAME, FOREVER, RUN_ID
from genlab.server.latent import with_model
from genlab.store import shown
from genlab.store.shipped import exact
from genlab.text import whole_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request

SHEET = re.compile(r"(?:[0-9A-Za-z][0-9A-Za-z_.-]{0,119}/){1,4}[0-9A-Za-z][0-9A-Za-z_-]{0,119}")
"""A sheet below its run's folder, without its ending."""

MOST_ITEMS = 10**9
PLACES = frozenset({shown.OF_RUN, shown.OF_DATA})


def routes(lab: Callable[[], ReadOnlyLab]) -> list[BaseRoute]:
    """Items of data sets, of sheets, and of latents.

    Args:
        lab: Gives the lab whose runs and data are played.
    """

    def of_data(request: Request) -> Response:
        return data_item(request, lab())

    def of_sheet(request: Request) -> Response:
        return sheet_item(request, lab())

    def of_latents(request: Request) -> Response:
        return latent_item(request, lab())

    return [
        Route("/genlab/media/data/{name}/{split}/{index}", of_data),
        Route("/genlab/media/runs/{run}/{place}/{sheet:path}/{index}", of_sheet),
        Route("/genlab/media/runs/{run}/latents", of_latents),
    ]


def data_item(request: Request, lab: ReadOnlyLab) -> Response:
    """One item of a data set that has been decoded; with ``?v=…`` it never has to be asked for again."""
    name, split = request.path_params["name"], request.path_params["split"]
    index = whole_number(request.path_params["index"], MOST_ITEMS)
    if not DATA_NAME.fullmatch(name) or split not in {"train", "test"} or index is None:
        return Response(status_code=404)
    try:
        info = lab.data.describe(name)
        if info.fingerprint is None:
            return Response(status_code=404)
        found = _of_data(lab, name, info.fingerprint, split, index)
    except (GenlabError, OSError, ValueError, IndexError):
        return Response(status_code=404)
    return _answer(request, found, f"{info.fingerprint[:16]}-{split}-{index}")


@lru_cache(maxsize=256)
def _of_data(lab: ReadOnlyLab, name: str, fingerprint: str, split: str, index: int) -> Media:
    dataset = lab.data.open(name)
    return media(dataset.info.spec, as_public(dataset.items("test" if split == "test" else "train")[index]))


def sheet_item(request: Request, lab: ReadOnlyLab) -> Response:
    """One item of those that are kept beside a sheet of pictures: of a run, or of its data (``baselines``)."""
    run, place, sheet = (request.path_params[part] for part in ("run", "place", "sheet"))
    index = whole_number(request.path_params["index"], MOST_ITEMS)
    if not RUN_ID.fullmatch(run) or not SHEET.fullmatch(sheet) or index is None or place not in PLACES:
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    path = shown.file_of(place, sheet, directory.path, lab.workspace)
    try:
        changed = path.stat().st_mtime_ns
        items = shown.kept(path)
        if items is None or index >= len(items):
            return Response(status_code=404)
        found = media(kinds.of(directory.environment().get("space")), items[index])
    except (GenlabError, OSError, ValueError):
        return Response(status_code=404)
    return _answer(request, found, f"{changed:x}-{index}")


def latent_item(request: Request, lab: ReadOnlyLab) -> Response:
    """What a model makes of latents, several as one sound, film or text; ``z``, ``y``, ``images`` as of the decoder.

    With ``?form=text`` a list of what can be read of each.
    """
    run, query = request.path_params["run"], request.query_params
    if not RUN_ID.fullmatch(run):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    read = query.get("form") == "text"

    def answer(model: Any) -> Response:
        items, kind = items_of(model, query.get("z", ""), query.get("y", "")), model.space.spec
        found = _texts(kind, items) if read else joined(kind, items)
        return Response(found.content, media_type=found.mime, headers={"Cache-Control": "no-store", **AS_IT_IS})

    return with_model(lab, directory, query.get("images", ""), answer)


def _texts(kind: KindSpec, items: NDArray[np.float32]) -> Media:
    lines = [] if kind.text is None else [kind.text(item) for item in items]
    return Media(json.dumps(lines).encode(), "application/json")


AS_IT_IS = {"Content-Encoding": "identity"}
"""What is compressed already is not compressed again, which would delay the first sound."""


def _answer(request: Request, found: Media, tag: str) -> Response:
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER if "v" in request.query_params else "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.mime, headers=headers | AS_IT_IS)
