"""What computes with tensors does all of it on the device, and takes and gives tensors on the CPU.

The device here only pretends (`tests.support.elsewhere`), so that a forgotten tensor is found without a GPU. Numbers
are those of the CPU.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from genlab import devices, kinds
from genlab.config import RunConfig, change
from genlab.encoders import _in_domain, efficientnet_lite0
from genlab.encoders.base import Encoded, EncoderTask
from genlab.families import may_sample
from genlab.latent import _activations
from genlab.latent.directions import DirectionInputs, find
from genlab.latent.invert import floor, invert
from genlab.latent.inverter import Inverter, train_inverter
from genlab.latent.place import locate
from genlab.latent.restore import restore
from genlab.metrics.base import Evidence, MetricSpec
from genlab.models.generative import GenerativeModel
from genlab.models.prior import fit_prior
from genlab.objectives.base import Objective
from genlab.registry import registry
from genlab.training import engine
from genlab.training.seeding import SharedRandom
from genlab.training.state import TrainState
from genlab.training.stream import batches_of
from tests.objectives.toys import CLASSES, batch, build, parts, suits, taken_by
from tests.support import elsewhere
from tests.support.elsewhere import DEVICE, pretending
from tests.support.evidence import pictures
from tests.support.toys import one_process

OBJECTIVES = registry("objectives").names()
KINDS = ("images", "points")
SAMPLING = {spec.name for spec in registry("objectives") if may_sample(spec.family)}
SETTINGS = [case for case in product(OBJECTIVES, KINDS, (0, CLASSES)) if suits(*case)]


@pytest.fixture(autouse=True)
def _same_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks as on the CPU, so that results can be compared to the last bit."""
    monkeypatch.setattr(devices, "WIDER", 1)


# Models


def made(name: str, kind: Any, classes: int, device: torch.device | str) -> GenerativeModel:
    of = parts(kind, classes)
    objective = build(name, of)
    return GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim, device)


def everything(model: GenerativeModel) -> dict[str, Tensor]:
    """What every public method says of some latents and data."""
    n = 7
    y = model.labels(n)
    x = torch.rand(n, *model.image_shape, generator=torch.Generator().manual_seed(3))
    found: dict[str, Tensor] = {}
    if model.can_sample:
        found |= {"decode": model.decode(model.sample_latents(n), y), "sample": model.sample(n, 1)}
    if model.can_restore:
        found["restored"] = model.restore(x, y)
    if model.can_translate:
        found |= {"there": model.translate(x, "there"), "back": model.translate(x, "back")}
    assert found
    if model.can_encode:
        posterior = model.encode(x, y)
        found |= {"mean": posterior.mean, "variance": posterior.log_variance}
        prior = fit_prior(model, x, y)
        assert prior is not None
        found["fitted"] = prior.sample(5)
    if model.can_score:
        found["scores"] = model.critic_scores(x, y)
    if model.has_likelihood:
        found |= {f"bound {k}": model.log_likelihood_bound(x, k, y) for k in (1, 5)}
    return found


@pytest.mark.parametrize(("name", "kind", "classes"), SETTINGS)
def test_a_model_computes_on_its_device(monkeypatch: pytest.MonkeyPatch, name: str, kind: str, classes: int):
    expected = everything(made(name, kind, classes, "cpu"))
    with pretending(monkeypatch) as pretend:
        model = made(name, kind, classes, DEVICE)
        found = everything(model)
        assert model.device == DEVICE
        assert "linear" in pretend.layers
    for what, values in expected.items():
        assert type(found[what]) is Tensor and torch.equal(found[what], values), what


@pytest.mark.parametrize("name", registry("likelihoods").names())
def test_every_likelihood_is_moved_with_its_model(monkeypatch: pytest.MonkeyPatch, name: str):
    def bound(device: torch.device | str) -> Tensor:
        of = parts(taken_by(name))
        objective = build("vae", of, likelihood=name)
        model = GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim, device)
        return model.log_likelihood_bound(batch(of.space, 6).x, 4)

    expected = bound("cpu")
    with pretending(monkeypatch):
        assert torch.equal(bound(DEVICE), expected)


def test_a_bound_does_not_depend_on_how_it_is_cut(monkeypatch: pytest.MonkeyPatch):
    x = torch.rand(150, 2, generator=torch.Generator().manual_seed(1))
    expected = made("vae", "points", 0, "cpu").log_likelihood_bound(x, 64)
    monkeypatch.setattr(devices, "WIDER", 3)
    with pretending(monkeypatch):
        found = made("vae", "points", 0, DEVICE).log_likelihood_bound(x, 64)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("network", registry("networks").names())
def test_every_network_decodes_and_encodes_there(monkeypatch: pytest.MonkeyPatch, network: str):
    def of(device: torch.device | str) -> dict[str, Tensor]:
        from genlab.models.factory import build_objective
        from genlab.space import Space

        config = change(RunConfig(model="vae"), {"network": network, "latent_dim": 3})
        spaces = (Space("images", (1, 9, 9)), Space("film", (1, 3, 9, 9)), Space("texts", (9, 8)))
        space = next(one for one in spaces if kinds.fits(registry("networks").get(network), one.kind))
        objective = build_objective(config, space)
        return everything(GenerativeModel(objective.assemble(objective.players), space, 3, device))

    expected = of("cpu")
    with pretending(monkeypatch):
        found = of(DEVICE)
    assert all(torch.equal(found[what], values) for what, values in expected.items())


# Training


def trained(objective: Objective, accelerator: Any, steps: int = 2) -> dict[str, Tensor]:
    """All weights after some steps, averages included."""
    config = change(RunConfig(), {"batch_size": 8, "images": 64, "ema_half_life": 100, "clip_norm": 1.0})
    state = TrainState.fresh(objective, config, accelerator)
    rng = np.random.default_rng(0)
    shape, classes = objective.space.shape, objective.space.classes
    stored = objective.space.spec.dtype == "uint8"
    items = rng.integers(0, 256, (40, *shape)).astype(np.uint8) if stored else rng.normal(size=(40, 2)).astype("f4")
    labels = rng.integers(0, classes, 40) if classes else None
    stream = batches_of(items, labels, objective.pair, seed=1, device=accelerator.device)
    engine.untrained_losses(state, stream)
    for _ in range(steps):
        engine.step(state, stream)
    return {name: tensor.cpu() for name, tensor in state.weights().items()}


def same_training(monkeypatch: pytest.MonkeyPatch, fresh: Callable[[], Objective]) -> None:
    expected = trained(fresh(), one_process())
    with pretending(monkeypatch) as pretend:
        found = trained(fresh(), elsewhere.accelerator())
        assert "linear" in pretend.layers
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        # Adam is one kernel on the CPU, and several elsewhere.
        torch.testing.assert_close(found[name], values, rtol=1e-3, atol=2e-4, msg=name)


@pytest.mark.parametrize(("name", "kind", "classes"), SETTINGS)
def test_every_objective_trains_there(monkeypatch: pytest.MonkeyPatch, name: str, kind: Any, classes: int):
    same_training(monkeypatch, lambda: build(name, parts(kind, classes)))


@pytest.mark.parametrize("loss", registry("losses").names())
def test_every_loss_trains_there(monkeypatch: pytest.MonkeyPatch, loss: str):
    same_training(monkeypatch, lambda: build("gan", parts("images"), loss=loss))


@pytest.mark.parametrize("penalty", registry("penalties").names())
def test_every_penalty_trains_there(monkeypatch: pytest.MonkeyPatch, penalty: str):
    same_training(monkeypatch, lambda: build("gan", parts("images"), penalty=penalty, pack=2, augment="diffaugment"))


@pytest.mark.parametrize("likelihood", registry("likelihoods").names())
def test_every_likelihood_trains_there(monkeypatch: pytest.MonkeyPatch, likelihood: str):
    options = {"importance_samples": 3} if likelihood == "bernoulli" else {"free_bits": 0.1}
    same_training(monkeypatch, lambda: build("vae", parts(taken_by(likelihood)), likelihood=likelihood, **options))


# Feature encoders


def task(folder: Path, classes: int = 4) -> EncoderTask:
    rng = np.random.default_rng(0)
    stored = rng.integers(0, 256, (40, 3, 16, 16)).astype(np.uint8)
    labels = np.arange(40) % 4 if classes else None
    of = (None, None) if labels is None else (labels[:30], labels[30:])
    return EncoderTask("images", (3, 16, 16), classes, 0, "x", stored[:30], of[0], stored[30:], of[1], folder)


def without_downloads(patched: pytest.MonkeyPatch) -> None:
    """Networks of the right make, with weights that nobody has trained."""
    from torch_fidelity import feature_extractor_dinov2, feature_extractor_inceptionv3

    patched.setattr("torch.hub.load_state_dict_from_url", lambda *args, **kwargs: {})
    patched.setattr(feature_extractor_inceptionv3, "load_state_dict_from_url", lambda *args, **kwargs: {})
    inception = feature_extractor_inceptionv3.FeatureExtractorInceptionV3
    patched.setattr(inception, "load_state_dict", lambda self, weights: None)

    def tiny(*args: Any, **kwargs: Any) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(48, 768))

    patched.setattr(feature_extractor_dinov2.torch.hub, "load", tiny)


OURS = {path.stem.replace("_", "-") for path in Path(inspect.getfile(_in_domain)).parent.glob("[a-z]*.py")}
"""Encoders that come with genlab; those of others may do without torch, as pixels do."""


@pytest.mark.parametrize(
    "name", [name for name in registry("encoders").names() if name != "pixels" and name.replace("_", "-") in OURS]
)
def test_every_encoder_computes_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str):
    if name == "efficientnet_lite0" and efficientnet_lite0.available():
        pytest.skip("the [encoders] extra is not installed")
    monkeypatch.setattr(_in_domain, "FEWEST", 256)
    without_downloads(monkeypatch)
    images = np.random.default_rng(1).random((5, 3, 16, 16), dtype=np.float32)

    def features(folder: Path) -> Encoded:
        torch.manual_seed(0)
        return registry("encoders").get(name).build(task(folder))(images)

    expected = features(tmp_path / "here")
    with pretending(monkeypatch) as pretend:
        found = features(tmp_path / "there")
        assert pretend.layers and pretend.moved
    np.testing.assert_array_equal(found.features, expected.features)
    assert found.probabilities is None or np.array_equal(found.probabilities, expected.probabilities)


@pytest.mark.parametrize(("classes", "channels"), [(0, 0), (4, 2)])
def test_the_in_domain_encoder_of_every_make_is_trained_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, classes: int, channels: int
):
    monkeypatch.setattr(_in_domain, "FEWEST", 256)

    def trained_in(folder: Path) -> _in_domain.InDomain:
        of = task(folder, classes)
        if channels:
            of = replace(of, shape=(2, 16, 16), channel_classes=channels, train=of.train[:, :2], test=of.test[:, :2])
        return _in_domain.load_or_train(of, 1)

    expected = trained_in(tmp_path / "here")
    with pretending(monkeypatch) as pretend:
        found = trained_in(tmp_path / "there")
        assert {"conv2d", "linear"} <= pretend.layers
    assert found.identity == expected.identity and found.facts == expected.facts


# Metrics


def of_torch() -> list[str]:
    """Metrics whose modules know the device."""
    return [spec.name for spec in registry("metrics") if "OnDevice" in source_of(spec)]


def source_of(spec: MetricSpec) -> str:
    module = inspect.getmodule(spec.compute)
    assert module is not None
    return inspect.getsource(module)


def evidence() -> Evidence:
    rng = np.random.default_rng(0)
    real = rng.random((30, 1, 12, 12), dtype=np.float32)
    again = (real + 0.1 * rng.random(real.shape, dtype=np.float32)).clip(0, 1)
    return Evidence(pictures(real), pictures(real[::-1].copy()), reconstructions=pictures(again))


def test_no_metric_computes_with_torch_behind_the_devices_back():
    by_torch = {"psnr"}
    assert set(of_torch()) == by_torch
    for spec in registry("metrics"):
        source = source_of(spec)
        imports = "import torch" in source or "from torch" in source
        # The Fréchet distance hands arrays to a library that computes with NumPy.
        assert not imports or spec.name in by_torch or "frechet" in spec.name, spec.name


@pytest.mark.parametrize("name", of_torch())
def test_every_metric_that_uses_torch_computes_there(monkeypatch: pytest.MonkeyPatch, name: str):
    spec: MetricSpec = registry("metrics").get(name)
    expected = spec.measure(evidence(), spec.Options(), np.random.default_rng(0))
    with pretending(monkeypatch) as pretend:
        found = spec.measure(evidence(), spec.Options(), np.random.default_rng(0))
        assert pretend.moved >= 2
    assert found.value is not None and (found.value, found.low, found.high) == (
        expected.value,
        expected.low,
        expected.high,
    )


# Latent spaces


@pytest.mark.parametrize(("name", "kind", "classes"), [case for case in SETTINGS if case[0] in SAMPLING])
def test_inversion_descends_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, kind: str, classes: int):
    def inverted(device: torch.device | str) -> dict[str, Tensor]:
        model = made(name, kind, classes, device)
        x = model.sample(6, 4)
        inverter = train_inverter(model, 128)
        inverter.save(tmp_path / "inverter.safetensors")
        again = Inverter.load(tmp_path / "inverter.safetensors", model)
        assert torch.equal(again(x, model.labels(6)), inverter(x, model.labels(6)))
        found = {"encoded": again(x, model.labels(6))}
        for what, result in {
            "inverted": invert(model, x, inverter, 3),
            "alone": invert(model, x, None, 3, y=model.labels(6)),
            "floor": floor(model, x, inverter, 2, 2),
            "located": locate(model, x, inverter, 2),
        }.items():
            found |= {f"{what} z": result.z, f"{what} residual": result.residual, f"{what} images": result.images}
        return found

    expected = inverted("cpu")
    with pretending(monkeypatch) as pretend:
        found = inverted(DEVICE)
        assert "linear" in pretend.layers
    for what, values in expected.items():
        # Batches of the inverter are cut in two on the CPU.
        assert type(found[what]) is Tensor
        torch.testing.assert_close(found[what], values, rtol=2e-3, atol=2e-3, msg=what)


@pytest.mark.parametrize("classes", [0, CLASSES])
def test_restoration_descends_there(monkeypatch: pytest.MonkeyPatch, classes: int):
    problems = {}
    for name, options in (("hole", {}), ("compressed", {"measurements": 20})):
        model, spec = made("gan", "images", classes, "cpu"), registry("corruptions").get(name)
        seen = spec.measuring(model.space, 6, SharedRandom(0, "measurement"), spec.Options(**options))
        problems[name] = seen(model.sample(6, 4)), seen

    def restored(device: torch.device | str) -> dict[str, Tensor]:
        model, found = made("gan", "images", classes, device), {}
        for name, problem in problems.items():
            result = restore(model, *problem, None, 3, 2, others=(2, 3))
            found |= {f"{name} z": result.z, f"{name} images": result.images, f"{name} others": result.others}
        return found

    expected = restored("cpu")
    with pretending(monkeypatch):
        found = restored(DEVICE)
    for what, values in expected.items():
        torch.testing.assert_close(found[what], values, rtol=2e-3, atol=2e-3, msg=what)


@pytest.mark.parametrize("classes", [0, CLASSES])
def test_directions_are_found_there(monkeypatch: pytest.MonkeyPatch, classes: int):
    monkeypatch.setattr(_activations, "SAMPLES", 64)

    def directions(device: torch.device | str) -> dict[str, np.ndarray]:
        about = DirectionInputs(model=made("gan", "images", classes, device), count=4)
        return {way: np.stack([d.vector for d in find(way, about)]) for way in ("dimension", "ganspace", "sefa")}

    expected = directions("cpu")
    with pretending(monkeypatch):
        found = directions(DEVICE)
    for way, vectors in expected.items():
        np.testing.assert_array_equal(found[way], vectors)


def test_a_model_whose_device_has_no_room_goes_on_on_the_cpu(monkeypatch: pytest.MonkeyPatch):
    told = list[str]()
    expected = made("vae", "images", 0, "cpu")
    with pretending(monkeypatch), devices.telling(told.append):
        model = made("vae", "images", 0, DEVICE)
        z, real = model.sample_latents(6), model._decode

        def too_large(z: Tensor, y: Tensor | None, choices: Tensor | None) -> Tensor:
            if z.device == DEVICE:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
            with torch._C.DisableTorchFunction():
                return real(z, y, choices)

        monkeypatch.setattr(model, "_decode", too_large)
        found = model.decode(z)
        assert model.device == torch.device("cpu")
    assert torch.equal(found, expected.decode(z))
    assert [sentence for sentence in told if "computed on the CPU" in sentence] == told[-1:]
