"""Routes of pictures: samples of runs, and items of data sets. They are read-only and take names, never paths."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from genlab import kinds
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.pictures import block, cloud, corner, sheet, stills
from genlab.server.addresses import DATA_NAME, FOREVER, MOST_IMAGES, RUN_ID
from genlab.store.run import RunReader
from genlab.store.shipped import exact
from genlab.text import whole_number

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_TILES = 16
THUMBNAIL_PIXELS = 448


def routes(lab: Callable[[], ReadOnlyLab]) -> list[BaseRoute]:
    """Pictures of runs and of data sets.

    Args:
        lab: Gives the lab whose runs and data are shown.
    """

    def sample(request: Request) -> Response:
        return sample_picture(request, lab())

    def data(request: Request) -> Response:
        return data_picture(request, lab())

    return [
        Route("/genlab/runs/{run}/samples/{images}.png", sample),
        Route("/genlab/data/{name}.png", data),
    ]


def sample_picture(request: Request, lab: ReadOnlyLab) -> Response:
    """The first tiles of a run's sample grid; ``?tiles=4`` in each direction, ``?v=…`` makes it cacheable for ever."""
    run_id = request.path_params["run"]
    images = whole_number(request.path_params["images"], MOST_IMAGES)
    tiles = _tiles(request)
    if not RUN_ID.fullmatch(run_id) or images is None or tiles is None:
        return Response(status_code=404)
    directory = exact(lab.workspace, run_id)
    if directory is None:
        return Response(status_code=404)
    path = directory.path / "samples" / f"{images:012d}.png"
    try:
        changed = path.stat().st_mtime_ns
        content = _corner(path, changed, tiles)
    except (GenlabError, OSError, ValueError):
        return Response(status_code=404)
    return _picture(request, content, f"{changed:x}-{tiles}")


@lru_cache(maxsize=512)
def _corner(path: Path, changed: int, tiles: int) -> bytes:
    reader = RunReader(path.parents[1])
    grid, space = reader.grid(), reader.environment().get("space") or {}
    frames = kinds.get(reader.kind()).moving(tuple(space["shape"])) if "shape" in space else 1
    return corner(path, grid.columns, grid.rows, tiles, THUMBNAIL_PIXELS, frames)


def data_picture(request: Request, lab: ReadOnlyLab) -> Response:
    """A few items of a data set that has been decoded; 404 for one that has not."""
    name = request.path_params["name"]
    tiles = _tiles(request)
    if not DATA_NAME.fullmatch(name) or tiles is None:
        return Response(status_code=404)
    try:
        info = lab.data.describe(name)
        if info.fingerprint is None:
            return Response(status_code=404)
        content = _data(lab, name, info.fingerprint, tiles)
    except (GenlabError, OSError, ValueError):
        return Response(status_code=404)
    return _picture(request, content, f"{info.fingerprint[:16]}-{tiles}")


@lru_cache(maxsize=128)
def _data(lab: ReadOnlyLab, name: str, fingerprint: str, tiles: int) -> bytes:
    dataset = lab.data.open(name)
    items = dataset.items("train")
    kind = dataset.info.spec
    if not kind.pictured:
        return cloud(items[:20_000])
    shape = dataset.info.shape
    frames, (_, height, width) = kind.moving(shape), kind.picture_shape(shape)
    columns, rows = block(tiles, height, width // frames)
    return sheet(stills(kind.tiles(items[: columns * rows]), frames), columns, THUMBNAIL_PIXELS)


def _tiles(request: Request) -> int | None:
    """How many tiles are asked for in each direction; None where that is no number."""
    asked = whole_number(request.query_params.get("tiles", "4"), 1_000)
    return None if asked is None else 4 if asked == 1_000 else min(MOST_TILES, max(1, asked))


def _picture(request: Request, content: bytes, tag: str) -> Response:
    """The picture; with a version in its address it never has to be asked for again."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER if "v" in request.query_params else "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)
