"""A trained model is loaded from its run: averaged or not, newest or older."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.models import checkpoint
from genlab.store import checkpoints, digests
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import Run
from genlab.store.run_directory import RunDirectory
from genlab.worker import recorder
from genlab.worker.inline import InlineLauncher
from tests.worker.conftest import short


@pytest.fixture(scope="module")
def lab_and_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, Run]:
    lab = Lab(tmp_path_factory.mktemp("models") / "workspace", launcher=InlineLauncher())
    return lab, lab.runs.submit(short(lab, "gan"))


def test_the_averaged_generator_is_the_default(lab_and_run):
    lab, run = lab_and_run
    averaged, raw = lab.models.load(run), lab.models.load(run, averaged=False)
    z = averaged.sample_latents(4)
    assert not torch.equal(averaged.decode(z), raw.decode(z))
    assert torch.allclose(averaged.decode(z), raw.decode(z), atol=0.3)


def test_an_older_checkpoint_is_another_model(lab_and_run):
    lab, run = lab_and_run
    z = lab.models.load(run).sample_latents(4)
    assert not torch.equal(lab.models.load(run, 300).decode(z), lab.models.load(run).decode(z))
    assert pick_checkpoint(lab.runs.read(run), 300).images == 256


def test_a_checkpoint_may_travel_without_its_critic(lab_and_run, tmp_path):
    lab, run = lab_and_run
    copy = RunDirectory(shutil.copytree(run.path, tmp_path / run.id))
    folder = copy.checkpoints()[-1].path
    weights = {name: t for name, t in load_file(folder / "model.safetensors").items() if not name.startswith("critic.")}
    save_file(weights, folder / "model.safetensors")
    about = json.loads((folder / "meta.json").read_text())
    about["sha256"] = checkpoints.digests(folder)
    (folder / "meta.json").write_text(json.dumps(about))
    with pytest.raises(InputError, match="does not fit the run's configuration"):
        checkpoint.load_model(copy)
    (folder / "meta.json").write_text(json.dumps({**about, checkpoints.CRITIC_LEFT_OUT: True}))
    model, whole = checkpoint.load_model(copy), lab.models.load(run)
    z = whole.sample_latents(4)
    assert whole.can_score and not model.can_score
    assert torch.equal(model.decode(z), whole.decode(z))


def test_a_loaded_model_draws_the_recorded_samples(lab_and_run):
    """The newest grid in the run directory is what the loaded model draws from the same latents."""
    import io

    import numpy as np
    from PIL import Image

    from genlab.models.picture import draw
    from genlab.training.seeding import generator

    lab, run = lab_and_run
    model = lab.models.load(run)
    latents = torch.randn(64, model.latent_dim, generator=generator(run.seed, "samples"))
    drawn = np.asarray(Image.open(io.BytesIO(draw(model.decode(latents), model.space)[0])), dtype=int)
    recorded = np.asarray(Image.open(io.BytesIO(lab.runs.read(run).samples()[-1][1].read_bytes())), dtype=int)
    assert abs(drawn - recorded).max() <= 1


def test_no_checkpoint_is_a_sentence(lab_and_run, tmp_path: Path):
    lab, run = lab_and_run
    with pytest.raises(InputError, match="no checkpoint up to 10 images"):
        lab.models.load(run, 10)


def test_a_damaged_checkpoint_is_a_sentence(lab_and_run):
    lab, run = lab_and_run
    weights = lab.runs.read(run).checkpoints()[0].path / "model.safetensors"
    kept = weights.read_bytes()
    weights.write_bytes(kept[: len(kept) // 2])
    with pytest.raises(InputError, match="is not what was saved") as refusal:
        lab.models.load(run, 256)
    assert refusal.value.kind == "damaged" and refusal.value.hint == "No older one is intact."
    weights.write_bytes(kept)
    assert lab.models.load(run, 256)


def test_a_flipped_bit_is_told_and_the_newest_intact_checkpoint_named(lab_and_run):
    lab, run = lab_and_run
    files = [checkpoint.path / "model.safetensors" for checkpoint in lab.runs.read(run).checkpoints()[1:3]]
    kept = [file.read_bytes() for file in files]
    for file, content in zip(files, kept, strict=True):
        flipped = bytearray(content)
        flipped[-3] ^= 64
        file.write_bytes(flipped)
    with pytest.raises(InputError, match=r"000000000768 .* is damaged: model\.safetensors is not what") as refusal:
        lab.models.load(run, 768)
    assert refusal.value.kind == "damaged" and "256 images" in refusal.value.hint
    for file, content in zip(files, kept, strict=True):
        file.write_bytes(content)


def test_digests_are_those_of_the_files_and_are_read_once(lab_and_run, monkeypatch: pytest.MonkeyPatch):
    lab, run = lab_and_run
    folder = lab.runs.read(run).checkpoints()[-1].path
    saved = json.loads((folder / "meta.json").read_text())["sha256"]
    assert saved == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.safetensors", "state.pt")
    }
    assert checkpoints.damage(folder, saved) is None
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("read again"))
    assert checkpoints.damage(folder, saved) is None


def test_weights_that_are_not_finite_are_told_when_they_are_loaded(lab_and_run):
    lab, run = lab_and_run
    folder = lab.runs.read(run).checkpoints()[0].path
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    weights = load_file(folder / "model.safetensors")
    name = next(name for name in weights if name.startswith("average."))
    weights[name].fill_(float("nan"))
    save_file(weights, folder / "model.safetensors")
    (folder / "meta.json").write_text('{"images": 256}')
    with pytest.raises(InputError, match=f"not finite: {name}") as refusal:
        lab.models.load(run, 256)
    assert refusal.value.kind == "not_finite" and refusal.value.hint
    for path, content in kept.items():
        path.write_bytes(content)


def test_a_full_disk_is_told_as_such_while_the_state_is_saved(tmp_path: Path):
    """PyTorch's own writer says ``inline_container.cc`` and a number of bytes."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    lab = Lab(tmp_path / "workspace", launcher=InlineLauncher())
    config = short(lab, "vae", images=512)
    original = checkpoint.save_checkpoint

    def on_a_full_disk(folder: Path, **kwargs: object) -> None:
        if folder.name.endswith("512"):
            (folder / "state.pt").symlink_to("/dev/full")
        original(folder, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recorder, "save_checkpoint", on_a_full_disk)
        run = lab.runs.submit(config)
    assert run.state == "failed" and run.error is not None
    assert run.error["kind"] == "disk_full" and "is full" in run.error["message"]
    assert [one.images for one in lab.runs.read(run).checkpoints()] == [256]
    assert lab.runs.resume(run).state == "completed"
