"""The trained thing: what everything downstream of training works with."""
