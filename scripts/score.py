"""Measure the reading on the annotated plans with ../shared/plans/score.py; prints two tables.

    python scripts/score.py [--dev]

Table A: every plan read with weights fitted on the others (leave one out). Table B: the three held-out plans, read
with the weights that come with the product, which never saw them. --dev leaves the held-out plans out of both.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing import Pool
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import fit_items
import fit_lines
from annotated import HELD_OUT, PLANS, AnnotatedPlan, plan_names, read_annotated

from nianlun.plans.reading import items, line_of_work, read_plan

# Every fitted part of the reading: the module whose `shipped_weights` gives its weights, and how they are fitted.
FITTED: tuple[tuple[ModuleType, Callable[[Sequence[AnnotatedPlan]], Any]], ...] = (
    (items, fit_items.fit_plans),
    (line_of_work, fit_lines.fit_plans),
)


def read_left_out(name: str, others: Sequence[str]) -> str:
    """The reading of a plan, as JSON, with all weights fitted on the other plans."""
    plans = [read_annotated(other) for other in others]
    with ExitStack() as stack:
        for module, fit_plans in FITTED:
            weights = fit_plans(plans)
            stack.enter_context(patch.object(module, "shipped_weights", lambda weights=weights: weights))
        return read_shipped(name)


def read_shipped(name: str) -> str:
    """The reading of a plan, as JSON, with the weights of the product."""
    text = (PLANS / f"{name}.txt").read_text(encoding="utf-8")
    return json.dumps(read_plan(text).to_json(name), ensure_ascii=False)


def table(title: str, readings: dict[str, str]) -> None:
    """Print the figures of the scorer for these readings."""
    with tempfile.TemporaryDirectory() as folder:
        for name, reading in readings.items():
            (Path(folder) / f"{name}.json").write_text(reading, encoding="utf-8")
        rows = _scorer().score(PLANS, Path(folder), sorted(readings), False)
    print(f"{title}\n{'':10}{'precision':>10}{'recall':>10}{'f1':>10}{'gold':>8}   over {len(readings)} plans")
    for key, row in rows.items():
        print(f"{key:10}{row['precision']:>10.3f}{row['recall']:>10.3f}{row['f1']:>10.3f}{row['gold']:>8}")
    print()


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("plan_scorer", PLANS / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(PLANS / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="leave the held-out plans alone")
    dev: bool = parser.parse_args().dev
    names = [name for name in plan_names() if not (dev and name in HELD_OUT)]
    if not names:
        print("score: ../shared/plans is not there, nothing measured")
        sys.exit(0)
    with Pool(os.cpu_count()) as pool:
        jobs = [(name, [other for other in names if other != name]) for name in names]
        readings = dict(zip(names, pool.starmap(read_left_out, jobs, 1), strict=True))
    table("A. Each plan read with weights fitted on the others", readings)
    if not dev:
        held_out = [name for name in names if name in HELD_OUT]
        table("B. The held-out plans, read with the product's weights", {name: read_shipped(name) for name in held_out})


if __name__ == "__main__":
    main()
