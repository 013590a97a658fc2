"""What a network takes where it says nothing else."""

from __future__ import annotations

from torch import Tensor, nn

from genlab import kinds
from genlab.networks.base import NetworkSpec, Styled, Trunk


class Flat(nn.Module):
    """As many features as there are values."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.out_features = shape[0]


def test_a_network_takes_grids_unless_it_says_that_any_shape_will_do():
    plain = NetworkSpec(
        title="Flat",
        summary="Flat",
        trunk=lambda shape, options: Flat(shape),
        decoder=lambda n, shape, options: nn.Flatten(),
    )
    fits = {kind: kinds.fits(plain, kind) for kind in ("images", "points")}
    assert fits == {"images": True, "points": False}
    trunk: Trunk = plain.trunk((5,), None)  # type: ignore[assignment]
    assert trunk.out_features == 5


class Layered(Flat):
    """Two layers with a style of one number each."""

    style_layers = ("coarse", "fine")

    def styles(self, z: Tensor) -> Tensor:
        return z[:, :2, None]

    def draw(self, styles: Tensor) -> Tensor:
        return styles.sum(dim=2)


def test_any_decoder_can_offer_styles():
    assert isinstance(Layered((2,)), Styled) and not isinstance(Flat((2,)), Styled)
