"""What a claim is made of: its comparisons, and which of them decide."""

from __future__ import annotations

from typing import Any

from genlab.verdicts.claims.base import ClaimSpec, PartSpec


def part(name: str, **changes: Any) -> PartSpec:
    return PartSpec(**({"name": name, "title": name, "measure": "coverage", "first": "vae"} | changes))


def claim(*parts: PartSpec) -> ClaimSpec:
    return ClaimSpec(title="It is so", summary="Is it?", order=1, caveat="", parts=parts, cells=(), pictures=())


def test_a_part_needs_the_families_it_compares():
    assert part("a").families == ("vae",)
    assert part("a", second=("gan", "vae_gan")).families == ("vae", "gan", "vae_gan")


def test_only_some_parts_decide():
    told = claim(part("a", decisive=True), part("b"), part("c", decisive=True))
    assert [found.name for found in told.decisive] == ["a", "c"]


def test_a_claim_holds_by_definition_when_all_that_decides_does():
    has, mean = part("a", kind="has", decisive=True), part("b", decisive=True)
    assert claim(has, part("c")).definitional
    assert not claim(has, mean).definitional
    assert not claim(mean).definitional
