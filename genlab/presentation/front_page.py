"""The front page as a folder of plain files, which any web server can host: no Python, nothing from elsewhere.

It runs the very modules that Home runs, and the decoders that the zoo ships; which modules those are is found by
following their imports.
"""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from html import escape
from pathlib import Path

from genlab.errors import InputError
from genlab.lab import ReadOnlyLab
from genlab.presentation.front import FrontFiles, FrontGroup, FrontModel, front_data, front_groups
from genlab.store import atomic

COMPONENTS = Path(__file__).parents[1] / "ui" / "components"
ENTRY = "front/page.js"
SHEETS = ("front/front.css", "front/page.css")
PAGE = "front/page.html"
RUNTIME = ("vendor/ort.wasm.bundle.min.mjs", "vendor/ort-wasm-simd-threaded.wasm", "vendor/LICENSE.onnxruntime")
"""ONNX Runtime, whose address `decoder.js` makes up when it is needed."""

IMPORT = re.compile(r'^(?:import|export)[^"]*from "(\.[^"]+)"', re.MULTILINE)

TITLE = "genlab: train, explore and compare generative models"
ABOUT = "The decoders run in your browser: nothing you do here is sent anywhere."


def export_front_page(lab: ReadOnlyLab, folder: Path) -> list[FrontGroup]:
    """Make ``folder``, which may be there only if it is empty, with the page in it, in one step; what is shown on it.

    Raises:
        InputError: When the folder is not empty or cannot be written to, or when there is nothing that moves.
        GenlabError: When the disk is full.
    """
    if not atomic.is_vacant(folder):
        raise InputError(f"{folder} is not an empty folder.", "Name one that is not there yet.", kind="exists")
    groups = [_moving(group) for group in front_groups(lab)]
    groups = [group for group in groups if group.models]
    if not groups:
        raise InputError("No shipped model can be shown in motion.", "Look at GENLAB_ZOO.", kind="not_found")

    def fill(staging: Path) -> None:
        _write_models(lab, groups, staging)
        _write_page(groups, staging)

    atomic.write_folder(folder, fill)
    return groups


def _moving(group: FrontGroup) -> FrontGroup:
    """The models of a group that have a decoder: a page without a server has nothing else to show."""
    return FrontGroup(group.data, group.title, tuple(model for model in group.models if not model.trouble))


def files_of(model: FrontModel) -> FrontFiles:
    """Where the page has what it shows of a model, relative to itself."""
    decoder, base = model.decoder, f"models/{model.run.id}"
    if decoder is None:
        return FrontFiles()
    return FrontFiles(
        graph=f"{base}/decoder.onnx",
        weights=f"{base}/decoder.weights" if decoder.weights is not None else "",
        opening=f"{base}/opening.png" if decoder.opening is not None else "",
    )


def _write_models(lab: ReadOnlyLab, groups: list[FrontGroup], folder: Path) -> None:
    for model in (model for group in groups for model in group.models):
        run, decoder, files = lab.runs.read(model.run).path, model.decoder, files_of(model)
        if decoder is None or decoder.graph is None:
            continue
        _write(folder / files.graph, (run / "latent" / decoder.graph).read_bytes())
        if decoder.opening is not None:
            _write(folder / files.opening, (run / "latent" / decoder.opening.file).read_bytes())
        weights = decoder.shared(run)
        if weights is not None:
            _write(folder / files.weights, weights)
    document = json.dumps(front_data(groups, files_of), ensure_ascii=False, separators=(",", ":"))
    _write(folder / "models.json", document.encode())


def _write_page(groups: list[FrontGroup], folder: Path) -> None:
    modules = modules_of(ENTRY)
    for name in (*modules, *SHEETS, *RUNTIME):
        packed = COMPONENTS / f"{name}.gz"
        content = gzip.decompress(packed.read_bytes()) if packed.is_file() else (COMPONENTS / name).read_bytes()
        _write(folder / name, content)
    films = [film for model in groups[0].models if (film := files_of(model).opening)]
    preloads = [f'<link rel="modulepreload" href="{escape(name)}">' for name in modules]
    preloads += [
        f'<link rel="preload" as="fetch" crossorigin href="{escape(name)}">' for name in ["models.json", *films]
    ]
    sheets = [f'<link rel="stylesheet" href="{escape(name)}">' for name in SHEETS]
    page = (COMPONENTS / PAGE).read_text(encoding="utf-8")
    page = page.format(title=escape(TITLE), about=escape(ABOUT), links="\n".join([*sheets, *preloads]))
    _write(folder / "index.html", page.encode())


def modules_of(entry: str) -> list[str]:
    """A module and all that it imports, directly or not, as paths below the components' folder."""
    found, waiting = [], [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        text = (COMPONENTS / name).read_text(encoding="utf-8")
        waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(name), each)) for each in IMPORT.findall(text)]
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
