"""DINOv2, which judges pictures more like people do than Inception does."""

from __future__ import annotations

from typing import Any

from genlab.encoders.base import EncoderSpec, EncoderTask, FeatureEncoder


def build(task: EncoderTask) -> FeatureEncoder:
    """The class token [n, 768] of the ViT-B/14."""
    from genlab.encoders._fidelity import extractor

    return extractor("dinov2-vit-b-14", "dinov2", 768, _make)


def _make() -> Any:
    from torch_fidelity.feature_extractor_dinov2 import FeatureExtractorDinoV2

    return FeatureExtractorDinoV2("dinov2-vit-b-14", ["dinov2"])


SPEC = EncoderSpec(
    title="DINOv2",
    summary="a self-supervised vision transformer; downloads its code and weights (330 MB); slow without a GPU",
    paper="Oquab et al., DINOv2, 2023; Stein et al., Exposing flaws of generative model evaluation metrics, 2023",
    build=build,
)
