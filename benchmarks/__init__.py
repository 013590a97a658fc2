"""Runnable comparisons of genlab with bare loops and with its peers; results are recorded in ``results/``."""
