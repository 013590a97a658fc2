"""Hybrid: is a VAE-GAN at least as good as the better parent, and does it mend what each of them lacks?"""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, QUARTER, TENTH, CellSpec, ClaimSpec, PartSpec, PictureSpec

PARENTS = ("vae", "gan")
NO_WORSE = "No worse than the better parent by more than five points."
NO_FARTHER = "No worse than the better parent by more than a quarter."


def keeps(name: str, what: str, measure: str, *, decisive: bool = False, margin: float = POINTS) -> PartSpec:
    """The hybrid is at least as good as the better parent on a share."""
    return PartSpec(
        name=name,
        title=f"the VAE-GAN is at least as good as the better parent in {what}",
        measure=measure,
        first="vae_gan",
        second=PARENTS,
        kind="parents",
        threshold=-margin,
        reason=NO_WORSE if margin == POINTS else "No worse than the better parent by more than ten points.",
        decisive=decisive,
    )


def comes(name: str, what: str, measure: str, *, decisive: bool = False, ideal: float | None = None) -> PartSpec:
    """The hybrid is at least as good as the better parent on a distance."""
    return PartSpec(
        name=name,
        title=f"the VAE-GAN is at least as good as the better parent in {what}",
        measure=measure,
        first="vae_gan",
        second=PARENTS,
        kind="parents",
        better="down",
        scale="ratio",
        threshold=1 / QUARTER,
        reason=NO_FARTHER,
        ideal=ideal,
        decisive=decisive,
    )


SPEC = ClaimSpec(
    title="A VAE-GAN combines the latent structure of VAEs with the sharp images of GANs",
    summary="Sharper than the VAE, more structured than the GAN, and on every measure no worse than the better of them",
    order=15,
    question="Can you have both?",
    caveat="A hybrid has more to balance; with equal parameters its encoder and critic are narrower than its parents'.",
    parts=(
        PartSpec(
            name="sharper",
            title="edges of VAE-GAN samples are nearer in strength to the data's than those of VAE samples (Laplacian)",
            measure="laplacian",
            first="vae_gan",
            second=("vae",),
            better="down",
            scale="ratio",
            ideal=1.0,
            threshold=QUARTER,
            reason="A quarter, as for the GAN: what it should have learned from the critic.",
            decisive=True,
        ),
        PartSpec(
            name="structured",
            title="classes are predicted better from VAE-GAN codes than from GAN codes (linear probe)",
            measure="codes_linear",
            first="vae_gan",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
        ),
        comes("realism", "distance to the data (Fréchet)", "frechet", decisive=True),
        keeps("coverage", "coverage under the prior", "coverage_prior", decisive=True),
        keeps("probe", "the linear probe of codes", "codes_linear", decisive=True),
        comes("reconstruction", "reconstruction error in one pass", "pass_error"),
        comes("spectrum", "fine detail (power spectrum)", "power_spectrum"),
        keeps("precision", "precision", "precision"),
        keeps("recall", "recall", "recall"),
        keeps("midpoints", "the realism of midpoints", "midpoint_realism"),
        keeps("meaning", "the consistency of single dimensions", "dimension_consistency"),
        keeps("edits", "successful edits", "edit_success", margin=TENTH),
    ),
    cells=(CellSpec("laplacian"), CellSpec("codes_linear"), CellSpec("frechet")),
    pictures=(
        PictureSpec("samples", "Samples on the same latents"),
        PictureSpec("reconstructions", "Held-out images and their reconstructions"),
    ),
)
