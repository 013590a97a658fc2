"""Directions in which to move a latent, found in six ways: without any labels, from groups, or from classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genlab.errors import InputError
from genlab.latent import _activations, traverse
from genlab.latent._probe import probes
from genlab.models.generative import GenerativeModel

Floats = NDArray[np.float64]
Need = Literal["model", "codes", "classes", "groups"]


@dataclass(frozen=True)
class Direction:
    """One direction of a latent space.

    Attributes:
        name: Unique among those of one given, e.g. ``"pca-0"``.
        title: For people.
        method: Key of `DIRECTION_METHODS`.
        vector: Unit vector, float32 [D].
        scale: One standard deviation along it: of the codes where they are known, else of the prior (1).
        strength: What it is ordered by; the method's ``strength`` says what that is.
        note: One sentence on how much to make of it; may be empty.
    """

    name: str
    title: str
    method: str
    vector: NDArray[np.float32]
    scale: float
    strength: float
    note: str = ""


@dataclass(frozen=True)
class DirectionInputs:
    """What directions are found from; methods need different parts of it.

    Attributes:
        model: The model.
        codes: Latents of data (posterior means, inverted images), [n, D].
        classes: Class number of each code, [n].
        class_names: By number.
        groups: Two groups of codes, each [m, D]: the direction leads from the second to the first.
        group_names: Theirs.
        label: Class that a conditional model is asked for; all in turn by default.
        count: At most so many directions of a method.
        seed: Of latents that are drawn.
    """

    model: GenerativeModel | None = None
    codes: NDArray[np.floating] | None = None
    classes: NDArray[np.integer] | None = None
    class_names: tuple[str, ...] | None = None
    groups: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None
    group_names: tuple[str, str] = ("the group", "the others")
    label: int | None = None
    count: int = 32
    seed: int = 0

    def get_model(self) -> GenerativeModel:
        """The model.

        Raises:
            InputError: When there is none.
        """
        if self.model is None:
            raise InputError("These directions are read from a model, and there is none.", "Choose a trained model.")
        return self.model

    def get_codes(self) -> Floats:
        """The codes, [n, D] with n of 2 or more.

        Raises:
            InputError: When there are none, or they cannot be used.
        """
        if self.codes is None or self.codes.ndim != 2 or len(self.codes) < 2:
            raise InputError("These directions need codes of data, two at least.", "Make a map first.")
        return _finite(self.codes)


@dataclass(frozen=True)
class DirectionMethod:
    """A way to find directions.

    Attributes:
        title: For pickers.
        summary: One line.
        needs: What a `DirectionInputs` must hold for it.
        strength: What a direction's ``strength`` is.
        find: The directions, strongest first; raises `InputError` where what is given does not do.
        paper: Where it comes from.
    """

    title: str
    summary: str
    needs: tuple[Need, ...]
    strength: str
    find: Callable[[DirectionInputs], list[Direction]]
    paper: str = ""


def dimensions(given: DirectionInputs) -> list[Direction]:
    """The latent dimensions themselves, by their effect on the picture."""
    model = given.get_model()
    effects = traverse.effects(model, given.seed, y=given.label)
    basis = np.eye(model.latent_dim, dtype=np.float32)
    return [
        Direction(f"dimension-{d}", f"Dimension {d}", "dimension", basis[d], 1.0, float(effects[d]))
        for d in traverse.order(effects)[: given.count]
    ]


def of_codes(given: DirectionInputs) -> list[Direction]:
    """Principal components of the codes."""
    codes = given.get_codes()
    centred = codes - codes.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(codes))
    return _components("pca", "Component", vectors, values, np.sqrt(np.maximum(values, 0)), given.count)


def ganspace(given: DirectionInputs) -> list[Direction]:
    """Principal components of the decoder's first activations, as latents.

    Of latents z_j with activations f_j and scores x_j on the activations' components, direction k is the least squares
    solution of z_j = u_k x_jk (Härkönen et al., 2020, section 2.2, equation for BigGAN).
    """
    model = given.get_model()
    latents, activations = _activations.first(model, given.seed, given.label)
    scores, variances, total = _principal_scores(activations, min(given.count, model.latent_dim))
    vectors = latents.T @ scores / (scores**2).sum(axis=0)
    return _components("ganspace", "Component", vectors, variances, np.ones(len(variances)), given.count, total)


def sefa(given: DirectionInputs) -> list[Direction]:
    """Eigenvectors of A^T A, where A is the weight of the decoder's first layer (Shen and Zhou, 2021, equation 4)."""
    model = given.get_model()
    weight = _activations.first_weight(model)
    values, vectors = np.linalg.eigh(weight.T @ weight)
    return _components("sefa", "Direction", vectors, values, np.ones(len(values)), given.count)


def between_groups(given: DirectionInputs) -> list[Direction]:
    """The difference of the means of two groups of codes (Larsen et al., 2016, section 4.2.1)."""
    if given.groups is None or any(g.ndim != 2 or not len(g) for g in given.groups):
        raise InputError("An attribute takes two groups of codes.", "Select one group, then another.")
    group, others = (_finite(codes) for codes in given.groups)
    if group.shape[1] != others.shape[1]:
        raise InputError("The two groups are codes of different models.", "Take both groups from one map.")
    difference = group.mean(axis=0) - others.mean(axis=0)
    length = float(np.linalg.norm(difference))
    if length < 1e-12:
        raise InputError(
            "The two groups have the same mean: there is no direction between them.", "Choose other groups."
        )
    vector = difference / length
    within = _spread([(codes - codes.mean(axis=0)) @ vector for codes in (group, others)])
    known = np.concatenate([group, others]) if given.codes is None else given.get_codes()
    scale = float((known @ vector).std()) or length
    apart = length / within if within > 0 else float("inf")
    note = f"The means are {length / scale:.1f} standard deviations apart ({len(group):,} and {len(others):,} codes)."
    name, other = given.group_names
    return [Direction("groups-0", f"From {other} to {name}", "groups", vector.astype(np.float32), scale, apart, note)]


def from_classes(given: DirectionInputs) -> list[Direction]:
    """For each class the normal of the plane that parts its codes from all others (Shen et al., 2020, section 3.1)."""
    codes = given.get_codes()
    if given.classes is None or len(given.classes) != len(codes):
        raise InputError("These directions need the class of each code.", "Choose a data set with classes.")
    found = probes(codes, np.asarray(given.classes), given.count, given.seed)
    named = given.class_names or ()
    directions = []
    for probe in found:
        title = named[probe.label] if probe.label < len(named) else str(probe.label)
        note = (
            f"Separates {title} from the rest in {probe.accuracy:.0%} of {probe.held_out:,} held-out codes, each side "
            "counted alike; 50% is chance."
        )
        scale = float((codes @ probe.normal).std()) or 1.0
        vector = probe.normal.astype(np.float32)
        directions.append(Direction(f"class-{probe.label}", title, "class", vector, scale, probe.accuracy, note))
    return sorted(directions, key=lambda direction: -direction.strength)


DIRECTION_METHODS: dict[str, DirectionMethod] = {
    "dimension": DirectionMethod(
        "Dimensions",
        "Single latent dimensions, those that change the picture most first",
        ("model",),
        "root mean square change of a pixel per unit",
        dimensions,
    ),
    "pca": DirectionMethod(
        "Components of the codes",
        "Directions in which the codes of real images vary most",
        ("codes",),
        "share of the codes' variance",
        of_codes,
        "Pearson, On lines and planes of closest fit to systems of points in space, 1901",
    ),
    "ganspace": DirectionMethod(
        "GANSpace",
        "Directions in which the decoder's first activations vary most",
        ("model",),
        "share of the activations' variance",
        ganspace,
        "Härkönen et al., GANSpace: discovering interpretable GAN controls, 2020",
    ),
    "sefa": DirectionMethod(
        "SeFa",
        "Directions that the decoder's first layer amplifies most, read from its weights",
        ("model",),
        "share of the weights' squared gain",
        sefa,
        "Shen and Zhou, Closed-form factorization of latent semantics in GANs, 2021",
    ),
    "groups": DirectionMethod(
        "Between two groups",
        "From the mean of one group of codes to the mean of another",
        ("groups",),
        "distance of the means in standard deviations within the groups",
        between_groups,
        "Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016",
    ),
    "class": DirectionMethod(
        "Classes",
        "Towards each class, as a linear probe sees it",
        ("codes", "classes"),
        "balanced accuracy of the probe on held-out codes",
        from_classes,
        "Shen et al., Interpreting the latent space of GANs for semantic face editing (InterFaceGAN), 2020",
    ),
}
"""Name -> method."""


def find(method: str, given: DirectionInputs) -> list[Direction]:
    """Directions of ``method`` in ``given``, strongest first.

    Raises:
        InputError: When there is no such method, or what is given does not do for it.
    """
    if method not in DIRECTION_METHODS:
        raise InputError(
            f"There are no directions called {method!r}.",
            f"Try one of: {', '.join(DIRECTION_METHODS)}.",
            kind="unknown_name",
        )
    return DIRECTION_METHODS[method].find(given)


def _components(
    method: str, title: str, vectors: Floats, values: Floats, scales: Floats, count: int, total: float | None = None
) -> list[Direction]:
    """Directions from the columns of ``vectors`` [D, k], by ``values`` [k], with a fixed sign."""
    whole = float(values.sum()) if total is None else total
    found = []
    for rank, column in enumerate(np.argsort(-values, kind="stable")[:count]):
        vector = vectors[:, column] / max(float(np.linalg.norm(vectors[:, column])), 1e-300)
        # Either sign is as good; the same one is shown every time.
        vector = vector * (np.sign(vector[np.abs(vector).argmax()]) or 1.0)
        share = max(float(values[column]), 0.0) / whole if whole > 0 else 0.0
        scale = float(scales[column])
        found.append(
            Direction(f"{method}-{rank}", f"{title} {rank + 1}", method, vector.astype(np.float32), scale, share)
        )
    return found


def _principal_scores(items: Floats, count: int) -> tuple[Floats, Floats, float]:
    """Scores [n, k] on the first components, their variances [k], and the variance of all."""
    centred = items - items.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    first = np.argsort(-values, kind="stable")[:count]
    kept = values[first] > 1e-9 * max(float(values.max()), 1e-300)
    first = first[kept]
    if not len(first):
        raise InputError("The decoder's first activations do not depend on the latent.", "Train the model longer.")
    return vectors[:, first] * np.sqrt(values[first]), values[first] / len(items), float(values.sum()) / len(items)


def _finite(codes: NDArray[np.floating]) -> Floats:
    found = np.asarray(codes, dtype=np.float64)
    if not np.isfinite(found).all():
        raise InputError("Some of the codes are not finite numbers.", "Choose an earlier checkpoint of the model.")
    return found


def _spread(parts: list[Floats]) -> float:
    """Standard deviation within groups that are centred each by itself."""
    everything = np.concatenate(parts)
    return float(np.sqrt((everything**2).mean()))
