"""Percentiles, and memory."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def peak_memory() -> float:
    """The most that this process has held, in MB; of itself alone, which getrusage does not tell of a forked one."""
    told = Path("/proc/self/status").read_text()
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
