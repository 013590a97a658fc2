"""Methods that restore items without a model of ours: filters, interpolation, sparse and linear models.

No torch at import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from genlab.tasks._inverse import Opponent
from genlab.tasks._problem import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs

    Picture = NDArray[np.floating]

TRAINING, BRIEF_TRAINING = 10_000, 2_000
"""Training items that linear models and neighbours are found in at most, and in an attempt."""

WEIGHTS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Of the absolute values in the Lasso, beside half the squared error of all measurements."""

COMPONENTS = 128
RESIDUALS = 64


def each(problem: Problem, work: Callable[[Picture], Picture]) -> NDArray[np.float32]:
    """What ``work`` makes of each given picture; pictures of one channel are [H, W] there, others [H, W, C]."""
    import numpy as np

    def one(item: Picture) -> Picture:
        grey = len(item) == 1
        done = work((item[0] if grey else item.transpose(1, 2, 0)).astype(np.float64))
        return done[None] if grey else done.transpose(2, 0, 1)

    found: NDArray[np.float32] = np.stack([one(item) for item in problem.given.numpy()]).astype(np.float32)
    return found


def axis(picture: Picture) -> int | None:
    """Where scikit-image finds the channels."""
    return -1 if picture.ndim == 3 else None


def non_local_means() -> Opponent:
    """Buades, Coll and Morel, A non-local algorithm for image denoising, 2005, told the noise."""

    def solve(problem: Problem, strength: float) -> NDArray[np.float32]:
        from skimage.restoration import denoise_nl_means

        def work(picture: Picture) -> Picture:
            found: Picture = denoise_nl_means(
                picture,
                patch_size=5,
                patch_distance=6,
                h=strength * problem.noise,
                sigma=problem.noise,
                channel_axis=axis(picture),
            )
            return found

        return each(problem, work)

    return Opponent("nlm", "Non-local means", solve, (0.1, 0.2, 0.4, 0.6, 0.8, 1.0), "Filtering strength, in noise:")


def total_variation() -> Opponent:
    """Chambolle, An algorithm for total variation minimization and applications, 2004."""

    def solve(problem: Problem, weight: float) -> NDArray[np.float32]:
        from skimage.restoration import denoise_tv_chambolle

        def work(picture: Picture) -> Picture:
            found: Picture = denoise_tv_chambolle(picture, weight * problem.noise, channel_axis=axis(picture))
            return found

        return each(problem, work)

    return Opponent("tv", "Total variation", solve, (0.25, 0.5, 0.75, 1.0, 1.5), "Weight, in noise:")


def biharmonic() -> Opponent:
    """Damelin and Hoang, On surface completion and image inpainting by biharmonic functions, 2018."""

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        import numpy as np
        from skimage.restoration import inpaint_biharmonic

        known = problem.seen.operator.known()
        assert known is not None
        lost = (known.expand(len(problem.items), *problem.space.shape) == 0).any(dim=1).numpy()
        pictures = problem.visible.transpose(0, 2, 3, 1).astype(np.float64)
        found = [
            inpaint_biharmonic(picture, mask, channel_axis=-1) for picture, mask in zip(pictures, lost, strict=True)
        ]
        return np.stack(found).transpose(0, 3, 1, 2).astype(np.float32)

    return Opponent("biharmonic", "Biharmonic in-painting", solve, is_exact=True)


def bicubic(is_exact: bool = False) -> Opponent:
    """Bicubic interpolation, as it is or with the means of blocks put back (Irani and Peleg, 1991)."""

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        from torch.nn import functional as F

        rows = problem.measured.shape[-2]
        height, width = problem.space.shape[1:]
        factor = -(-height // rows)
        larger = F.interpolate(problem.measured, scale_factor=factor, mode="bicubic", align_corners=False)
        found: NDArray[np.float32] = larger[..., :height, :width].numpy()
        return found

    if is_exact:
        return Opponent("back-projected", "Bicubic, with the means put back", solve, is_exact=True)
    return Opponent("bicubic", "Bicubic interpolation", solve)


def mean_colour(inputs: TaskInputs) -> Opponent:
    """The colour that training items have on average at a place, beside the grey that is given."""
    import torch

    train = torch.as_tensor(_training(inputs))

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        colour: NDArray[np.float32] = (train - problem.seen.as_items(problem.seen.exact(train))).mean(0).numpy()
        return problem.visible + colour

    return Opponent("mean", "Mean colour of the training items", solve, is_exact=True)


def nearest_colour(inputs: TaskInputs) -> Opponent:
    """The colour of the training item whose grey is nearest (Welsh et al., Transferring color to greyscale, 2002)."""
    import torch

    train = torch.as_tensor(_training(inputs))

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        grey = problem.seen.exact(train)
        apart = torch.cdist(problem.measured.flatten(1), grey.flatten(1))
        nearest = apart.argmin(dim=1)
        colour: NDArray[np.float32] = (train[nearest] - problem.seen.as_items(grey[nearest])).numpy()
        return problem.visible + colour

    return Opponent("nearest", "Colour of the nearest training item", solve, is_exact=True)


def nearest_item(inputs: TaskInputs) -> Opponent:
    """The training item that agrees best with what was measured: what somebody gives who only remembers."""
    import torch

    train = torch.as_tensor(inputs.training(BRIEF_TRAINING)[0])

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        rows = (torch.full((len(train),), place) for place in range(len(problem.items)))
        nearest = [
            problem.seen.rows(row).misfit(train, y.expand(len(train), *y.shape)).argmin()
            for row, y in zip(rows, problem.measured, strict=True)
        ]
        found: NDArray[np.float32] = train[torch.stack(nearest)].numpy()
        return found

    return Opponent("nearest-item", "Nearest training item", solve, is_exact=True)


def lasso(basis: str) -> Opponent:
    """Few numbers that are not 0, in pixels or in a cosine basis (Tibshirani, 1996; as in Bora et al. 2017)."""

    def solve(problem: Problem, weight: float) -> NDArray[np.float32]:
        import numpy as np

        matrix = problem.seen.exact(_units(problem)).numpy().T
        waves = cosines(problem.space.shape) if basis == "dct" else None
        design = matrix if waves is None else matrix @ waves
        found = np.stack([_sparse(design, y, weight, positive=waves is None) for y in problem.measured.numpy()])
        whole = found if waves is None else found @ waves.T
        return whole.reshape(problem.items.shape).astype(np.float32)

    title = "Lasso" if basis == "pixels" else "Lasso, cosine basis"
    name = "lasso" if basis == "pixels" else "lasso-dct"
    return Opponent(name, title, solve, WEIGHTS, "Weight:")


def linear_model(inputs: TaskInputs) -> Opponent:
    """The best linear guess: principal components of the training items with the variances that they have there.

    What a generator would do that is linear (Tipping and Bishop, Probabilistic principal component analysis, 1999): the
    most probable item given the measurement, noise and what the components do not draw included.
    """
    mean, components, variances, rest = _principal(inputs)

    def solve(problem: Problem, parameter: float) -> NDArray[np.float32]:
        import torch

        noise = _unexplained(problem, rest)
        known, count = problem.seen.operator.known(), len(problem.items)
        wrong = (problem.measured - problem.seen.exact(mean.expand(count, *mean.shape))).flatten(1)

        def codes(seen: Any, y: Any) -> Any:
            """Codes [k, r] of measurements ``y`` [k, m] that were all made alike."""
            ways = seen.exact(components).flatten(1)
            precision = ways @ ways.T / noise + torch.diag(1 / variances)
            return torch.linalg.solve(precision, ways @ y.T / noise).T

        if known is None:
            z = codes(problem.seen, wrong)
        else:
            alike = [problem.seen.rows(torch.full((len(components),), i)) for i in range(count)]
            z = torch.cat([codes(seen, wrong[i : i + 1]) for i, seen in enumerate(alike)])
        found: NDArray[np.float32] = (mean + (z @ components.flatten(1)).view(count, *mean.shape)).numpy()
        return found

    return Opponent("linear", "Linear model of the training items", solve, is_exact=True)


def cosines(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The orthonormal cosine basis [D, D] of items of ``shape`` [C, H, W], one wave in each column."""
    import numpy as np
    from scipy.fft import idctn

    size = int(np.prod(shape))
    waves: NDArray[np.float64] = idctn(np.eye(size).reshape(size, *shape), axes=(2, 3), norm="ortho")
    return waves.reshape(size, size).T


def _sparse(design: NDArray[np.floating], y: NDArray[np.floating], weight: float, positive: bool) -> Picture:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import Lasso

    method = Lasso(weight / len(y), fit_intercept=False, positive=positive, max_iter=2_000, tol=1e-3)
    with warnings.catch_warnings():
        # The last digits of what is far from the truth do not matter.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found: Picture = method.fit(design, y).coef_
    return found


def _units(problem: Problem) -> Any:
    """The items [D, *shape] that have one value of 1."""
    import torch

    size = problem.space.size
    return torch.eye(size).view(size, *problem.space.shape)


def _training(inputs: TaskInputs) -> NDArray[np.float32]:
    return inputs.training(BRIEF_TRAINING if inputs.brief else TRAINING)[0]


def _principal(inputs: TaskInputs) -> tuple[Any, Any, Any, Any]:
    """Mean [*shape], components [r, *shape], their variances [r], and what they leave of some items [k, *shape]."""
    import torch
    from sklearn.decomposition import PCA

    train = _training(inputs)
    flat = train.reshape(len(train), -1)
    pca = PCA(min(COMPONENTS, *flat.shape), svd_solver="randomized", random_state=inputs.seed).fit(flat)
    some = flat[:RESIDUALS]
    rest = some - pca.inverse_transform(pca.transform(some))
    shape = train.shape[1:]
    numbers = (pca.mean_, pca.components_, pca.explained_variance_, rest)
    mean, components, variances, left = (torch.as_tensor(part, dtype=torch.float32) for part in numbers)
    return mean.view(shape), components.view(-1, *shape), variances.clamp(min=1e-9), left.view(-1, *shape)


def _unexplained(problem: Problem, rest: Any) -> float:
    """Variance of one measured value about what the components say: noise, and what they leave."""
    import torch

    seen = problem.seen.rows(torch.arange(len(rest)) % len(problem.items))
    left = float(seen.misfit(rest, torch.zeros(len(rest), *seen.shape)).mean())
    return max(left + problem.noise**2, 1e-8)
