from __future__ import annotations

import numpy as np

from genlab.plots.spectra import Spectrum, describe_spectra, spectra_figure

FREQUENCIES = np.linspace(0.05, 0.6, 12)
REAL = 1 / FREQUENCIES**2


def test_a_blurred_model_is_told_to_lack_fine_detail():
    blurred = Spectrum("VAE", "vae", FREQUENCIES, np.where(FREQUENCIES > 0.25, REAL / 4, REAL), REAL)
    assert "VAE has 25% of the power of real images at fine detail" in describe_spectra([blurred])


def test_real_images_stand_beside_every_model():
    same = Spectrum("GAN", "gan", FREQUENCIES, REAL, REAL)
    figure = spectra_figure([same], "dark")
    assert [trace.name for trace in figure.data] == ["real images", "GAN"]
    assert figure.layout.yaxis.type == "log"
