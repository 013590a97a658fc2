from __future__ import annotations

from genlab.networks._sizes import channels, sizes


def test_sizes_halve_down_to_seven() -> None:
    assert sizes(8, 8) == [(4, 4)]
    assert sizes(25, 25) == [(13, 13), (7, 7)]
    assert sizes(28, 28) == [(14, 14), (7, 7)]
    assert sizes(64, 64) == [(32, 32), (16, 16), (8, 8), (4, 4)]
    assert sizes(128, 64) == [(64, 32), (32, 16), (16, 8), (8, 4), (4, 2)]


def test_channels_double_up_to_four_times_the_width() -> None:
    assert channels(32, sizes(28, 28)) == [32, 64]
    assert channels(32, sizes(64, 64)) == [32, 64, 128, 128]
    assert channels(32, sizes(128, 128)) == [16, 32, 64, 128, 128]
