"""Structure: what codes tell of classes, and whether ways between them stay among real images."""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, QUARTER, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="The VAE's latent space is structured and continuous; the GAN's is often unstructured",
    summary="Linear probe of the codes of held-out images; interpolations between these codes: midpoints and length",
    order=4,
    question="Do you need meaningful codes?",
    caveat="A GAN has no codes of images; they are found by inversion, and a probe also judges how well that went. "
    "An interpolation is measured relative to its own ends, and blur shortens it all the same: so pictures of all "
    "families are blurred alike first. A blurred model keeps 7% of advantage over the same one unblurred.",
    parts=(
        PartSpec(
            name="probe",
            title="classes are predicted better from VAE codes than from GAN codes (linear probe)",
            measure="codes_linear",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
        ),
        PartSpec(
            name="midpoints",
            title="pictures half-way between codes of held-out images look as real in VAEs as in GANs",
            measure="midpoint_realism",
            first="vae",
            second=("gan",),
            threshold=-POINTS,
            reason="No more than five points below: that the middle is real is what any table of pictures manages.",
            decisive=True,
        ),
        PartSpec(
            name="detour",
            title="interpolations between codes of held-out images are shorter in VAEs, relative to their ends",
            measure="path_detour",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
            reason="A quarter: an interpolation that is so much longer makes detours.",
            decisive=True,
        ),
        PartSpec(
            name="neighbours",
            title="neighbouring codes share a class more often in VAEs (nearest-neighbour probe)",
            measure="codes_knn",
            first="vae",
            second=("gan",),
            threshold=POINTS,
        ),
        PartSpec(
            name="path",
            title="a small step in latents changes VAE pictures less (path length)",
            measure="path_length",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=1.0,
        ),
        PartSpec(
            name="interpolation",
            title="images half-way between two draws of the prior are more realistic in VAEs than in GANs",
            measure="interpolation_realism",
            first="vae",
            second=("gan",),
            threshold=POINTS,
        ),
        PartSpec(
            name="mig",
            title="known factors have dimensions of their own more often in VAEs (MIG)",
            measure="codes_mig",
            first="vae",
            second=("gan",),
        ),
        PartSpec(
            name="dci",
            title="dimensions represent single factors more often in VAEs (DCI)",
            measure="codes_dci",
            first="vae",
            second=("gan",),
        ),
    ),
    cells=(CellSpec("codes_linear"), CellSpec("midpoint_realism"), CellSpec("path_detour")),
    pictures=(
        PictureSpec("latent", "Maps of the latent spaces"),
        PictureSpec("samples", "Samples on the same latents"),
    ),
)
