"""Which device is taken, found out without torch too, and what happens where its memory is too small."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from genlab import cores, devices
from genlab.devices import OnDevice, telling
from genlab.errors import InputError
from tests.support.cores import patched_cores
from tests.support.elsewhere import DEVICE, pretending

LISTING = "#!/bin/sh\necho 'GPU 0: A (UUID: GPU-a)'\necho '  MIG 1g.10gb Device  0: (UUID: MIG-x)'\n"
LISTING += "echo '  MIG 1g.10gb Device  1: (UUID: MIG-y)'\necho 'GPU 1: B (UUID: GPU-b)'\n"


@pytest.fixture(autouse=True)
def _nothing_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(devices.VARIABLE, raising=False)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Big One")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (3 * 2**30, 4 * 2**30))


# Which devices there are


@pytest.mark.parametrize(("visible", "count"), [("", 0), ("-1", 0), ("0", 1), ("0,2", 2)])
def test_visible_devices_are_counted(monkeypatch: pytest.MonkeyPatch, visible: str, count: int):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert len(devices.gpus()) == count


def test_the_drivers_listing_is_read_with_the_parts_of_a_divided_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = tmp_path / "nvidia-smi"
    program.write_text(LISTING)
    program.chmod(0o755)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpus() == ["MIG-x", "MIG-y", "1"]
    assert [devices.gpu_of_slot(f"cuda-{index}") for index in range(4)] == ["MIG-x", "MIG-y", "1", "MIG-x"]
    assert devices.choose_device("auto") == ("cuda", 3)
    assert devices.choose_device("cpu") == ("cpu", 1)
    program.write_text("#!/bin/sh\nexit 9\n")
    assert devices.gpus() == []


@pytest.mark.usefixtures("no_gpu")
def test_without_a_gpu_the_cpu_is_chosen():
    assert devices.choose_device("auto") == ("cpu", 1)
    assert devices.choose_device("mps") == ("mps", 1)
    assert devices.choose_device("cuda") == ("cuda", 1)
    assert devices.place() == devices.best() == torch.device("cpu")
    assert devices.described(devices.place()) == "cpu"


@pytest.mark.parametrize(("visible", "expected"), [(None, "1"), ("2,3", "3"), ("GPU-a, GPU-b", "GPU-b"), ("5", "5")])
def test_a_slot_stands_for_one_of_the_visible_gpus(monkeypatch: pytest.MonkeyPatch, visible: str | None, expected: str):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr("shutil.which", lambda program: None)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert devices.gpu_of_slot("cuda-1") == expected


# Which one is taken


@pytest.mark.usefixtures("two_gpus")
def test_the_first_gpu_is_taken_and_described():
    assert devices.place() == devices.place("cuda") == torch.device("cuda", 0)
    assert devices.place("cpu") == torch.device("cpu")
    assert devices.described(devices.place()) == "cuda: Big One, 3.0 GiB free of 4.0 GiB, the first of 2 GPUs"


@pytest.mark.usefixtures("two_gpus")
def test_the_variable_decides_for_runs_and_for_everything_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(devices.VARIABLE, " CPU ")
    assert devices.place() == torch.device("cpu")
    assert devices.choose_device("auto") == ("cpu", 1)
    assert devices.choose_device("cuda") == ("cuda", 2)
    monkeypatch.setenv(devices.VARIABLE, "cuda")
    assert devices.choose_device("auto") == ("cuda", 2)
    monkeypatch.setenv(devices.VARIABLE, "tpu")
    for ask in (devices.place, lambda: devices.choose_device("auto")):
        with pytest.raises(InputError, match="GENLAB_DEVICE is 'tpu'") as refused:
            ask()
        assert "cuda" in refused.value.hint


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize(("name", "what"), [("cuda", "CUDA"), ("mps", "Apple")])
def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, what: str):
    with pytest.raises(InputError, match=f"no {what} GPU") as refused:
        devices.place(name)
    assert refused.value.hint == "Set device to auto."
    monkeypatch.setenv(devices.VARIABLE, name)
    with pytest.raises(InputError, match=f"no {what} GPU") as refused:
        devices.place()
    assert devices.VARIABLE in refused.value.hint


@pytest.mark.usefixtures("no_gpu")
def test_an_apple_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.place() == torch.device("mps")
    assert devices.described(devices.place()) == "mps: Apple GPU"


# Chunks


def double(x: Tensor, y: Tensor | None = None) -> Tensor:
    return 2 * x if y is None else 2 * x + y


def recording(work: Callable[..., Any], seen: list[int]) -> Callable[..., Any]:
    def recorded(*parts: Any) -> Any:
        seen.append(len(parts[0]))
        return work(*parts)

    return recorded


@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_chunks_on_the_cpu_are_as_large_as_asked(count: int):
    x, seen = torch.arange(count), list[int]()
    there = OnDevice(device="cpu")
    assert torch.equal(there(recording(double, seen), x, None, size=3), 2 * x)
    assert sorted(seen) == {0: [0], 1: [1], 3: [3], 7: [1, 3, 3]}[count]
    assert there.portion(3) == 3 * min(4, cores.available()) and there.on_cpu


def test_chunks_on_the_cpu_go_side_by_side_and_come_back_in_order():
    """Each waits for the other: one after the other they would wait in vain."""
    met = threading.Barrier(2, timeout=60)

    def work(part: Tensor) -> Tensor:
        met.wait()
        return 2 * part

    x = torch.arange(6)
    with patched_cores(2):
        assert torch.equal(OnDevice(device="cpu")(work, x, size=3), 2 * x)


@pytest.mark.parametrize("there", [1, 3])
def test_what_comes_out_does_not_depend_on_the_number_of_cores(there: int):
    torch.manual_seed(0)
    layer, x = nn.Conv2d(3, 8, 3), torch.randn(50, 3, 9, 9)
    with torch.inference_mode(), patched_cores(there):
        found = OnDevice([layer], "cpu")(layer, x, size=16)
    with torch.inference_mode():
        one_by_one = torch.cat([layer(part) for part in x.split(16)])
    assert torch.equal(found, one_by_one)


def test_work_that_can_do_one_chunk_at_a_time_does():
    inside, most = 0, 0

    def work(part: Tensor) -> Tensor:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return part

    with patched_cores(4):
        OnDevice(device="cpu")(work, torch.arange(8), size=1, alone=True)
    assert most == 1


@pytest.mark.parametrize("there", [1, 3])
def test_it_tells_how_far_it_is_from_the_thread_that_asked_and_can_be_cancelled(there: int):
    told: list[tuple[float, int]] = []

    def tell(share: float) -> None:
        told.append((share, threading.get_ident()))
        if share == 0.5:
            raise KeyboardInterrupt

    with patched_cores(there), pytest.raises(KeyboardInterrupt):
        OnDevice(device="cpu")(double, torch.arange(8), size=2, tell=tell)
    assert told == [(0.25, threading.get_ident()), (0.5, threading.get_ident())]


@pytest.mark.parametrize("there", [1, 3])
def test_gradients_are_there_where_the_caller_has_them(there: int):
    layer, x = nn.Linear(2, 2), torch.ones(8, 2)
    with patched_cores(there):
        on = OnDevice(device="cpu")
        assert on(layer, x, size=2).requires_grad
        with torch.no_grad():
            assert not on(layer, x, size=2).requires_grad
        with torch.inference_mode():
            assert on(layer, x, size=2).is_inference()


def test_elsewhere_chunks_are_wider_and_results_come_home(monkeypatch: pytest.MonkeyPatch):
    x, seen = np.arange(9, dtype=np.float32), list[int]()
    with pretending(monkeypatch) as pretend:
        there = OnDevice([nn.Linear(1, 1)])
        both = there(recording(lambda part, y: (double(part), y), seen), x, torch.ones(9), size=2)
        assert there.device == DEVICE and there.portion(2) == 8 and pretend.moved
    assert seen == [8, 1]
    assert np.array_equal(both[0].numpy(), 2 * x) and both[1].device == torch.device("cpu")


class Small:
    """Stands for a device whose memory holds so many items."""

    def __init__(self, room: int, error: Callable[[], Exception] = torch.OutOfMemoryError) -> None:
        self.room, self.error, self.seen = room, error, list[tuple[int, bool]]()

    def __call__(self, x: Tensor) -> Tensor:
        over_there = x.device == DEVICE
        self.seen.append((len(x), over_there))
        if over_there and len(x) > self.room:
            raise self.error()
        return 2 * x


def test_where_memory_is_too_small_chunks_are_halved_and_it_is_said_once(monkeypatch: pytest.MonkeyPatch):
    told, work, x = list[str](), Small(3), torch.arange(20)
    with pretending(monkeypatch), telling(told.append):
        there = OnDevice()
        found = there(work, x, size=4)
        again = there(work, x, size=4)
        assert not there.on_cpu
    assert torch.equal(found, 2 * x) and torch.equal(again, 2 * x)
    assert work.seen[:4] == [(16, True), (8, True), (4, True), (2, True)]
    assert set(work.seen[4:12]) == {(2, True)}
    assert told == ["The memory of the GPU is too small for so much at once: chunks are halved."]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError,
        lambda: RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        lambda: RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        lambda: RuntimeError("CUDA error: CUDA-capable device(s) is/are busy or unavailable"),
    ],
)
def test_where_not_one_item_fits_the_rest_goes_to_the_cpu(monkeypatch: pytest.MonkeyPatch, error: Any):
    told, work, x = list[str](), Small(0, error), torch.arange(9)
    with pretending(monkeypatch), telling(told.append):
        module = nn.Linear(1, 1)
        there = OnDevice([module])
        assert torch.equal(there(work, x, size=2), 2 * x)
        assert there.on_cpu and module.weight.device == torch.device("cpu")
        assert torch.equal(there(work, x, size=2), 2 * x)
    assert sorted(seen for seen in work.seen if not seen[1]) == [(1, False)] * 2 + [(2, False)] * 8
    assert told[-1] == "The memory of the GPU is too small: the rest is computed on the CPU." and len(told) == 2


def test_weights_that_do_not_fit_stay_on_the_cpu(monkeypatch: pytest.MonkeyPatch):
    class Heavy(nn.Linear):
        def to(self, device: torch.device) -> Any:
            if device == DEVICE:
                raise torch.OutOfMemoryError
            return super().to(device)

    told = list[str]()
    with pretending(monkeypatch), telling(told.append):
        assert OnDevice([Heavy(1, 1)]).on_cpu
    assert len(told) == 1


def test_what_cannot_be_cut_starts_again_on_the_cpu(monkeypatch: pytest.MonkeyPatch):
    with pretending(monkeypatch):
        there, tried = OnDevice(), list[torch.device]()

        def work() -> str:
            tried.append(there.device)
            if there.device == DEVICE:
                raise torch.OutOfMemoryError
            return "done"

        assert there.whole(work) == "done"
    assert tried == [DEVICE, torch.device("cpu")]


def test_other_errors_and_a_full_cpu_are_nobodys_to_mend(monkeypatch: pytest.MonkeyPatch):
    def fail(error: Exception) -> Callable[[Tensor], Tensor]:
        def work(x: Tensor) -> Tensor:
            raise error

        return work

    with pytest.raises(torch.OutOfMemoryError):
        OnDevice(device="cpu")(fail(torch.OutOfMemoryError()), torch.arange(8), size=4)
    with pretending(monkeypatch), pytest.raises(ValueError, match="mine"):
        OnDevice()(fail(ValueError("mine")), torch.arange(8), size=4)


def test_weights_moved_while_only_inference_is_meant_can_still_be_trained(monkeypatch: pytest.MonkeyPatch):
    module = nn.Linear(1, 1)
    with torch.inference_mode():
        OnDevice([module], "cpu")
    assert not module.weight.is_inference()
    with pretending(monkeypatch), torch.inference_mode():
        OnDevice([module])(Small(0), torch.arange(2), size=1)
    assert not module.weight.is_inference()


def test_sentences_go_to_whoever_listens_and_to_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with pretending(monkeypatch):
        OnDevice().retreat()
    assert "computed on the CPU" in capsys.readouterr().err


def test_a_device_tells_how_far_it_is_also_when_the_cpu_goes_on(monkeypatch: pytest.MonkeyPatch):
    told: list[float] = []
    with pretending(monkeypatch):
        OnDevice()(Small(100), torch.arange(16), size=2, tell=told.append)
        assert told == [0.5, 1.0]
        told.clear()
        work, x = Small(100), torch.arange(16)
        work.room = 8

        def filling(part: Tensor) -> Tensor:
            done = work(part)
            work.room = 0
            return done

        assert torch.equal(OnDevice()(filling, x, size=2, tell=told.append), 2 * x)
    assert told == pytest.approx([0.5, 0.625, 0.75, 0.875, 1.0])
