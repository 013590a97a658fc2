"""Routes behind the Latent page: files of an exploration, and the decoder for browsers that cannot run it themselves.

All are read-only and take identifiers, never paths. Torch is loaded by the first picture that is asked for, not before.
"""

from __future__ import annotations

import base64
import binascii
import gc
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from genlab.errors import GenlabError, InputError
from genlab.exploration.kept import Decoder
from genlab.lab import Lab
from genlab.server.addresses import FOREVER, MOST_IMAGES, RUN_ID, whole_number
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunDirectory
from genlab.store.shipped import exact

if TYPE_CHECKING:
    import torch
    from starlette.requests import Request

    from genlab.models.generative import GenerativeModel

KEY = re.compile(r"[0-9a-z-]{1,60}")
FILE = re.compile(
    r"exploration\.json|codes\.f32|directions\.f32"
    r"|(map|attribute)-[0-9a-z][0-9a-z_-]{0,59}\.f32|atlas-[0-9]{1,3}\.png"
)
DECODER = re.compile(r"decoder-[0-9]{12}-[0-9a-f]{12}")
TYPES = {".json": "application/json", ".png": "image/png"}

MOST_LATENTS = 64
"""Latents decoded for one request."""

LONGEST = 60_000
"""Characters of the latents in an address: what servers take at most."""

KEPT_MODELS = 3
PATIENCE_SECONDS = 10.0

_turn = threading.Semaphore(1)
_models: OrderedDict[tuple[str, int, int], GenerativeModel] = OrderedDict()


def routes(lab: Callable[[], Lab]) -> list[BaseRoute]:
    """Files of explorations and the decoder.

    Args:
        lab: Gives the lab whose runs are served.
    """

    def file(request: Request) -> Response:
        return exploration_file(request, lab())

    def decode(request: Request) -> Response:
        return decoded(request, lab())

    def prepared(request: Request) -> Response:
        return decoder_file(request, lab())

    return [
        Route("/genlab/runs/{run}/latent/{key}/{file}", file),
        Route("/genlab/runs/{run}/decoder/{name}.{part}", prepared),
        Route("/genlab/runs/{run}/decode", decode),
    ]


def exploration_file(request: Request, lab: Lab) -> Response:
    """One file of an exploration; with ``?v=…`` it never has to be asked for again."""
    run, key, name = (request.path_params[part] for part in ("run", "key", "file"))
    if not (RUN_ID.fullmatch(run) and KEY.fullmatch(key) and FILE.fullmatch(name)):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    return _unchanging(request, directory.path / "latent" / key / name)


def decoder_file(request: Request, lab: Lab) -> Response:
    """The graph of a decoder (``.onnx``), or the weights that it reads from its checkpoint (``.weights``)."""
    run, name, part = (request.path_params[each] for each in ("run", "name", "part"))
    if not (RUN_ID.fullmatch(run) and DECODER.fullmatch(name) and part in {"onnx", "weights"}):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    path = directory.path / "latent" / f"{name}.json"
    if part == "onnx":
        return _unchanging(request, path.with_suffix(".onnx"))
    decoder = Decoder.read(path)
    if decoder is None or decoder.weights is None:
        return Response(status_code=404)
    first, last = decoder.weights
    file = directory.path / "checkpoints" / f"{decoder.images:012d}" / "model.safetensors"
    try:
        with file.open("rb") as weights:
            weights.seek(first)
            content = weights.read(last - first)
    except (OSError, ValueError):
        return Response(status_code=404)
    headers = {"Cache-Control": FOREVER, "Content-Encoding": "identity"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _unchanging(request: Request, path: Path) -> Response:
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


def decoded(request: Request, lab: Lab) -> Response:
    """Pictures of latents: raw uint8 [n, C, H, W], their shape in the header ``X-Shape``.

    The address gives ``z``, float32 [n, D] little-endian as base64url; ``y``, class numbers separated by commas, for a
    conditional model; and ``images``, which checkpoint (the newest by default).
    """
    run, query = request.path_params["run"], request.query_params
    if not RUN_ID.fullmatch(run):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        return Response("Too many pictures are asked for at once.", 503, {"Retry-After": "1"})
    try:
        asked = query.get("images", "")
        images = whole_number(asked, MOST_IMAGES)
        if asked and images is None:
            raise InputError(f"images={asked[:20]!r} is not a number of images.", "Leave it out for the newest.")
        model = _model(lab, directory, images)
        content, shape = _pixels(model, query.get("z", ""), query.get("y", ""))
    except GenlabError as error:
        return Response(f"{error.message} {error.hint}".strip(), 400, media_type="text/plain")
    finally:
        _turn.release()
    headers = {"X-Shape": ",".join(map(str, shape)), "Cache-Control": "no-store", "Content-Encoding": "identity"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _model(lab: Lab, directory: RunDirectory, images: int | None) -> GenerativeModel:
    """The model of a checkpoint, from the few that are kept; a checkpoint that was written again is loaded again."""
    checkpoint = pick_checkpoint(directory, images)
    changed = max(file.stat().st_mtime_ns for file in Path(checkpoint.path).iterdir())
    key = (str(checkpoint.path), checkpoint.images, changed)
    if key in _models:
        _models.move_to_end(key)
        return _models[key]
    model = lab.load_model(directory.path.name, checkpoint.images)
    if not model.space.spec.pictured:
        raise InputError(
            f"{directory.path.name} draws {model.space.spec.many}, not pictures.", "Choose a run on images."
        )
    _models[key] = model
    while len(_models) > KEPT_MODELS:
        _models.popitem(last=False)
    # What a page's rerun collects afterwards need not walk over a million of torch's objects.
    gc.freeze()
    return model


def _pixels(model: GenerativeModel, z: str, y: str) -> tuple[bytes, tuple[int, ...]]:
    import torch

    latents = _latents(z, model.latent_dim)
    n = len(latents) // (4 * model.latent_dim)
    codes = torch.frombuffer(bytearray(latents), dtype=torch.float32).reshape(n, model.latent_dim)
    if not torch.isfinite(codes).all():
        raise InputError("A latent holds a value that is not a number.", "Reset the sliders.")
    pixels = model.space.spec.tiles(model.decode(codes, _classes(model, y, n)).numpy())
    return pixels.tobytes(), pixels.shape


def _latents(text: str, dim: int) -> bytes:
    try:
        if len(text) > LONGEST:
            raise ValueError
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InputError("The latents in this address cannot be read.", "Give float32 values as base64url.") from None
    n, rest = divmod(len(content), 4 * dim)
    if rest or not 1 <= n <= MOST_LATENTS:
        raise InputError(
            f"This model's latents have {dim} values each, and at most {MOST_LATENTS} are decoded at once; "
            f"the address holds {len(content) // 4} values.",
            "Check which run the latents belong to.",
        )
    return content


def _classes(model: GenerativeModel, text: str, n: int) -> torch.Tensor | None:
    import torch

    classes = model.space.classes
    if not classes:
        return None
    parts = text.split(",") if text else ["0"]
    numbers = [whole_number(part, classes) for part in parts]
    known = [number for number in numbers if number is not None and number < classes]
    if len(known) < len(parts) or len(parts) not in {1, n}:
        raise InputError(f"y={text[:40]!r} does not name classes of this model.", f"Give numbers below {classes}.")
    return torch.tensor(known * (1 if len(parts) == n else n))
