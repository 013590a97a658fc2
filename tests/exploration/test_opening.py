"""The opening film shows what the decoder makes of the walk that its waves describe."""

from __future__ import annotations

import base64
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from genlab.errors import InputError
from genlab.exploration.explored import BrowserDecoder
from genlab.exploration.opening import COLUMNS, FRAMES, add_opening
from genlab.latent.circuit import circuit
from tests.evaluation.conftest import Trained


@pytest.mark.parametrize("name", ["gan", "conditional"])
def test_its_frames_are_the_decoders_own(trained: Trained, tmp_path, name):
    directory = trained.lab.runs.read(name)
    copy = type(directory)(tmp_path / "copy")
    shutil.copytree(directory.path, copy.path)
    document = add_opening(copy)
    # What other tests explored of the same model stands beside it.
    (file,) = (
        path for path in (copy.path / "latent").glob("decoder-*.json") if "opening" in json.loads(path.read_text())
    )
    decoder = BrowserDecoder.read(file)
    assert decoder is not None and decoder.opening is not None
    assert (decoder.opening.frames, decoder.opening.columns) == (FRAMES, COLUMNS)
    model = trained.lab.models.load(name)
    waves = np.frombuffer(base64.b64decode(decoder.opening.waves), "<f4").reshape(-1, model.latent_dim)
    frame = 11
    z = torch.from_numpy(circuit(waves, np.asarray([frame / FRAMES])))
    expected = model.decode(z, torch.tensor([0]) if name == "conditional" else None).numpy()[0, 0]
    sheet = np.asarray(Image.open(copy.path / "latent" / decoder.opening.file))
    side = expected.shape[0]
    top, left = frame // COLUMNS * side, frame % COLUMNS * side
    assert np.abs(sheet[top : top + side, left : left + side] / 255.0 - expected).max() < 0.01
    assert document["directions"] is not None and decoder.graph

    (copy.path / "latent" / decoder.opening.file).unlink()
    without = BrowserDecoder.read(file)
    assert without is not None and without.opening is None and without.graph


def test_without_a_decoder_there_is_none(trained: Trained, tmp_path):
    directory = trained.lab.runs.read("gan")
    copy = type(directory)(tmp_path / "copy")
    shutil.copytree(directory.path, copy.path, ignore=shutil.ignore_patterns("latent"))
    with pytest.raises(InputError, match="no decoder for browsers"):
        add_opening(copy)
