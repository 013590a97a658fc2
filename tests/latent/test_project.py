"""Maps: known planes, clusters that stay together, new points, files, cancelling, and codes that are no use."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.latent.project import PROJECTIONS, Projection, fit
from tests.latent.toys import Cancelled, cancel_at

LAID_OUT = [method for method, about in PROJECTIONS.items() if about.background]
COMPILED = [pytest.param(m, marks=pytest.mark.slow) if m == "umap" else m for m in LAID_OUT]
"""UMAP compiles for half a minute before the first layout, and as long before the first new point."""


def clusters(n: int = 90, dim: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes of three clusters far from each other, and which is whose."""
    rng = np.random.default_rng(seed)
    owner = np.arange(n) % 3
    centres = 20 * np.eye(3, dim)
    return (centres[owner] + rng.standard_normal((n, dim))).astype(np.float32), owner


def test_pca_is_the_plane_of_most_variance():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((2_000, 4)) * [1, 10, 0.1, 3] + 5
    found = fit(codes)
    assert found.coordinates.shape == (2_000, 2) and found.coordinates.dtype == np.float32
    assert abs(found.axes[0, 1]) > 0.99 and abs(found.axes[1, 3]) > 0.99
    np.testing.assert_allclose(found.coordinates.std(axis=0), [10, 3], rtol=0.05)
    np.testing.assert_allclose(found.coordinates.mean(axis=0), 0, atol=1e-3)
    assert found.explained == pytest.approx((100 / 110.01, 9 / 110.01), abs=0.02)
    np.testing.assert_allclose(found.transform(codes[:5]), found.coordinates[:5], atol=1e-4)


def test_pca_of_the_same_codes_has_the_same_sign():
    codes, _ = clusters()
    np.testing.assert_array_equal(fit(codes).coordinates, fit(codes.copy()).coordinates)


def test_pca_is_exactly_there_again_when_read(tmp_path):
    codes, _ = clusters()
    found = fit(codes)
    found.save(tmp_path / "pca.npz")
    again = Projection.load(tmp_path / "pca.npz")
    np.testing.assert_array_equal(again.coordinates, found.coordinates)
    assert (again.method, again.explained, again.digest) == ("pca", found.explained, found.digest)
    np.testing.assert_array_equal(again.transform(codes[:7]), found.transform(codes[:7]))


def test_the_latent_plane_is_the_codes_themselves():
    codes = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    np.testing.assert_array_equal(fit(codes, "latent").coordinates, codes)
    with pytest.raises(InputError, match="3 dimensions is not a plane"):
        fit(np.zeros((5, 3)), "latent")


@pytest.mark.parametrize("codes", [np.ones((1, 3)), np.ones((6, 3)), np.arange(6.0)[:, None], np.eye(2)])
def test_pca_takes_what_there_is(codes):
    found = fit(codes)
    assert found.coordinates.shape == (len(codes), 2) and np.isfinite(found.coordinates).all()
    assert 0 <= sum(found.explained) <= 1 + 1e-6


@pytest.mark.parametrize("method", COMPILED)
def test_clusters_stay_together_and_new_codes_join_theirs(method, tmp_path):
    codes, owner = clusters()
    told: list[tuple[float, str]] = []
    found = fit(codes, method, seed=3, progress=lambda share, what: told.append((share, what)))
    assert found.coordinates.shape == (90, 2) and found.coordinates.dtype == np.float32
    centres = np.stack([found.coordinates[owner == k].mean(axis=0) for k in range(3)])

    def nearest(places: np.ndarray) -> list[int]:
        return np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1).tolist()

    assert nearest(found.coordinates) == owner.tolist()
    new, of = clusters(12, seed=1)
    placed = found.transform(new)
    assert placed.shape == (12, 2) and nearest(placed) == of.tolist()
    assert found.transform(new[:1]).shape == (1, 2)
    assert found.transform(new[:0]).shape == (0, 2)

    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) >= 5
    assert method != "umap" or any("compiling" in what for _, what in told)

    found.save(tmp_path / "map.npz")
    again = Projection.load(tmp_path / "map.npz", codes)
    np.testing.assert_array_equal(again.coordinates, found.coordinates)
    np.testing.assert_array_equal(again.transform(new), placed)
    with pytest.raises(InputError, match="only beside the first ones"):
        Projection.load(tmp_path / "map.npz").transform(new)
    with pytest.raises(InputError, match="made of other codes"):
        Projection.load(tmp_path / "map.npz", codes + 1)


@pytest.mark.parametrize("method", COMPILED)
def test_the_layout_can_be_cancelled(method):
    with pytest.raises(Cancelled):
        fit(clusters()[0], method, progress=cancel_at(0.5))


@pytest.mark.parametrize("method", COMPILED)
@pytest.mark.parametrize(
    "codes",
    [
        np.random.default_rng(0).standard_normal((15, 2)),
        np.random.default_rng(0).standard_normal((30, 1)),
        np.repeat(np.random.default_rng(0).standard_normal((5, 3)), 12, axis=0),
        np.concatenate([np.zeros((30, 3)), np.eye(3), -np.eye(3)]),
    ],
    ids=["fewest, a plane", "a line", "copies", "mostly copies"],
)
def test_codes_that_are_hard_are_laid_out_all_the_same(method, codes):
    found = fit(codes, method)
    assert found.coordinates.shape == (len(codes), 2) and np.isfinite(found.coordinates).all()


@pytest.mark.parametrize("method", LAID_OUT)
@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (np.random.default_rng(0).standard_normal((14, 3)), "at least 15 codes, and there are 14"),
        (np.ones((50, 3)), "copies of each other"),
    ],
)
def test_codes_without_neighbours_are_refused(method, codes, sentence):
    with pytest.raises(InputError, match=sentence):
        fit(codes, method)


@pytest.mark.parametrize(
    ("codes", "method", "sentence"),
    [
        (np.zeros((3, 2)), "isomap", "no projection 'isomap'"),
        (np.zeros((0, 2)), "pca", "no codes"),
        (np.zeros(3), "pca", "no table"),
        (np.zeros((3, 0)), "pca", "no table"),
        (np.array([[np.nan, 1.0]]), "pca", "not finite"),
    ],
)
def test_what_is_no_code_is_refused(codes, method, sentence):
    with pytest.raises(InputError, match=sentence):
        fit(codes, method)


def test_codes_of_another_model_have_no_place():
    with pytest.raises(InputError, match="4 dimensions do not belong on a map of 3"):
        fit(np.eye(3)).transform(np.eye(4))


def test_a_damaged_map_is_refused(tmp_path):
    path = tmp_path / "map.npz"
    fit(np.eye(3)).save(path)
    for content in (path.read_bytes()[:200], b"", b"PK no zip"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="cannot be read"):
            Projection.load(path)
    np.savez(path, about=np.array("[]"))
    with pytest.raises(InputError, match="cannot be read"):
        Projection.load(path)
