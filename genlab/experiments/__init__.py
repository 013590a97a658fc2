"""The report of a match."""
