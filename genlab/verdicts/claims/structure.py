"""Structure: what codes tell of classes, and whether ways between them stay among real images."""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="The VAE's latent space is structured and continuous; the GAN's is often unstructured",
    summary="Linear and nearest-neighbour probes of codes, interpolation realism, path length, MIG and DCI",
    order=4,
    question="Do you need meaningful codes?",
    caveat="A GAN has no codes of images; they are found by inversion, and a probe also judges how well that went. "
    "Path lengths of blurry images are short.",
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
            name="interpolation",
            title="images half-way between two latents are more realistic in VAEs than in GANs (interpolation realism)",
            measure="interpolation_realism",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
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
    cells=(CellSpec("codes_linear"), CellSpec("interpolation_realism"), CellSpec("path_length")),
    pictures=(
        PictureSpec("latent", "Maps of the latent spaces"),
        PictureSpec("samples", "Samples on the same latents"),
    ),
)
