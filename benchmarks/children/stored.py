"""Stores so many jobs, and says how many kilobytes of peak resident memory each has taken."""

from __future__ import annotations

import os
import sys

from benchmarks.processes import peak_memory
from benchmarks.scene import Ml


def main(amount: int) -> None:
    """Print the number."""
    ml = Ml()
    ml.put_jobs(10)
    ml("GET", "/_ml/anomaly_detectors/web-00000-rare")
    ml.each("DELETE", [f"web-{number:05d}-rare" for number in range(10)], "")
    before = peak_memory(os.getpid())
    ml.put_jobs(amount)
    print((peak_memory(os.getpid()) - before) * 1024 / amount)


if __name__ == "__main__":
    main(int(sys.argv[1]))
