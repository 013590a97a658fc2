"""What the benchmark of films says of sets that are known."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.moving_digits import FRAMES, FrameClassifier, Row, bars, damaged, frames_of, frechet


def test_single_frames_are_judged_evenly_apart() -> None:
    torch.manual_seed(0)
    films = np.random.default_rng(0).uniform(size=(3, 1, 7, 16, 16)).astype(np.float32)
    network = FrameClassifier(16).eval()
    shares, features = frames_of(network, films)
    assert shares.shape == (3 * FRAMES, 10) and features.shape == (3 * FRAMES, 64)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)  # sums of ten float32
    np.testing.assert_allclose(frames_of(network, films[:, :, [0, 2, 4, 6]])[0], shares)


def test_damaged_films_consist_of_real_frames() -> None:
    films = np.random.default_rng(0).uniform(size=(6, 1, 5, 4, 4)).astype(np.float32)
    known = {frame.tobytes() for film in films[:, 0] for frame in film}
    for name, made in damaged(films).items():
        assert made.shape == films.shape and not np.array_equal(made, films), name
        assert {frame.tobytes() for film in np.ascontiguousarray(made[:, 0]) for frame in film} <= known, name


def test_frechet_of_shifted_features_is_the_square_of_the_shift() -> None:
    features = np.random.default_rng(0).standard_normal((500, 4))
    assert abs(frechet(features, features + np.array([3, 0, 0, 4])) - 25) < 1e-6


def test_bars_take_the_best_family_and_real_films_as_measure() -> None:
    rows = [
        Row("held-out films", None, None, 0.95, 10, 0.0, 1.0, 0.0),
        Row("training films", None, None, 0.97, 10, 0.04, 1.0, 0.1),
        Row("VAE", 100, 1.0, 0.7, 10, 0.07, 0.8, 3.0),
        Row("GAN", 100, 1.0, 0.9, 10, 0.3, 1.2, 2.0),
        Row("VAE-GAN", 100, 1.0, 0.99, 1, 0.5, 1.2, 900.0),
    ]
    assert [(bar.name, bar.met) for bar in bars(rows)] == [
        ("surety of single frames, GAN", True),
        ("speed distance, VAE", True),
    ]
    assert [bar.met for bar in bars([*rows[:2], Row("VAE", 1, 1.0, 0.84, 10, 0.09, 1.0, 1.0)])] == [False, False]
    assert [bar.met for bar in bars([*rows[:2], rows[4]])] == [False, False], "one digit is not enough"
    assert [bar.met for bar in bars(rows[:2])] == [None]
