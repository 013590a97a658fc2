"""The route of data flows: documents that a browser shows step by step. Read-only, and it takes names, never paths."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from genlab.lab import ReadOnlyLab
from genlab.server.addresses import RUN_ID
from genlab.server.files import unchanging
from genlab.store.shipped import exact

if TYPE_CHECKING:
    from starlette.requests import Request

NAME = re.compile(r"[0-9]{12}-[0-9a-f]{12}")


def routes(lab: Callable[[], ReadOnlyLab]) -> list[BaseRoute]:
    """Data flows of runs.

    Args:
        lab: Gives the lab whose runs are shown.
    """

    def document(request: Request) -> Response:
        return flow_document(request, lab())

    return [Route("/genlab/runs/{run}/flows/{name}.json", document)]


def flow_document(request: Request, lab: ReadOnlyLab) -> Response:
    """What flows through a checkpoint; with ``?v=…`` it never has to be asked for again."""
    run, name = request.path_params["run"], request.path_params["name"]
    if not (RUN_ID.fullmatch(run) and NAME.fullmatch(name)):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    return unchanging(request, directory.path / "flows" / f"{name}.json")
