"""A device that only pretends: it computes on the CPU, and minds where tensors are as a GPU would.

`Elsewhere` is a tensor that says it is on `DEVICE`. Inside `pretending`, tensors made for or moved to that device are
of that kind. What a GPU would refuse is refused with a `Misplaced`: tensors of both places in one call, NumPy arrays of
a tensor over there, random numbers from a generator of the CPU. So is what would work and nobody wants: network layers
that run on the CPU although there is another device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten, tree_map

DEVICE = torch.device("privateuseone", 0)
"""A device of no make; torch knows its name and nothing else."""

LAYERS = {
    *("linear", "matmul", "__matmul__", "__rmatmul__", "mm", "bmm", "addmm", "batch_norm", "layer_norm"),
    *(f"{name}{dims}d" for name in ("conv", "conv_transpose", "avg_pool", "max_pool") for dims in (1, 2, 3)),
}
"""What is computed with weights or takes long: all of it belongs on the device."""

TO_NUMPY = {"numpy", "__array__", "__dlpack__"}
MOVING = {"to", "copy_", "__set__", "_has_compatible_shallow_copy_type"}
"""Calls that may name both places, because they go from one to the other."""

IMPORTERS = ("genlab.models.checkpoint", "genlab.playground.stage", "genlab.worker.session")
"""Modules that know `genlab.devices.place` by a name of their own."""


class Misplaced(BaseException):
    """What would fail on a GPU, or stay on the CPU. No evaluation can take it for a metric that failed."""


class Elsewhere(torch.Tensor):
    """A tensor on `DEVICE`."""

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return _call(func, args, kwargs or {})


class Pretend(TorchFunctionMode):
    """Sees every call of torch while it is open.

    Attributes:
        layers: Names of the layers that were computed over there.
        moved: Tensors, other than single numbers, that were moved there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers: set[str] = set()
        self.moved = 0

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs, name = kwargs or {}, _name(func)
        if name in LAYERS:
            if not any(map(_there, _tensors(args, kwargs))):
                raise Misplaced(f"{name} is computed on the CPU")
            self.layers.add(name)
        found = _call(func, args, kwargs)
        self.moved += name == "to" and _there(found) and not _there(args[0]) and found.ndim > 0
        return found


@contextmanager
def pretending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretend]:
    """Give the pretended device to everything that asks where to compute."""

    def place(wanted: str = "auto") -> torch.device:
        return torch.device("cpu") if wanted == "cpu" else DEVICE

    overwrites = torch.__future__.get_overwrite_module_params_on_conversion()
    # All before the first is patched: one imported later would keep the pretended function, and after this too.
    holders = [import_module(name) for name in ("genlab.devices", *IMPORTERS)]
    with monkeypatch.context() as patched:
        for holder in holders:
            patched.setattr(holder, "place", place)
        patched.setattr("genlab.playground.stage.accelerator", accelerator)
        patched.setattr("genlab.worker.session.make_accelerator", lambda config: accelerator())
        torch.__future__.set_overwrite_module_params_on_conversion(True)
        try:
            with Pretend() as pretend:
                yield pretend
        finally:
            torch.__future__.set_overwrite_module_params_on_conversion(overwrites)


def accelerator() -> Any:
    """As much of accelerate's as the loop asks for, on the pretended device."""

    about = {"device": DEVICE, "num_processes": 1, "process_index": 0, "is_main_process": True}
    return SimpleNamespace(
        **about,
        mixed_precision="no",
        native_amp=False,
        autocast=nullcontext,
        main_process_first=nullcontext,
        wait_for_everyone=lambda: None,
    )


def _call(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name, tensors = _name(func), _tensors(args, kwargs)
    there = [tensor for tensor in tensors if _there(tensor)]
    if there:
        if func == torch.Tensor.device.__get__:  # type: ignore[attr-defined]
            return DEVICE
        if name in TO_NUMPY:
            raise Misplaced(f"{name} of a tensor that is not on the CPU")
        # A single number may come from anywhere, as on a GPU.
        if name not in MOVING and any(tensor.ndim for tensor in tensors if not _there(tensor)):
            where = [(tuple(tensor.shape), "there" if _there(tensor) else "cpu") for tensor in tensors]
            raise Misplaced(f"{name} of tensors in both places: {where}")
    target, args, kwargs = _target(name, args, kwargs)
    if target == DEVICE and kwargs.get("generator") is not None:
        raise Misplaced(f"{name} over there with a generator of the CPU")
    with torch._C.DisableTorchFunction():
        if name == "__deepcopy__":
            return _copied(*args)
        if name == "__reduce_ex__" and there:
            return _back(args[0]).__reduce_ex__(*args[1:])  # files know no device
        found = func(*args, **kwargs)
        if name == "__iter__" and there:
            return iter([_away(item) for item in found])
        if target is not None and target != DEVICE:
            return tree_map(_back, found)
        if name == "to" and target == DEVICE and not there:
            found = found.clone()
        stays = there and not (name in MOVING and not _there(args[0]))
        return tree_map(_away, found) if stays or target == DEVICE else found


def _target(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[torch.device | None, tuple[Any, ...], dict[str, Any]]:
    """The device that a call names, and its arguments with the CPU in that place."""
    if name == "cpu":
        return torch.device("cpu"), args, kwargs
    if kwargs.get("device") is not None:
        return torch.device(kwargs["device"]), args, {**kwargs, "device": "cpu"}
    if name != "to" or len(args) < 2:
        return None, args, kwargs
    wanted = args[1]
    if isinstance(wanted, torch.Tensor):
        return (DEVICE if _there(wanted) else torch.device("cpu")), (args[0], wanted.dtype, *args[2:]), kwargs
    if isinstance(wanted, str | torch.device):
        return torch.device(wanted), (args[0], "cpu", *args[2:]), kwargs
    return None, args, kwargs


def _copied(tensor: torch.Tensor, memo: dict[int, Any]) -> torch.Tensor:
    if not _there(tensor):
        return torch.Tensor.__deepcopy__(tensor, memo)
    if id(tensor) not in memo:
        copy = tensor.detach().clone().as_subclass(Elsewhere).requires_grad_(tensor.requires_grad)
        copy.__dict__.update(tensor.__dict__)
        memo[id(tensor)] = copy
    copied: torch.Tensor = memo[id(tensor)]
    return copied


def _name(func: Callable[..., Any]) -> str:
    return str(getattr(func, "__name__", func))


def _tensors(args: Any, kwargs: Any) -> list[torch.Tensor]:
    return [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]


def _there(value: Any) -> bool:
    return isinstance(value, Elsewhere)


def _away(value: Any) -> Any:
    """A tensor as one over there."""
    if not isinstance(value, torch.Tensor) or _there(value):
        return value
    return value.as_subclass(Elsewhere)


def _back(value: Any) -> Any:
    return value.as_subclass(torch.Tensor) if _there(value) else value
