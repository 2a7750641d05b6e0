"""A reading as a table to look at in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nianlun.plans.breakdown.rows import breakdown_of
from nianlun.plans.reading.model import Reading

PIPE_WIDTH = 160


def print_table(name: str, reading: Reading, *, explain: bool = False) -> None:
    """Prints every commitment with its line, targets, dates and owners; `explain` adds the rules that fired."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    year = f" · {reading.year}年" if reading.year else ""
    table = Table(title=Text(f"{reading.title or name}{year} · {len(reading.items)} 项任务"), show_lines=True)
    for title, least, share in (
        ("序号", 4, None),
        ("条线", 8, None),
        ("任务", 24, 5),
        ("目标", 12, 2),
        ("时限", 10, 2),
    ):
        table.add_column(title, min_width=least, ratio=share, overflow="fold")
    table.add_column("责任人", min_width=6, ratio=1, overflow="fold")
    if explain:
        table.add_column("依据", ratio=2, overflow="fold")
    for row, item in zip(breakdown_of(name, reading).rows, reading.items, strict=True):
        cells = list(row.cells()[:6])
        if explain:
            fired = [found.rule for group in (item.timings, item.targets, item.owners) for found in group]
            cells.append(" ".join(dict.fromkeys(rule for rule in (*item.rules, *fired) if rule)))
        # Text, not str: a plan's square brackets are no markup.
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
