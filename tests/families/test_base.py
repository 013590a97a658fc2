"""What a family says of itself where it says nothing else."""

from __future__ import annotations

from genlab import families
from genlab.families.base import FamilySpec, Play

PLAIN = FamilySpec(title="Flow", summary="Flows", colour="#111111", colour_dark="#222222", ink="#333333")


def test_one_of_a_family_has_its_article():
    assert PLAIN.one == "a Flow"
    assert [families.REGISTRY.get(name).one for name in ("vae", "gan", "vae_gan")] == ["a VAE", "a GAN", "a VAE-GAN"]


def test_a_plain_family_has_a_decoder_only_and_is_in_neither_guide_nor_playground():
    assert (PLAIN.parts, PLAIN.concept, PLAIN.play) == ((), None, None)
    assert all(PLAIN.order > spec.order for spec in families.in_order() if spec.name in {"vae", "gan", "vae_gan"})


def test_every_player_has_one_turn_unless_the_family_says_otherwise():
    assert Play(settings=lambda scenario, scale: {}).repeats(None) == {}
