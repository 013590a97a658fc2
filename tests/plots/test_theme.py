from __future__ import annotations

import pytest

from genlab.plots import theme

FAMILIES = ("vae", "gan", "vae_gan")


def luminance(colour: str) -> float:
    """Relative luminance of the WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("mode", "ground"), [("light", "#FFFFFF"), ("dark", "#12151B")])
@pytest.mark.parametrize("family", FAMILIES)
def test_family_colours_stand_out_from_the_ground(family, mode, ground):
    assert contrast(theme.family_colour(family, mode), ground) > 3.0


@pytest.mark.parametrize(("mode", "ground"), [("light", "#F4F5F8"), ("dark", "#1C212A")])
@pytest.mark.parametrize("family", [*FAMILIES, "diffusion"])
def test_a_familys_name_can_be_read_in_small_letters(family, mode, ground):
    assert contrast(theme.family_ink(family, mode), ground) >= 4.5


@pytest.mark.parametrize("tell", [theme.family_colour, theme.family_title, theme.family_dash, theme.family_symbol])
def test_families_are_told_apart_by_each_sign(tell):
    assert len({tell(family) for family in FAMILIES}) == 3


def test_an_unknown_family_is_grey_and_keeps_its_name():
    assert theme.family_colour("diffusion") == theme.REAL_COLOUR
    assert theme.family_title("diffusion") == "diffusion"


def test_dashes_of_seeds_come_round():
    assert theme.seed_dash(0) == theme.seed_dash(len(theme.SEED_DASHES))
    assert len(set(theme.SEED_DASHES)) == len(theme.SEED_DASHES)


def test_translucent():
    assert theme.translucent("#0072B2", 0.25) == "rgba(0,114,178,0.25)"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_template_starts_with_the_family_colours(mode):
    colours = theme.template(mode).layout.colorway
    assert list(colours[:3]) == [theme.family_colour(family, mode) for family in FAMILIES]
    assert theme.template(mode) is theme.template(mode)
