"""Guide, history: how the families came about, in a few lines each, with the papers."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.ui.shell import page_title


@dataclass(frozen=True)
class HistoryStep:
    """One step of the history.

    Attributes:
        year: When.
        title: What came.
        text: What was new.
        papers: References.
    """

    year: str
    title: str
    text: str
    papers: tuple[str, ...]


HISTORY = (
    HistoryStep(
        "2014",
        "Variational autoencoders",
        "Two groups find the same way to train a deep latent-variable model: let a network propose the posterior, and "
        "draw from it so that the gradient passes.",
        (
            "D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, ICLR 2014",
            "D. J. Rezende, S. Mohamed and D. Wierstra, Stochastic Backpropagation and Approximate Inference in Deep "
            "Generative Models, ICML 2014",
        ),
    ),
    HistoryStep(
        "2014",
        "Generative adversarial networks",
        "No likelihood at all: a second network learns what is wrong with the samples. At the optimum of the original "
        "game the generator minimises the Jensen-Shannon divergence to the data.",
        ("I. Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014",),
    ),
    HistoryStep(
        "2016",
        "Convolutions that train",
        "Strided and transposed convolutions, batch normalisation and a set of settings that work make GANs practical, "
        "and show arithmetic on latents.",
        (
            "A. Radford, L. Metz and S. Chintala, Unsupervised Representation Learning with Deep Convolutional "
            "Generative Adversarial Networks, ICLR 2016",
        ),
    ),
    HistoryStep(
        "2016",
        "The hybrid",
        "A VAE whose reconstruction error is taken in the features of a GAN's critic: one decoder serves both.",
        (
            "A. B. L. Larsen, S. K. Sønderby, H. Larochelle and O. Winther, Autoencoding beyond pixels using a learned "
            "similarity metric, ICML 2016",
        ),
    ),
    HistoryStep(
        "2017",
        "A critic that measures distance",
        "When real and generated images hardly overlap, the original game has no useful gradient. The Wasserstein "
        "distance has one, if the critic's slope is bounded: by clipping, then by a gradient penalty.",
        (
            "M. Arjovsky, S. Chintala and L. Bottou, Wasserstein Generative Adversarial Networks, ICML 2017",
            "I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville, Improved Training of Wasserstein GANs, "
            "NeurIPS 2017",
        ),
    ),
    HistoryStep(
        "2017",
        "One weight for the KL",
        "A KL that weighs more than the bound asks for gives codes whose dimensions are easier to tell apart, and "
        "blurrier pictures.",
        (
            "I. Higgins et al., beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework, "
            "ICLR 2017",
        ),
    ),
    HistoryStep(
        "2018",
        "What converges, and what only works",
        "The game of a GAN need not converge, even near the solution; a zero-centred penalty on real images (R1) makes "
        "it do so locally. And a large comparison finds that with equal tuning most losses come out alike.",
        (
            "L. Mescheder, A. Geiger and S. Nowozin, Which Training Methods for GANs do actually Converge?, ICML 2018",
            "M. Lucic, K. Kurach, M. Michalski, S. Gelly and O. Bousquet, Are GANs Created Equal? A Large-Scale Study, "
            "NeurIPS 2018",
        ),
    ),
    HistoryStep(
        "2018 to 2020",
        "Photographs",
        "Growing resolution, then a generator steered by styles, then the same without its artefacts: faces that pass "
        "for photographs. Augmentation of what the critic sees lets GANs learn from few thousand images.",
        (
            "T. Karras, T. Aila, S. Laine and J. Lehtinen, Progressive Growing of GANs, ICLR 2018",
            "T. Karras, S. Laine and T. Aila, A Style-Based Generator Architecture for GANs, CVPR 2019",
            "T. Karras et al., Analyzing and Improving the Image Quality of StyleGAN, CVPR 2020",
            "T. Karras et al., Training Generative Adversarial Networks with Limited Data, NeurIPS 2020",
        ),
    ),
    HistoryStep(
        "2019",
        "Why VAEs blur, revisited",
        "Part of what a VAE's samples lack is not the likelihood's fault but the prior's: codes of data do not fill "
        "it. A second VAE on the codes, or a learned width of the likelihood, closes much of the gap.",
        (
            "B. Dai and D. Wipf, Diagnosing and Enhancing VAE Models, ICLR 2019",
            "J. Lucas, G. Tucker, R. Grosse and M. Norouzi, Don't Blame the ELBO! A Linear VAE Perspective on "
            "Posterior Collapse, NeurIPS 2019",
        ),
    ),
    HistoryStep(
        "2021",
        "A hybrid without a critic",
        "Encoder and decoder play the adversarial game between themselves: the encoder gives codes of samples a large "
        "KL, the decoder makes samples whose codes have a small one.",
        (
            "T. Daniel and A. Tamar, Soft-IntroVAE: Analyzing and Improving the Introspective Variational Autoencoder, "
            "CVPR 2021",
        ),
    ),
    HistoryStep(
        "2024",
        "A plain GAN again",
        "A relativistic loss with penalties on real and on generated images converges, and makes most of the tricks "
        "of ten years unnecessary.",
        (
            "Y. Huang, A. Gokaslan, V. Kuleshov and J. Tompkin, The GAN is dead; long live the GAN! A Modern Baseline "
            "GAN, NeurIPS 2024",
        ),
    ),
)
"""Oldest first."""


def render(lab: ReadOnlyLab) -> None:
    """The section."""
    page_title("History and papers")
    for step in HISTORY:
        year, text = st.columns([1, 7], gap="small")
        year.markdown(f"**{step.year}**")
        with text:
            st.markdown(f"**{step.title}.** {step.text}")
            for paper in step.papers:
                st.caption(paper)
