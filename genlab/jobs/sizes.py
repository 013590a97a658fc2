"""Parameter counts of a configuration, counted in a process of its own: whoever asks never has to import torch.

``python -m genlab.jobs.sizes`` answers one JSON line per JSON line until its input ends or it has long been idle.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from genlab.config import RunConfig, load_config
from genlab.errors import GenlabError
from genlab.space import Space

IDLE_SECONDS = 90.0
REMEMBERED = 256


@dataclass(frozen=True)
class Sizes:
    """What a configuration's networks amount to.

    Attributes:
        parts: Part -> number of trainable parameters; empty when they could not be counted.
        memory: Bytes of weights, gradients, optimiser and averaged weights while it trains.
        why: Why they could not be counted; empty when they could.
    """

    parts: Mapping[str, int] = field(default_factory=dict)
    memory: int = 0
    why: str = ""

    @property
    def total(self) -> int:
        """Parameters of all parts together."""
        return sum(self.parts.values())


class SizeService:
    """Answers at once with what is known, and counts what is not in the background.

    Args:
        command: How the counting process is started.
    """

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "genlab.jobs.sizes")) -> None:
        self.command = command
        self._known: OrderedDict[str, Sizes] = OrderedDict()
        self._wanted: str | None = None
        self._thread: threading.Thread | None = None
        self._child: list[subprocess.Popen[str]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self._child)

    def look(self, config: RunConfig, space: Space) -> Sizes | None:
        """The sizes, or None while they are being counted. Only the newest question is worked on."""
        question = _question(config, space)
        with self._lock:
            if question in self._known:
                return self._known[question]
            self._wanted = question
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="genlab-sizes")
                self._thread.start()
        return None

    def close(self) -> None:
        """End the counting process; the next question starts another."""
        _end(self._child)

    def _work(self) -> None:
        while True:
            with self._lock:
                question, self._wanted = self._wanted, None
                if question is None:
                    self._thread = None
                    return
            answer = self._ask(question)
            with self._lock:
                self._known[question] = answer
                if len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)

    def _ask(self, question: str) -> Sizes:
        for _ in range(2):
            try:
                child = self._running()
                _pipe(child.stdin).write(question + "\n")
                _pipe(child.stdin).flush()
                line = _pipe(child.stdout).readline()
            except OSError:
                line = ""
            if line:
                document = json.loads(line)
                return Sizes(**document)
            self.close()
        return Sizes(why="The process that counts parameters does not answer.")

    def _running(self) -> subprocess.Popen[str]:
        if self._child and self._child[0].poll() is not None:
            self.close()
        if not self._child:
            pipe = subprocess.PIPE
            child = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
            self._child.append(child)
        return self._child[0]


def measure(config: RunConfig, space: Space) -> Sizes:
    """Count the parameters of ``config`` on data of ``space``. Imports torch.

    Raises:
        InputError: When it cannot be built.
    """
    from genlab.networks.matched import report, size

    parts = {part: number for part, number in report(config, space).items() if part != "total"}
    return Sizes(parts, size(config, space))


def main() -> None:
    """Answer questions on standard input until it ends or nothing is asked for `IDLE_SECONDS`."""
    asked = [time.monotonic()]
    threading.Thread(target=_leave_when_idle, args=(asked,), daemon=True).start()
    for line in sys.stdin:
        asked[0] = time.monotonic()
        print(json.dumps(_answer(line)), flush=True)


def _answer(line: str) -> dict[str, Any]:
    question = json.loads(line)
    space = Space(**{**question["space"], "shape": tuple(question["space"]["shape"])})
    try:
        return asdict(measure(load_config(question["config"]), space))
    except GenlabError as error:
        return {"why": error.message}
    except Exception as error:
        return {"why": f"These networks cannot be built: {error}"}


def _leave_when_idle(asked: list[float]) -> None:
    while time.monotonic() - asked[0] < IDLE_SECONDS:
        time.sleep(1)
    os._exit(0)


def _question(config: RunConfig, space: Space) -> str:
    """What decides the networks, as one line: the same networks are the same question."""
    document = config.model_dump(mode="json", include={"model", "network", "latent_dim", "conditional"})
    where = {"kind": space.kind, "shape": list(space.shape), "classes": space.classes}
    return json.dumps({"config": document, "space": where}, sort_keys=True)


def _end(children: list[subprocess.Popen[str]]) -> None:
    """Kill the process, if there is one, and close its pipes."""
    while children:
        child = children.pop()
        child.kill()
        with suppress(OSError):
            child.communicate()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


SIZES = SizeService()
"""The counting process that all labs of this process share; it is started by the first question."""


if __name__ == "__main__":
    main()
