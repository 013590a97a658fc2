"""The browser's files of all our components, under addresses that hold a digest of them: fetched once, ever.

A component is a folder beside this file: ``index.js``, the modules that it imports, and a style sheet of the folder's
name where it shows anything. What several share stands beside the folders.

Streamlit's own folder of component files sends neither an ETag nor a lifetime, so that a browser would fetch megabytes
again at every load. What is large is kept compressed in the package and sent as it is.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
}
"""What is served, and as what; anything else in the package is not."""

PREFIX = "genlab/assets"
FOREVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """Path under a component's folder, as the browser names it -> file; ``x.wasm.gz`` is served as ``x.wasm``."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        name = path.relative_to(FOLDER).as_posix().removesuffix(".gz")
        if path.is_file() and Path(name).suffix in TYPES:
            found[name] = path
    return found


@lru_cache(maxsize=1)
def version() -> str:
    """A digest of all served files: it changes when any of them does, and modules that belong together stay so."""
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def address(name: str) -> str:
    """Address of a served file relative to the app's root, e.g. ``genlab/assets/1a2b…/explorer/index.js``.

    Raises:
        KeyError: When no such file is served.
    """
    if name not in files():
        raise KeyError(name)
    return f"{PREFIX}/{version()}/{name}"


def source(name: str) -> str:
    """Text of a served file, e.g. a style sheet that goes into a component."""
    return files()[name].read_text(encoding="utf-8")


@cache
def component(name: str, what: str, html: str = "", place: str = "") -> Callable[..., Any]:
    """The component in the folder ``name``, registered once; calling it puts it on the page.

    Its address is looked up in ``data.module``, which has to be `entry` of the name, so that one registered component
    serves every version of its files.

    Args:
        name: The folder's name.
        what: What could not be loaded, in words, where it could not.
        html: What is there before the module has come.
        place: Selector of the element that the module fills; by default the one with the folder's name as its class.
    """
    import streamlit as st

    sheet = f"{name}/{name}.css"
    style = source(sheet) if sheet in files() else None
    mount: Callable[..., Any] = st.components.v2.component(
        f"genlab_{name}", html=html or None, css=style, js=_loader(place or f".{name}", what)
    )
    return mount


def entry(name: str) -> str:
    """Address of a component's module, for its ``data``."""
    return address(f"{name}/index.js")


def _loader(place: str, what: str) -> str:
    return f"""
export default function (component) {{
  const say = (text) => {{
    const place = component.parentElement.querySelector("{place}");
    if (place && !place.childElementCount) place.textContent = text;
  }};
  let stop = null, over = false;
  import(new URL(component.data.module, document.baseURI).href).then(
    (module) => {{ if (!over) stop = module.default(component); }},
    () => say("{what} could not be loaded. Reload the page."),
  );
  return () => {{ over = true; stop?.(); }};
}}
"""


def routes() -> list[BaseRoute]:
    """The one route of all these files."""
    return [Route(f"/{PREFIX}/{{version}}/{{name:path}}", asset)]


def asset(request: Request) -> Response:
    """A file; 404 for an address of another version, so that modules of two versions never meet."""
    name = request.path_params["name"]
    if name not in files() or request.path_params["version"] != version():
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    headers = {"ETag": f'"{version()}"', "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    content = compressed(name)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=TYPES[Path(name).suffix], headers=headers)


@lru_cache(maxsize=256)
def compressed(name: str) -> bytes:
    """A served file as gzip."""
    path = files()[name]
    content = path.read_bytes()
    return content if path.suffix == ".gz" else gzip.compress(content, 9, mtime=0)
