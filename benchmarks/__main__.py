"""``python -m benchmarks``: all benchmarks that need no browser, with the figures that count; `make benchmark`."""

from __future__ import annotations

import sys

from benchmarks import cli_and_pages, throughput

if __name__ == "__main__":
    # Every benchmark runs, whatever the ones before it found.
    sys.exit(max([cli_and_pages.main([]), throughput.main([])]))
