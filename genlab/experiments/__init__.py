"""Experiments on families of models: the fair match, what it claims, and its report."""
