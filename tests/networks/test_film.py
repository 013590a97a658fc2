"""The network for films: what moves, what stays, and who steers it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.networks import film
from genlab.networks._film_layers import GENTLE, REACH, FilmConv, FoldFilm, Layers, UnfoldFilm
from genlab.networks._sizes import film_sizes

SHAPE = (1, 8, 16, 20)


def made(**options: int) -> Layers:
    torch.manual_seed(0)
    module = film.decoder(6, SHAPE, film.FilmOptions(width=8, mapping_width=16, **options))
    assert isinstance(module, Layers)
    return module


def nothing(module: torch.nn.Module) -> None:
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()


def test_folding_and_its_way_back_lose_nothing() -> None:
    x = torch.rand(2, 3, 4, 6, 8)
    folded = FoldFilm()(x)
    assert folded.shape == (2, 2, 24, 3, 4)
    torch.testing.assert_close(UnfoldFilm((4, 6, 8), (2, 2, 2))(folded), x.transpose(1, 2))


def test_odd_ends_are_repeated_and_cut_again() -> None:
    x = torch.rand(1, 1, 3, 5, 7)
    folded = FoldFilm()(x)
    torch.testing.assert_close(UnfoldFilm((3, 5, 7), (2, 2, 2))(folded), x.transpose(1, 2))


@pytest.mark.parametrize(("time", "space"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_the_convolution_is_one_over_three_axes(time: int, space: int) -> None:
    torch.manual_seed(0)
    layer = FilmConv(2, 5, time=time, space=space)
    x = torch.rand(2, 5, 2, 6, 7)
    weight = layer.pictures.weight.unflatten(1, (3, 2)).transpose(1, 2)
    found = torch.nn.functional.conv3d(
        x.transpose(1, 2), weight, layer.pictures.bias, stride=(time, space, space), padding=1
    )
    torch.testing.assert_close(layer(x), found.transpose(1, 2), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((16, 32, 32), [(8, 16, 16), (4, 8, 8), (2, 4, 4)]),
        ((32, 64, 48), [(16, 32, 24), (8, 16, 12), (4, 8, 6), (2, 4, 3)]),
        ((2, 8, 8), [(1, 4, 4)]),
    ],
)
def test_sizes_end_at_few_frames_and_a_few_pixels(
    shape: tuple[int, int, int], found: list[tuple[int, int, int]]
) -> None:
    assert film_sizes(*shape) == found


def test_a_shift_moves_the_layer_by_whole_pixels_and_nothing_is_beyond_it() -> None:
    module = made()
    for part in (module.rest, module.course):
        nothing(part)
    z = torch.randn(2, 6)
    still = module(z)
    torch.testing.assert_close(still[:, :, :1].expand_as(still), still)
    course = module.course[-1]
    with torch.no_grad():
        steps = course.bias.view(-1, 3)
        steps[3, 1], steps[4, 1] = raw_of(4 / 20), -raw_of(4 / 20)
        steps[5, 0] = raw_of(-2 / 16)
        # Nothing but the moving layer is seen; the still one is -7.
        bias = module.content[-2].bias.view(3, -1)
        bias[2], bias[1] = 30, -7
        module.content[-2].weight.view(3, -1, *module.content[-2].weight.shape[1:])[1] = 0
    moved = module(z)
    torch.testing.assert_close(moved[:, :, 3, :, 4:], moved[:, :, 0, :, :-4], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(moved[:, :, 4], moved[:, :, 0], atol=1e-4, rtol=1e-4)
    for later in (5, 6, 7):
        torch.testing.assert_close(moved[:, :, later, :-2], moved[:, :, 0, 2:], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(moved[:, :, 3, :, :4], torch.full_like(moved[:, :, 3, :, :4], -7), atol=1e-3, rtol=1e-3)
    assert not torch.allclose(moved[:, :, 3], moved[:, :, 0], atol=1e-2)


def raw_of(way: float) -> float:
    """What the course has to say for a way in sides, from one frame to the next; it stays there."""
    return float(np.arctanh(way / REACH) / GENTLE * SHAPE[1] ** 0.5)


def test_what_the_layers_miss_has_no_lattice_of_pixels() -> None:
    torch.manual_seed(0)
    module = film.decoder(6, (1, 8, 32, 32), film.FilmOptions(width=8))
    assert isinstance(module, Layers)
    rest = module.rest(torch.randn(8, 6))
    finest = rest[..., ::2, ::2] - rest[..., 1::2, ::2] - rest[..., ::2, 1::2] + rest[..., 1::2, 1::2]
    unfolded = torch.randn_like(rest) * rest.std()
    random = unfolded[..., ::2, ::2] - unfolded[..., 1::2, ::2] - unfolded[..., ::2, 1::2] + unfolded[..., 1::2, 1::2]
    assert rest.std() > 0 and finest.std() < 0.2 * random.std()


def test_latents_far_out_leave_values_and_slopes_finite() -> None:
    module = made()
    z = (1e4 * torch.randn(4, 6)).requires_grad_()
    raw = module(z)
    raw.square().mean().backward()
    assert z.grad is not None
    assert raw.isfinite().all() and z.grad.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in module.parameters() if parameter.grad is not None)


def test_latents_of_content_do_not_move_anything() -> None:
    module = made(motion=2)
    nothing(module.rest)
    z = torch.randn(1, 6).repeat(2, 1)
    z[1, 2:] = torch.randn(4)
    torch.testing.assert_close(module.course(z[:, :2])[0], module.course(z[:, :2])[1])
    assert module.content(z[:, 2:])[0].sub(module.content(z[:, 2:])[1]).abs().max() > 1e-3
    z[1, :2] += 1
    torch.testing.assert_close(module.content(z[:, 2:])[1:], module.content(z[1:, 2:]))
    assert not torch.allclose(module.course(z[:, :2])[0], module.course(z[:, :2])[1])


def test_encoder_and_critic_can_be_narrower_than_the_decoder() -> None:
    narrow, usual = film.FilmOptions(trunk_width=8), film.FilmOptions()
    weights = [sum(p.numel() for p in film.decoder(4, SHAPE, o).parameters()) for o in (narrow, usual)]
    assert weights[0] == weights[1]
    weights = [sum(p.numel() for p in film.trunk(SHAPE, o).parameters()) for o in (narrow, usual)]
    assert weights[0] < weights[1]
