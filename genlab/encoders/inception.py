"""InceptionV3 as published Fréchet distances use it (torch-fidelity's conversion of the original weights)."""

from __future__ import annotations

from typing import Any

from genlab.encoders.base import EncoderSpec, EncoderTask, FeatureEncoder


def build(task: EncoderTask) -> FeatureEncoder:
    """The pooled features [n, 2048]."""
    from genlab.encoders._fidelity import extractor

    return extractor("inception-v3-compat", "2048", 2048, _make)


def _make() -> Any:
    from torch.hub import load_state_dict_from_url
    from torch_fidelity.feature_extractor_inceptionv3 import URL_INCEPTION_V3, FeatureExtractorInceptionV3

    # Read once as nothing but tensors: the library opens the same file less strictly.
    load_state_dict_from_url(URL_INCEPTION_V3, map_location="cpu", progress=False, check_hash=True, weights_only=True)
    return FeatureExtractorInceptionV3("inception-v3-compat", ["2048"])


SPEC = EncoderSpec(
    title="InceptionV3",
    summary="the network behind published FID figures; downloads its weights (91 MB); says little about grey digits",
    paper="Szegedy et al., Rethinking the Inception Architecture, 2016; Heusel et al., 2017",
    build=build,
)
