"""The app besides its pages: start-up, the document that pages are drawn in, routes, and what errors become.

Pages never train: this process only reads run directories, so it needs one thread for linear algebra and no more.
"""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from genlab import cores
from genlab.errors import GenlabError
from genlab.lab import Lab, ReadOnlyLab
from genlab.lab.read_only import is_read_only
from genlab.presentation.front_page import modules_of
from genlab.server import flow, guards, latent, media, pictures, playground
from genlab.server.start import app_file
from genlab.ui.components import assets

if TYPE_CHECKING:
    from starlette.requests import Request
    from streamlit import App

# Every rerun of a page is a new thread, and each would otherwise set up a team of threads of its own.
cores.limit(1)


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Import what every page needs before the first visit, and keep the garbage collector from walking over it.

    What a server before this one was given and did not add, because it was killed, goes.
    """
    await run_in_threadpool(_warm)
    await run_in_threadpool(_sweep)
    send_at_once()
    gc.collect()
    gc.freeze()
    yield


def send_at_once() -> int:
    """Switch Nagle's algorithm off for this process's TCP sockets; returns how many there are.

    Streamlit makes its listening socket without naming the protocol, and asyncio then leaves the algorithm on: the body
    of an answer waits for the acknowledgement of its head, 40 ms on Linux. Connections inherit the option.
    """
    found = 0
    for each in gc.get_objects():
        if type(each) is not socket.socket or each.fileno() < 0:
            continue
        if each.type == socket.SOCK_STREAM and each.family in {socket.AF_INET, socket.AF_INET6}:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found += 1
    return found


def _warm() -> None:
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    from genlab.registry import registry

    for kind in ("datasets", "objectives", "presets"):
        registry(kind).names()


def _sweep() -> None:
    if not is_read_only():
        with suppress(GenlabError, OSError):
            Lab().imports.sweep()


def on_script_error(error: Exception) -> bool:
    """Show an error of ours as a sentence, any other as a short apology; Streamlit logs its traceback."""
    import streamlit as st

    from genlab.ui.shell import show_error

    if isinstance(error, GenlabError):
        show_error(error)
    else:
        st.error(
            "Reload the page. If it happens again, the server's output says where.",
            title=f"Something went wrong here: {type(error).__name__}",
            icon=":material/error:",
        )
    return True


def middleware() -> list[Middleware]:
    """What is refused before anything answers."""
    return guards.middleware()


# Routes: read-only, nothing but documents and pictures, nothing that takes a path


def routes() -> list[BaseRoute]:
    """Pages, pictures of runs and data sets, what the Latent page reads, and the components' own files."""
    return [
        Route("/home", home),
        *(Route(f"/{name}", document) for name in ("", *page_names())),
        *pictures.routes(_lab),
        *playground.routes(),
        *latent.routes(_lab),
        *media.routes(_lab),
        *flow.routes(_lab),
        *assets.routes(),
    ]


@lru_cache(maxsize=1)
def page_names() -> tuple[str, ...]:
    """The pages' addresses, without Home's, which is empty."""
    files = (app_file().parent / "pages").glob("[a-z]*.py")
    return tuple(sorted(file.stem for file in files if file.stem != "home"))


def home(request: Request) -> Response:
    """Home has no name in its address; whoever writes one is led there."""
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


def document(request: Request) -> Response:
    """Streamlit's document, told where the app begins.

    Streamlit's script would take ``/train`` for the folder that the app is served from and ask there first.
    """
    return HTMLResponse(_document(request.url.path.strip("/") == ""), headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=2)
def _document(at_home: bool) -> str:
    import streamlit

    found = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    base = f'location.pathname.replace(/\\/+$/, "").replace(/\\/({"|".join(page_names())})$/, "")'
    script = f'<script>window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {base} + "/" }}</script>'
    # What moves on Home is fetched beside Streamlit's own script, not after it.
    names = modules_of("front/index.js") if at_home else []
    early = "".join(f'<link rel="modulepreload" href="./{assets.address(name)}">\n    ' for name in names)
    return found.replace("<script", f"{early}{script}\n    <script", 1).replace(
        "<title>Streamlit<", "<title>genlab<", 1
    )


@lru_cache(maxsize=8)
def _lab_at(workspace: str) -> ReadOnlyLab:
    return ReadOnlyLab(workspace or None)


def _lab() -> ReadOnlyLab:
    return _lab_at(os.environ.get("GENLAB_WORKSPACE", ""))
