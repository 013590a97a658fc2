"""Where things compute: which devices there are, which one is taken, and what happens where its memory is too small.

Training takes the device that its configuration names, through a slot per GPU. Everything else (evaluations, feature
extractors, latent spaces, portraits, measures, the decoder behind a page, the Playground) takes the one that
``GENLAB_DEVICE`` names, by default a GPU where there is one, and holds no slot: it computes beside training, in chunks.
Torch is imported inside functions only, so that a worker that waits for its turn stays small.
"""

from __future__ import annotations

import gc
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from genlab import cores
from genlab.cores.beside import Told, beside, untold
from genlab.cores.gain import paying
from genlab.errors import InputError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import torch
    from torch import nn

VARIABLE = "GENLAB_DEVICE"
"""The variable that names the device of everything but training, and of runs whose own device is ``auto``."""

NAMES = ("auto", "cpu", "cuda", "mps")
"""What can be asked for. Which of several GPUs is ``CUDA_VISIBLE_DEVICES``' business: the first of those is taken."""

ASKED = 4
"""Chunks that whoever tells how far it is asks for at a time on the CPU, where there are as many cores."""

WIDER = 4
"""Chunks on a GPU are so many times as large as on the CPU, where they are made for caches of some megabytes."""

FULL = ("out of memory", "alloc_failed", "allocation failed", "busy or unavailable")
"""What errors say that mean: this device has no room now."""

NVIDIA_SECONDS = 20

Value = TypeVar("Value")
Tell = Callable[[str], None]


def wished() -> str:
    """The device that ``GENLAB_DEVICE`` names; ``auto`` where it is not set.

    Raises:
        InputError: When it names none.
    """
    name = os.environ.get(VARIABLE, "").strip().lower() or "auto"
    if name not in NAMES:
        raise InputError(
            f"{VARIABLE} is {name[:40]!r}, which is no device.",
            f"Set {VARIABLE} to one of: {', '.join(NAMES)}; or unset it.",
        )
    return name


def gpus() -> list[str]:
    """The NVIDIA GPUs that this process may use, each as ``CUDA_VISIBLE_DEVICES`` names it; parts of a divided one."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [part.strip() for part in visible.split(",") if part.strip() not in {"", "-1"}]
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        listing = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=NVIDIA_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return _listed(listing.stdout)


def _listed(text: str) -> list[str]:
    """GPUs of ``nvidia-smi -L``: the number of a whole one, the identifiers of the parts (MIG) of a divided one."""
    found: list[list[str]] = []
    for line in text.splitlines():
        part = re.search(r"\bUUID: (MIG-[^)\s]+)", line)
        if line.startswith("GPU "):
            found.append([])
        elif part and found:
            found[-1].append(part.group(1))
    return [name for index, parts in enumerate(found) for name in parts or [str(index)]]


def gpu_of_slot(slot: str) -> str:
    """What ``CUDA_VISIBLE_DEVICES`` must say in ``slot``: ``"cuda-1"`` is the second of `gpus`."""
    index, there = int(slot.rpartition("-")[2]), gpus()
    return there[index % len(there)] if there else str(index)


def choose_device(wanted: str) -> tuple[str, int]:
    """The device that a run queues for and how many of it there are; found out without torch.

    Args:
        wanted: As in its configuration; ``auto`` takes what ``GENLAB_DEVICE`` says, and a GPU where that says nothing.
    """
    wanted = wished() if wanted == "auto" else wanted
    there = len(gpus()) if wanted in {"auto", "cuda"} else 0
    if there or wanted == "cuda":
        return "cuda", max(1, there)
    if wanted == "mps" or (wanted == "auto" and platform.system() == "Darwin" and platform.machine() == "arm64"):
        return "mps", 1
    return "cpu", 1


def at_once(wanted: str, threads: int | None) -> int:
    """Runs that train side by side on this machine.

    Args:
        wanted: Their device, as in their configuration.
        threads: Their threads; None for as many as a run gets here.
    """
    device, count = choose_device(wanted)
    room = max(1, paying() // (threads or cores.per_run())) if device == "cpu" else count
    return cores.slots() or room


def place(wanted: str = "auto") -> torch.device:
    """The device that work of this process computes on.

    Args:
        wanted: One of `NAMES`; ``auto`` takes what ``GENLAB_DEVICE`` says, and where that says nothing a CUDA GPU, else
            an Apple GPU, else the CPU.

    Raises:
        InputError: When a device is asked for that is not there.
    """
    import torch

    named = wanted if wanted != "auto" else wished()
    hint = "Set device to auto." if wanted != "auto" else f"Set {VARIABLE} to auto, or unset it."
    if named == "cuda" and not torch.cuda.is_available():
        raise InputError("There is no CUDA GPU here.", hint, kind="bad_value")
    if named == "mps" and not torch.backends.mps.is_available():
        raise InputError("There is no Apple GPU here.", hint, kind="bad_value")
    return best() if named == "auto" else _first(named)


def best() -> torch.device:
    """The first CUDA GPU that this process may use, else an Apple GPU, else the CPU."""
    import torch

    if torch.cuda.is_available():
        return _first("cuda")
    return _first("mps" if torch.backends.mps.is_available() else "cpu")


def _first(name: str) -> torch.device:
    import torch

    # With a number, as tensors have it; in a launch of several processes each has its own.
    return torch.device(name, torch.cuda.current_device()) if name == "cuda" else torch.device(name)


def described(device: torch.device) -> str:
    """A device in words, with its memory where it is a CUDA GPU."""
    import torch

    if device.type != "cuda":
        return {"mps": "mps: Apple GPU"}.get(device.type, device.type)
    name, others = torch.cuda.get_device_name(device), torch.cuda.device_count() - 1
    try:
        free, whole = torch.cuda.mem_get_info(device)
    except RuntimeError as error:
        return f"cuda: {name}, which does not answer ({str(error).splitlines()[0]})"
    more = f", the first of {others + 1} GPUs" if others else ""
    return f"cuda: {name}, {free / 2**30:.1f} GiB free of {whole / 2**30:.1f} GiB{more}"


_TELL: ContextVar[Tell | None] = ContextVar("genlab_device_tell", default=None)


@contextmanager
def telling(tell: Tell) -> Iterator[None]:
    """Pass on what there is to say of the device while the context is open, one sentence at a time."""
    token = _TELL.set(tell)
    try:
        yield
    finally:
        _TELL.reset(token)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
    tell = _TELL.get()
    if tell is not None:
        tell(sentence)


class OnDevice:
    """Modules on a device, and what is computed with them there, chunk by chunk.

    What comes in and what goes out is on the CPU, so that callers need not know the device. Where its memory is too
    small for a chunk, the chunk is halved again and again; where it is too small for a single item, modules and work go
    to the CPU and stay there. Either is said in a sentence. On the CPU nothing is cut smaller than asked, and results
    are those of the plain computation, bit for bit.

    Args:
        modules: What has weights; they are moved.
        device: Where to compute; by default what `place` says.

    Attributes:
        device: Where it computes now.
    """

    def __init__(self, modules: Iterable[nn.Module] = (), device: torch.device | str | None = None) -> None:
        import torch

        self._modules = list(modules)
        self.device = place() if device is None else torch.device(device)
        self._said: set[str] = set()
        self.whole(self._move)

    @property
    def on_cpu(self) -> bool:
        """Whether it computes on the CPU."""
        return self.device.type == "cpu"

    def portion(self, size: int) -> int:
        """Items to ask for at a time, where a chunk on the CPU has ``size``: one large chunk, or some side by side."""
        return size * (min(ASKED, cores.available()) if self.on_cpu else WIDER)

    def __call__(
        self,
        work: Callable[..., Any],
        *parts: Any,
        size: int,
        tell: Told = untold,
        alone: bool = False,
    ) -> Any:
        """What ``work`` makes of the rows of ``parts``.

        Args:
            work: ``work(*rows) -> Tensor or tuple of Tensors``, of ``parts``' rows on this device; called again with
                fewer rows where memory is too small, so that it must not remember anything, and for several chunks at
                once where cores are free.
            parts: Tensors or arrays of equal length, or None, which stays None.
            size: Rows of one chunk on the CPU.
            tell: Told the share that is done after every chunk, from this thread; may raise to cancel.
            alone: Whether ``work`` can do but one chunk at a time.

        Returns:
            The results on the CPU, one chunk's after the other's.
        """
        if self.on_cpu:
            return self._side_by_side(work, parts, size, tell, alone)
        found: list[Any] = []
        start, count, step = 0, len(parts[0]), size * WIDER
        while start < count or not found:
            done, result = self._attempt(partial(self._chunk, work, parts, slice(start, start + step)))
            if done:
                found.append(result)
                start += step
                tell(min(1.0, start / max(1, count)))
            elif min(step, count - start) > 1:
                step = -(-min(step, count - start) // 2)
                self._say(
                    f"The memory of the {_word(self.device)} is too small for so much at once: chunks are halved."
                )
            else:
                self.retreat()
                rest = [None if part is None else part[start:] for part in parts]
                found.append(self._side_by_side(work, rest, size, _after(start / max(1, count), tell), alone))
                break
        return _joined(found)

    def _side_by_side(self, work: Callable[..., Any], parts: Sequence[Any], size: int, tell: Told, alone: bool) -> Any:
        """As `__call__`, on the CPU: the same chunks whatever the number of cores."""
        count = len(parts[0])
        rows = [slice(start, start + size) for start in range(0, max(1, count), size)]
        found: list[Any] = []
        with beside(1 if alone else len(rows)) as each:
            for some, result in zip(rows, each(partial(self._chunk, work, parts), rows), strict=True):
                found.append(result)
                tell(min(1.0, some.stop / max(1, count)))
        return _joined(found)

    def whole(self, work: Callable[[], Value]) -> Value:
        """What ``work`` gives, which is not cut: where memory is too small it starts again on the CPU."""
        done, result = self._attempt(work)
        if not done:
            self.retreat()
            result = work()
        value: Value = result
        return value

    def retreat(self) -> None:
        """Go on with the CPU, for good."""
        import torch

        self._say(f"The memory of the {_word(self.device)} is too small: the rest is computed on the CPU.")
        self.device = torch.device("cpu")
        self._move()
        release()

    def _move(self) -> None:
        import torch

        # Weights that were moved while only inference was meant could never be trained or moved again.
        with torch.inference_mode(False):
            for module in self._modules:
                module.to(self.device)

    def _chunk(self, work: Callable[..., Any], parts: Iterable[Any], rows: slice) -> Any:
        """What ``work`` makes of some rows, on the CPU."""
        result = work(*(self._here(part, rows) for part in parts))
        return tuple(tensor.cpu() for tensor in result) if isinstance(result, tuple) else result.cpu()

    def _here(self, part: Any, rows: slice) -> Any:
        import torch

        if part is None:
            return None
        some = part[rows]
        return (some if isinstance(some, torch.Tensor) else torch.tensor(some)).to(self.device)

    def _attempt(self, work: Callable[[], Value]) -> tuple[bool, Any]:
        """Whether there was room for ``work``, and what it gave."""
        try:
            with exactly(self.device):
                return True, work()
        except Exception as error:
            if self.on_cpu or not is_full(error):
                raise
        # Only now is what the attempt held let go of.
        release()
        return False, None

    def _say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            _say(sentence)


def _after(share: float, tell: Told) -> Told:
    """Tells of the rest of some work of which ``share`` is done."""
    return lambda more: tell(share + (1 - share) * more)


def is_full(error: BaseException) -> bool:
    """Whether ``error`` says that a device has no room for what was asked of it."""
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in FULL)


def exactly(device: torch.device) -> AbstractContextManager[None]:
    """While open, convolutions on a GPU are computed in single precision, the same way every time.

    By default CUDA rounds their inputs to ten bits (TF32), which scores would notice.
    """
    import torch

    if device.type != "cuda":
        return nullcontext()
    cudnn = torch.backends.cudnn
    flags: AbstractContextManager[None] = cudnn.flags(enabled=cudnn.enabled, deterministic=True, allow_tf32=False)
    return flags


def release() -> None:
    """Give back GPU memory that this process holds and does not need, so that a run beside it may have it."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        gc.collect()
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        gc.collect()
        torch.mps.empty_cache()


def _word(device: torch.device) -> str:
    return "CPU" if device.type == "cpu" else "GPU"


def _joined(found: list[Any]) -> Any:
    import torch

    if isinstance(found[0], tuple):
        return tuple(torch.cat(parts) for parts in zip(*found, strict=True))
    return torch.cat(found)
