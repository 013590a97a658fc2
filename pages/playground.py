"""Playground: a VAE, a GAN and a VAE-GAN learning a distribution in the plane before your eyes."""

from __future__ import annotations

from genlab.ui.views import playground

playground.render()
