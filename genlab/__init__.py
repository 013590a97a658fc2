"""genlab: train, load, explore and compare VAEs, GANs and VAE-GAN hybrids on images."""

__version__ = "0.1.0"
