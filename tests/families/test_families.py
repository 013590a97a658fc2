"""What may be asked of a family by its name, whether it is known here or its plug-in has gone."""

from __future__ import annotations

from genlab import families
from genlab.families.base import PARTS


def test_families_come_in_their_order_and_strangers_last():
    assert [spec.name for spec in families.in_order()][:3] == ["vae", "gan", "vae_gan"]
    assert sorted(["zebra", "vae_gan", "ant", "vae"], key=families.place) == ["vae", "vae_gan", "ant", "zebra"]


def test_a_family_that_is_not_known_may_have_every_part():
    assert families.known("diffusion") is None
    assert all(families.may_have("diffusion", part) for part in PARTS)
    assert [families.may_have("gan", part) for part in PARTS] == [False, True, False]


def test_families_are_found_by_their_parts():
    assert [spec.name for spec in families.with_part("critic")][:2] == ["gan", "vae_gan"]
    assert [spec.name for spec in families.with_part("encoder")][:2] == ["vae", "vae_gan"]
    assert all("likelihood" in spec.parts for spec in families.with_part("likelihood"))
