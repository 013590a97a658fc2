"""Routes behind the Latent page: files of an exploration, and the decoder for browsers that cannot run it themselves.

All are read-only and take identifiers, never paths. Torch is loaded by the first picture that is asked for, not before.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from genlab.errors import GenlabError, InputError
from genlab.exploration.decoding import KeptModels, pixels
from genlab.exploration.explored import BrowserDecoder
from genlab.lab import ReadOnlyLab
from genlab.server.addresses import FOREVER, MOST_IMAGES, RUN_ID
from genlab.server.files import unchanging
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.shipped import exact
from genlab.text import whole_number

if TYPE_CHECKING:
    from starlette.requests import Request

    from genlab.store.run import RunReader

KEY = re.compile(r"[0-9a-z-]{1,60}")
FILE = re.compile(
    r"exploration\.json|codes\.f32|directions\.f32"
    r"|(map|attribute)-[0-9a-z][0-9a-z_-]{0,59}\.f32|atlas-[0-9]{1,3}\.png"
)
DECODER = re.compile(r"decoder-[0-9]{12}-[0-9a-f]{12}")

KEPT_MODELS = 3
PATIENCE_SECONDS = 10.0

_turn = threading.Semaphore(1)
_models = KeptModels(KEPT_MODELS)


def routes(lab: Callable[[], ReadOnlyLab]) -> list[BaseRoute]:
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


def exploration_file(request: Request, lab: ReadOnlyLab) -> Response:
    """One file of an exploration; with ``?v=…`` it never has to be asked for again."""
    run, key, name = (request.path_params[part] for part in ("run", "key", "file"))
    if not (RUN_ID.fullmatch(run) and KEY.fullmatch(key) and FILE.fullmatch(name)):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    return unchanging(request, directory.path / "latent" / key / name)


def decoder_file(request: Request, lab: ReadOnlyLab) -> Response:
    """A decoder's graph (``.onnx``), the weights of its checkpoint (``.weights``) or its film (``.png``).

    The film is drawn anew under the same name, and therefore asked for again.
    """
    run, name, part = (request.path_params[each] for each in ("run", "name", "part"))
    if not (RUN_ID.fullmatch(run) and DECODER.fullmatch(name) and part in {"onnx", "weights", "png"}):
        return Response(status_code=404)
    directory = exact(lab.workspace, run)
    if directory is None:
        return Response(status_code=404)
    path = directory.path / "latent" / f"{name}.json"
    if part != "weights":
        return unchanging(request, path.with_suffix(f".{part}"))
    decoder = BrowserDecoder.read(path)
    try:
        content = None if decoder is None else decoder.shared(directory.path)
    except (OSError, ValueError):
        content = None
    if content is None:
        return Response(status_code=404)
    headers = {"Cache-Control": FOREVER, "Content-Encoding": "identity"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def decoded(request: Request, lab: ReadOnlyLab) -> Response:
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

    def answer(model: Any) -> Response:
        content, shape = pixels(model, query.get("z", ""), query.get("y", ""))
        headers = {"X-Shape": ",".join(map(str, shape)), "Cache-Control": "no-store", "Content-Encoding": "identity"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    return with_model(lab, directory, query.get("images", ""), answer)


def with_model(lab: ReadOnlyLab, directory: RunReader, asked: str, answer: Callable[[Any], Response]) -> Response:
    """What ``answer`` makes of a run's model, one at a time; a sentence where there is none.

    Args:
        lab: Where models are.
        directory: The run.
        asked: Which checkpoint, by the images seen; empty for the newest.
        answer: Called with the model, which stays loaded for the next time.
    """
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        return Response("Too much is asked for at once.", 503, {"Retry-After": "1"})
    try:
        images = whole_number(asked, MOST_IMAGES)
        if asked and images is None:
            raise InputError(f"images={asked[:20]!r} is not a number of images.", "Leave it out for the newest.")
        checkpoint = pick_checkpoint(directory, images)
        return answer(_models.get(checkpoint, lambda: lab.models.load(directory.path.name, checkpoint.images)))
    except GenlabError as error:
        return Response(f"{error.message} {error.hint}".strip(), 400, media_type="text/plain")
    finally:
        _turn.release()
