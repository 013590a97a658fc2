"""What is worked out once about a model's latent space, kept in its run, and read by pages without a model."""
