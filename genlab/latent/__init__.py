"""Latent tools: ways, directions, maps and inversion; pure functions with the model passed in."""
