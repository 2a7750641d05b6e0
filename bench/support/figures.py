"""Percentiles, and memory."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


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


def crowd_in_words(told: Mapping[str, Any], asked: float) -> str:
    """One line of what came of many people at once."""
    acts = ", ".join(f"{act} {spent:.0f}" for act, spent in told["acts"].items())
    return (
        f"50 people for 30 s: {told['requests']} requests, {told['a_second']:.0f} a second, errors {told['wrong'] or 0}"
        f", p95 {told['p95']:.0f} ms (asked: {asked:.0f}), of writes {told['writes']:.0f} ms; {acts}"
    )
