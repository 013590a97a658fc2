"""The app as a server: how it is found and started, the document that its pages are drawn in, routes for pictures.

Pages never train: this process only reads run directories, so it needs one thread for linear algebra and no more.
"""

from __future__ import annotations

import errno
import gc
import importlib.util
import os
import re
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from genlab import cores, kinds
from genlab.errors import GenlabError, InputError
from genlab.lab import Lab
from genlab.lab.changes import READ_ONLY, is_read_only
from genlab.server import guards, latent, playground
from genlab.store.run import RunDirectory
from genlab.store.shipped import exact
from genlab.ui.components import assets
from genlab.ui.pictures import cloud, corner, sheet

if TYPE_CHECKING:
    from starlette.requests import Request
    from streamlit import App

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,119}")
DATA_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST_TILES = 16
THUMBNAIL_PIXELS = 448
FOREVER = "private, max-age=31536000, immutable"

# Every rerun of a page is a new thread, and each would otherwise set up a team of threads of its own.
cores.limit(1)


def app_file() -> Path:
    """The file that defines the app: the checkout's own, or the one inside an installed genlab.

    Raises:
        GenlabError: When there is neither.
    """
    package = Path(__file__).parents[1]
    checkout = package.parent
    if (checkout / "app.py").is_file() and (checkout / "pyproject.toml").is_file():
        return checkout / "app.py"
    installed = package / "_app" / "app.py"
    if not installed.is_file():
        raise GenlabError("This installation has no app in it.", "Install genlab again from its wheel.", kind="no_app")
    return installed


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    workspace: str | os.PathLike[str] | None = None,
    open_browser: bool = True,
    read_only: bool = False,
) -> None:
    """Open the app and wait until it is stopped.

    Args:
        host: Address to listen on; any but this computer's own opens the lab to the network.
        port: Port to listen on.
        workspace: Folder to look into; by default ``GENLAB_WORKSPACE`` or the user's data folder.
        open_browser: Whether to show it in a browser once it answers.
        read_only: Whether nobody may train, add or delete.

    Raises:
        InputError: When the address cannot be listened on.
    """
    require_free(host, port)
    if workspace is not None:
        os.environ["GENLAB_WORKSPACE"] = str(Path(workspace).expanduser().absolute())
    if read_only:
        os.environ[READ_ONLY] = "1"
    os.environ["GENLAB_HOST"] = host
    path = app_file()
    # Streamlit looks for .streamlit/config.toml beside the program that was started, which here is `genlab`.
    sys.argv[0] = str(path)
    spec = importlib.util.spec_from_file_location("genlab_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(host, port), daemon=True).start()
    run(module.app, host, port)


def run(app: App, host: str | None = None, port: int | None = None) -> None:
    """Serve ``app``; without host and port where its configuration says."""
    config: dict[str, Any] = {}
    # `App.run` does not read these two variables, although `streamlit run` does.
    host = host or os.environ.get("STREAMLIT_SERVER_ADDRESS")
    if host is not None:
        config["server.address"] = host
    port = port or int(os.environ.get("STREAMLIT_SERVER_PORT") or 0) or None
    if port is not None:
        config["server.port"] = port
    if is_read_only():
        config["server.maxUploadSize"] = 1
    app.run(config=config)


def require_free(host: str, port: int) -> None:
    """Find out now, in one sentence, what would otherwise be a failed start.

    Raises:
        InputError: When the port is taken or the address is not this computer's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError as error:
            raise InputError(
                f"This user may not listen on port {port}.", "Choose a port above 1023 with --port.", kind="port"
            ) from error
        except (OSError, OverflowError) as error:
            if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
                raise InputError(
                    f"{host} is not an address of this computer.", "Use 127.0.0.1 or 0.0.0.0.", kind="host"
                ) from error
            raise InputError(
                f"Port {port} on {host} is in use.",
                f"Open http://{host}:{port} if genlab runs there already, or choose another port: --port {port + 1}.",
                kind="port",
            ) from error


def _open_when_ready(host: str, port: int, patience: float = 30.0) -> None:
    near = "127.0.0.1" if host in guards.ANYWHERE else host
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with socket.create_connection((near, port), timeout=0.5):
                webbrowser.open(f"http://{near}:{port}")
                return
        except OSError:
            time.sleep(0.2)


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Import what every page needs before the first visit, and keep the garbage collector from walking over it."""
    await run_in_threadpool(_warm)
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
        Route("/genlab/runs/{run}/samples/{images}.png", sample_picture),
        Route("/genlab/data/{name}.png", data_picture),
        *playground.routes(),
        *latent.routes(_lab),
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
    return HTMLResponse(_document(), headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def _document() -> str:
    import streamlit

    found = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    base = f'location.pathname.replace(/\\/+$/, "").replace(/\\/({"|".join(page_names())})$/, "")'
    script = f'<script>window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {base} + "/" }}</script>'
    return found.replace("<script", f"{script}\n    <script", 1).replace("<title>Streamlit<", "<title>genlab<", 1)


def sample_picture(request: Request) -> Response:
    """The first tiles of a run's sample grid; ``?tiles=4`` in each direction, ``?v=…`` makes it cacheable for ever."""
    run_id = request.path_params["run"]
    images = latent.whole_number(request.path_params["images"], latent.MOST_IMAGES)
    tiles = _tiles(request)
    if not RUN_ID.fullmatch(run_id) or images is None or tiles is None:
        return Response(status_code=404)
    directory = exact(_lab().workspace, run_id)
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
    grid = RunDirectory(path.parents[1]).grid()
    return corner(path, grid.columns, grid.rows, tiles, THUMBNAIL_PIXELS)


def data_picture(request: Request) -> Response:
    """A few items of a data set that has been decoded; 404 for one that has not."""
    name = request.path_params["name"]
    tiles = _tiles(request)
    if not DATA_NAME.fullmatch(name) or tiles is None:
        return Response(status_code=404)
    lab = _lab()
    try:
        info = lab.describe(name)
        if info.fingerprint is None:
            return Response(status_code=404)
        content = _data(lab, name, info.fingerprint, tiles)
    except (GenlabError, OSError, ValueError):
        return Response(status_code=404)
    return _picture(request, content, f"{info.fingerprint[:16]}-{tiles}")


@lru_cache(maxsize=128)
def _data(lab: Lab, name: str, fingerprint: str, tiles: int) -> bytes:
    dataset = lab.dataset(name)
    items = dataset.items("train")
    kind = kinds.get(dataset.info.kind)
    if not kind.pictured:
        return cloud(items[:20_000])
    return sheet(kind.tiles(items[: tiles * tiles]), tiles, THUMBNAIL_PIXELS)


@lru_cache(maxsize=8)
def _lab_at(workspace: str) -> Lab:
    return Lab(workspace or None)


def _lab() -> Lab:
    return _lab_at(os.environ.get("GENLAB_WORKSPACE", ""))


def _tiles(request: Request) -> int | None:
    """How many tiles are asked for in each direction; None where that is no number."""
    asked = latent.whole_number(request.query_params.get("tiles", "4"), 1_000)
    return None if asked is None else 4 if asked == 1_000 else min(MOST_TILES, max(1, asked))


def _picture(request: Request, content: bytes, tag: str) -> Response:
    """The picture; with a version in its address it never has to be asked for again."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER if "v" in request.query_params else "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)
