"""Files of runs as they are: what whoever has checked an address for its own kind of file answers with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from genlab.server.addresses import FOREVER

if TYPE_CHECKING:
    from starlette.requests import Request

TYPES = {".json": "application/json", ".png": "image/png"}


def unchanging(request: Request, path: Path) -> Response:
    """A file; with ``?v=…`` it never has to be asked for again."""
    try:
        found = path.stat()
    except OSError:
        return Response(status_code=404)
    tag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
    headers = {"ETag": tag, "Cache-Control": FOREVER if "v" in request.query_params else "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    # Numbers hardly shrink, and compressing megabytes of them delays the first picture; so does a second time a PNG.
    headers["Content-Encoding"] = "identity"
    return FileResponse(path, headers=headers, media_type=TYPES.get(path.suffix, "application/octet-stream"))
