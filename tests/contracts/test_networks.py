"""What every network of the registry promises, for every shape of data it can be built for."""

from __future__ import annotations

from math import prod
from typing import TypeVar

import pytest
import torch
from torch import Tensor, nn

from genlab import kinds
from genlab.networks.base import NetworkSpec, Styled
from genlab.networks.build import Parts, count_parameters
from genlab.registry import Choice, registry
from genlab.space import Space

ModuleT = TypeVar("ModuleT", bound=nn.Module)

LATENT = 6
BATCH = 3
SIDES = (8, 16, 25, 28, 32, 64, 128)

SPECS: list[NetworkSpec] = list(registry("networks"))
IMAGES = [
    pytest.param(spec, Space("images", (channels, side, side)), id=f"{spec.name}-{channels}x{side}")
    for spec in SPECS
    if kinds.fits(spec, "images")
    for side in SIDES
    for channels in (1, 3)
]
OBLONG = [
    pytest.param(spec, Space("images", shape), id=f"{spec.name}-{'x'.join(map(str, shape))}")
    for spec in SPECS
    if kinds.fits(spec, "images")
    for shape in ((1, 16, 32), (3, 24, 9), (1, 8, 128), (1, 200, 8))
]
POINTS = [
    pytest.param(spec, Space("points", (2,), scale=2.0), id=f"{spec.name}-points")
    for spec in SPECS
    if kinds.fits(spec, "points")
]
SEQUENCES = [
    pytest.param(spec, Space("texts", shape), id=f"{spec.name}-{'x'.join(map(str, shape))}")
    for spec in SPECS
    if kinds.fits(spec, "texts")
    for shape in ((127, 8), (30, 19), (9, 64))
]
FILMS = [
    pytest.param(spec, Space("film", shape), id=f"{spec.name}-{'x'.join(map(str, shape))}")
    for spec in SPECS
    if kinds.fits(spec, "film")
    for shape in ((1, 16, 32, 32), (3, 5, 20, 33), (1, 2, 8, 9))
]
every_space = pytest.mark.parametrize(("spec", "space"), IMAGES + OBLONG + POINTS + SEQUENCES + FILMS)
TYPICAL = [p for p in IMAGES if str(p.id).endswith(("-3x25", "-1x28"))] + POINTS + SEQUENCES[:2]
TYPICAL += [p for p in FILMS if str(p.id).endswith("-3x5x20x33")]
typical_space = pytest.mark.parametrize(("spec", "space"), TYPICAL)


def parts(spec: NetworkSpec, space: Space) -> Parts:
    return Parts(space, LATENT, Choice(name=spec.name, options=spec.Options()))


def data(space: Space, count: int = BATCH) -> Tensor:
    shape = (count, *space.shape)
    if "symbols" in space.spec.gives:
        return nn.functional.one_hot(torch.randint(shape[1], (count, *shape[2:])), shape[1]).transpose(1, 2).float()
    return torch.rand(shape) if space.spec.bounds else torch.randn(shape) * space.scale


def trained_a_little(module: ModuleT) -> ModuleT:
    """``module`` away from its start, where a layer at zero hides those before it."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.02)
    return module


def without_gradient(module: nn.Module) -> list[str]:
    return [
        name
        for name, parameter in module.named_parameters()
        if parameter.grad is None or not parameter.grad.isfinite().all() or not parameter.grad.any()
    ]


@every_space
def test_shapes_and_finite_values(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    build = parts(spec, space)
    encoder, decoder, critic = build.encoder(), build.decoder(), build.critic()
    x = data(space)

    mean, log_variance = encoder(x)
    raw = decoder(torch.randn(BATCH, LATENT))
    features = critic.features(x)
    scores = critic(x)

    assert mean.shape == log_variance.shape == (BATCH, LATENT)
    assert raw.shape == (BATCH, *space.shape)
    assert features.shape == (BATCH, critic.trunk.out_features)
    assert scores.shape == (BATCH,)
    for values in (mean, log_variance, raw, features, scores):
        assert values.isfinite().all()
        assert values.dtype == torch.float32


@every_space
def test_a_decoder_starts_near_zero_but_depends_on_its_latent(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    raw = parts(spec, space).decoder()(torch.randn(16, LATENT))
    assert 1e-3 < raw.std(dim=0).mean() < 0.5
    assert raw.abs().max() < 2


@every_space
def test_features_keep_their_scale_at_the_start(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    features = parts(spec, space).critic().features(data(space))
    assert 0.05 < features.square().mean().sqrt() < 5


@typical_space
def test_gradient_reaches_every_parameter(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    build = parts(spec, space)
    encoder, decoder, critic = (trained_a_little(m) for m in (build.encoder(), build.decoder(), build.critic()))
    x = data(space, 8)
    mean, log_variance = encoder(x)
    (mean.square().sum() + log_variance.square().sum()).backward()
    decoder(torch.randn(8, LATENT)).square().sum().backward()
    critic(x).square().sum().backward()
    for module in (encoder, decoder, critic):
        assert without_gradient(module) == []


@typical_space
def test_a_sample_does_not_see_the_rest_of_its_batch(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    build = parts(spec, space)
    critic, decoder = trained_a_little(build.critic()).train(), trained_a_little(build.decoder()).train()
    x, z = data(space), torch.randn(BATCH, LATENT)
    with torch.no_grad():
        torch.testing.assert_close(critic.features(x)[:1], critic.features(x[:1]), atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(decoder(z)[:1], decoder(z[:1]), atol=1e-4, rtol=1e-4)


@typical_space
def test_a_decoder_whose_layers_are_told_styles_says_so_and_draws_those_of_several_items(
    spec: NetworkSpec, space: Space
) -> None:
    torch.manual_seed(0)
    decoder = trained_a_little(parts(spec, space).decoder())
    assert isinstance(decoder.body, Styled) == spec.styled == bool(decoder.style_layers)
    if not spec.styled:
        return
    z = torch.randn(BATCH, LATENT)
    with torch.no_grad():
        styles = decoder.styles(z)
        assert styles.shape[:2] == (BATCH, len(decoder.style_layers)) and styles.dtype == torch.float32
        torch.testing.assert_close(decoder.draw(styles), decoder(z))
        for layer in range(len(decoder.style_layers)):
            mixed = styles.clone()
            mixed[0, layer] = styles[1, layer]
            raw = decoder.draw(mixed)
            assert not raw[0].allclose(decoder(z)[0], atol=1e-4), f"layer {layer} is not heard"
            torch.testing.assert_close(raw[1:], decoder(z)[1:])


@typical_space
def test_the_gradient_penalty_has_a_gradient(spec: NetworkSpec, space: Space) -> None:
    """The derivative of the squared input gradient, against a finite difference along itself."""
    torch.manual_seed(0)
    critic = trained_a_little(parts(spec, space).critic()).double()
    x = data(space, 2).double()

    def penalty() -> Tensor:
        free = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(critic.features(free).sum(), free, create_graph=True)
        return gradient.square().sum()

    penalty().backward()
    slopes = {p: p.grad.clone() for p in critic.trunk.parameters() if p.grad is not None and p.grad.any()}
    assert slopes
    length = sum(float(slope.square().sum()) for slope in slopes.values()) ** 0.5
    step = 1e-6
    values = []
    for side in (step, -step):
        with torch.no_grad():
            for parameter, slope in slopes.items():
                parameter.add_(slope, alpha=side / length)
        values.append(float(penalty().detach()))
        with torch.no_grad():
            for parameter, slope in slopes.items():
                parameter.sub_(slope, alpha=side / length)
    assert (values[0] - values[1]) / (2 * step) == pytest.approx(length, rel=1e-3)


@typical_space
def test_the_same_seed_gives_the_same_weights(spec: NetworkSpec, space: Space) -> None:
    def weights(seed: int) -> Tensor:
        torch.manual_seed(seed)
        build = parts(spec, space)
        return torch.cat([p.flatten() for m in (build.encoder(), build.decoder()) for p in m.parameters()])

    assert weights(3).equal(weights(3))
    assert not weights(3).equal(weights(4))


@every_space
def test_size_stays_sane(spec: NetworkSpec, space: Space) -> None:
    with torch.device("meta"):
        build = parts(spec, space)
        counts = count_parameters({"encoder": build.encoder(), "decoder": build.decoder(), "critic": build.critic()})
    ceiling = 4_000_000 + 2 * 512 * prod(space.shape)
    for name, count in counts.items():
        assert 1_000 < count < ceiling, name


@every_space
def test_no_batch_statistics_and_no_transposed_convolution(spec: NetworkSpec, space: Space) -> None:
    banned = (nn.modules.batchnorm._NormBase, nn.modules.conv._ConvTransposeNd, nn.GroupNorm, nn.Dropout)
    with torch.device("meta"):
        build = parts(spec, space)
        modules = [m for part in (build.encoder(), build.decoder(), build.critic()) for m in part.modules()]
    assert [m for m in modules if isinstance(m, banned)] == []


@typical_space
def test_runs_in_bf16(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    build = parts(spec, space)
    critic, decoder = build.critic(), build.decoder()
    x, z = data(space), torch.randn(BATCH, LATENT)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, raw = critic(x), decoder(z)
        (scores.sum() + raw.square().sum()).backward()
    assert scores.dtype == raw.dtype == torch.float32
    torch.testing.assert_close(scores, critic(x), atol=0.2, rtol=0.05)
    torch.testing.assert_close(raw, decoder(z), atol=0.05, rtol=0.05)


@typical_space
def test_packs_and_conditions(spec: NetworkSpec, space: Space) -> None:
    torch.manual_seed(0)
    classes = Space(space.kind, space.shape, classes=4, scale=space.scale)
    build = parts(spec, classes)
    y = torch.tensor([0, 1, 2, 3])
    x = data(classes, 4)
    assert build.critic(pack=2)(x, y).shape == (2,)
    assert build.encoder()(x, y)[0].shape == (4, LATENT)
    z = torch.zeros(4, LATENT)
    raw = build.decoder()(z, y)
    assert raw.shape == (4, *space.shape)
    assert not torch.allclose(raw[0], raw[1])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_describes_itself(spec: NetworkSpec) -> None:
    assert spec.title
    assert spec.summary
    assert spec.paper
    for name, field in spec.Options.model_fields.items():
        assert field.description, name


def test_oblong_pictures_work() -> None:
    for spec in (spec for spec in SPECS if kinds.fits(spec, "images")):
        space = Space("images", (3, 20, 33))
        build = parts(spec, space)
        assert build.decoder()(torch.randn(2, LATENT)).shape == (2, 3, 20, 33)
        assert build.critic()(data(space, 2)).shape == (2,)


@every_space
def test_its_translator_keeps_the_shape_and_every_value_matters(spec: NetworkSpec, space: Space) -> None:
    network = parts(spec, space).translator()
    x = torch.rand(2, *space.shape).requires_grad_()
    raw = network(x)
    assert raw.shape == x.shape and raw.dtype == torch.float32 and raw.isfinite().all()
    (slope,) = torch.autograd.grad(raw[0].square().sum(), x)
    assert slope[0].isfinite().all() and float((slope[0] != 0).float().mean()) > 0.9
    assert not slope[1].any(), "items do not see each other"


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 25, 33), (3, 9, 24)])
def test_a_translator_at_full_resolution_keeps_the_same_promises(shape: tuple[int, ...]) -> None:
    space = Space("images", shape, classes=4)
    spec = registry("networks").get("conv")
    build = Parts(space, LATENT, Choice(name="conv", options=spec.Options(full_resolution=8)))
    network, y = trained_a_little(build.translator()), torch.tensor([0, 3])
    x = torch.rand(2, *shape).requires_grad_()
    raw = network(x, y)
    assert raw.shape == x.shape and raw.dtype == torch.float32
    (slope,) = torch.autograd.grad(raw[0].square().sum(), x)
    assert float((slope[0] != 0).float().mean()) > 0.9 and not slope[1].any()
    assert not torch.equal(raw[0], network(x, y.flip(0))[0]), "the class is heard"
