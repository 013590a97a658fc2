"""Sounds: from files to items, pictures that browsers draw too, and WAVs."""

from __future__ import annotations

import io
import re
import time
import warnings
import wave
from pathlib import Path

import numpy as np
import pytest
import torch

from genlab import kinds
from genlab.datasets.foreign.importer import add
from genlab.datasets.store._opened import open_store
from genlab.errors import InputError
from genlab.kinds import sound
from genlab.kinds.base import DataLike, OwnFile, ReadItems, as_public
from tests.kinds.test_recordings import REFUSED, sine, wav

KIND = kinds.get("sound")


def one(options: sound.SoundImportOptions, content: bytes) -> np.ndarray:
    return KIND.gather([OwnFile("a.wav", lambda: content)], options).items[0].load()


@pytest.mark.parametrize("seconds", [0.25, 0.5, 0.77, 1.0, 2.05])
@pytest.mark.parametrize("bands", [32, 64, 128])
def test_items_are_as_long_and_as_fine_as_was_asked_for(seconds: float, bands: int) -> None:
    item = one(sound.SoundImportOptions(seconds=seconds, bands=bands), wav(sine(1.5)))
    assert item.shape[:2] == (1, bands) and abs(item.shape[2] * 0.016 - seconds) <= 0.065
    KIND.check(item.shape)
    content, media = KIND.play(item)
    with wave.open(io.BytesIO(content)) as file:
        assert file.getframerate() == 125 * bands and media == "audio/wav"
        assert file.getnframes() / file.getframerate() == pytest.approx(item.shape[2] * 0.016)


def test_networks_see_levels_from_minus_one_to_one() -> None:
    assert KIND.centre(torch.tensor([0.0, 0.5, 1.0]), 1.0).tolist() == [-1, 0, 1]
    assert KIND.activate(torch.tensor([-50.0, 0.0, 50.0]), 1.0).tolist() == pytest.approx([0, 0.5, 1])


def test_high_bands_are_above() -> None:
    low, high = (
        one(sound.SoundImportOptions(), wav(np.sin(2 * np.pi * f * np.arange(44_100) / 44_100))) for f in (200, 3_000)
    )
    rows = [int(item[0].mean(axis=1).argmax()) for item in (low, high)]
    assert rows[0] > 50 and rows[1] < 15


def test_files_become_a_data_set_with_classes_from_folders(tmp_path: Path) -> None:
    for folder, pitch in (("low", 1), ("high", 2)):
        (tmp_path / "in" / folder).mkdir(parents=True)
        for at in range(9):
            samples = sine(0.4 + 0.1 * at)[::pitch]
            (tmp_path / "in" / folder / f"{at}.wav").write_bytes(wav(samples))
    info = add(tmp_path / "in", "notes", tmp_path / "datasets")
    assert (info.kind, info.shape, info.count, info.classes) == ("sound", (1, 64, 64), 18, ("high", "low"))
    assert any("0 dB" in note and "8,000 Hz" in note for note in info.notes)
    items = as_public(np.array(open_store(tmp_path / "datasets" / "added" / "notes").items("train")))
    assert (items.max(axis=(1, 2, 3)) == 1).all()


def test_a_bad_file_is_named_and_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(17):
        (tmp_path / "in" / f"{at:02}.wav").write_bytes(wav(sine(0.3)))
    (tmp_path / "in" / "torn.wav").write_bytes(wav(sine())[:4_000])
    with pytest.raises(InputError, match=r"torn.wav cannot be read: it breaks off"):
        add(tmp_path / "in", "some", tmp_path / "datasets")
    assert add(tmp_path / "in", "some", tmp_path / "datasets", on_bad="skip").skipped == 1


@pytest.mark.parametrize("shape", [(3, 64, 64), (1, 48, 64), (1, 64, 8), (1, 64, 129)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="Sounds have"):
        KIND.check(shape)


def test_tensors_and_arrays_are_drawn_alike_and_lightness_tells_levels_apart() -> None:
    levels = np.linspace(-0.1, 1.1, 2_048, dtype=np.float32).reshape(1, 1, 32, 64)
    drawn = sound.draw(levels)
    np.testing.assert_allclose(sound.picture(torch.from_numpy(levels)).numpy(), drawn, atol=1e-5)
    light = np.tensordot([0.2126, 0.7152, 0.0722], drawn[0] ** 2.2, 1).reshape(-1)
    assert (np.diff(light) >= -1e-6).all() and light[-1] > 0.9 and light[0] < 0.01
    assert drawn.min() >= 0 and drawn.max() <= 1


def test_a_picture_can_be_written_out_for_browsers(tmp_path: Path) -> None:
    import onnxruntime

    class Drawn(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return sound.picture(x)

    item = torch.rand(2, 1, 32, 16)
    path = tmp_path / "picture.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Drawn(), (item,), path, input_names=["x"], opset_version=17, dynamo=False)
    (found,) = onnxruntime.InferenceSession(path).run(None, {"x": item.numpy()})
    np.testing.assert_allclose(found, sound.draw(item.numpy()), atol=1e-5)


def test_a_second_is_there_to_be_heard_within_a_tenth() -> None:
    item = np.random.default_rng(0).random((1, 64, 64), np.float32)
    KIND.play(item)
    spent = []
    for _ in range(5):
        began = time.process_time()
        KIND.play(item)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1


def alike(content: bytes, shape: tuple[int, int, int] = (1, 64, 64), **options: object) -> ReadItems:
    assert KIND.read_like is not None
    return KIND.read_like([OwnFile("mine.wav", lambda: content)], DataLike(shape, options=options), 9)


@pytest.mark.parametrize("shape", [(1, 32, 16), (1, 64, 48), (1, 128, 128)])
def test_a_single_sound_is_what_an_import_of_the_same_size_makes_of_it(shape: tuple[int, int, int]) -> None:
    content = wav(sine(1.5))
    (found,) = alike(content, shape).items
    options = sound.SoundImportOptions(seconds=shape[2] * 0.016, bands=shape[1])
    np.testing.assert_array_equal(found.item, one(options, content))
    assert found.item.shape == shape


@pytest.mark.parametrize(
    ("content", "notes"),
    [
        (wav(sine(1.024, 8_000), rate=8_000), ()),
        (wav(sine(0.3, 8_000), rate=8_000), ("It lasts 0.30 s: silence follows, up to 1.02 s.",)),
        (
            wav(np.repeat(sine(2.0), 2), channels=2),
            (
                "Its 2 channels are mixed to one.",
                "It is resampled from 44,100 to 8,000 Hz.",
                "It lasts 2.00 s: its loudest 1.02 s are kept.",
            ),
        ),
        (wav(sine(600, 8_000), rate=8_000), ("It lasts 10 min: its loudest 1.02 s are kept.",)),
        (wav(sine(95, 8_000), rate=8_000), ("It lasts 1 min 35 s: its loudest 1.02 s are kept.",)),
    ],
)
def test_what_was_done_to_a_single_sound_is_told(content: bytes, notes: tuple[str, ...]) -> None:
    (found,) = alike(content).items
    assert found.notes == notes


def test_the_part_that_the_import_kept_is_kept() -> None:
    late = np.concatenate([0.1 * sine(1.2, 8_000), sine(1.2, 8_000)])
    content = wav(late, rate=8_000)
    first, loudest = (alike(content, part=part).items[0] for part in ("first", "loudest"))
    assert first.notes == ("It lasts 2.40 s: its first 1.02 s are kept.",)
    assert not np.array_equal(first.item, loudest.item)
    silence = wav(np.concatenate([0 * sine(1.2, 8_000), sine(1.2, 8_000)]), rate=8_000)
    ((name, why),) = alike(silence, part="first").problems
    assert name == "mine.wav" and why.endswith("its first 1.02 s, which are kept, hold nothing but silence")


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "half an hour and more"])
def test_a_file_that_is_no_sound_is_a_problem_with_the_reason(name: str) -> None:
    content, why = REFUSED[name]
    found = alike(content())
    assert not found.items and re.search(f"^cannot be read: .*({why})", found.problems[0][1])
