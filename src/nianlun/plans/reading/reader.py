"""From text to reading: outline, items, then what each item promises, when, and who answers for it."""

from __future__ import annotations

from nianlun.plans.reading.items import find_items
from nianlun.plans.reading.line_of_work import assign_lines
from nianlun.plans.reading.model import Item, Reading
from nianlun.plans.reading.outline import find_outline, headings_above, title_and_year
from nianlun.plans.reading.owners import assign_owners
from nianlun.plans.reading.targets import assign_targets
from nianlun.plans.reading.timing import assign_timings

NO_COMMITMENTS = "没有读到任何任务：请确认这是一份工作计划。"


def read_plan(text: str) -> Reading:
    """Every commitment of a plan with its line of work, targets, schedules and owners; never fails on any text."""
    outline = find_outline(text)
    title, year = title_and_year(text, outline)
    found = find_items(text, outline)
    spans = [(start, end) for start, end, _ in found]
    all_owners = assign_owners(text, spans)
    items = tuple(
        Item(start, end, line, targets, timings, owners, rules + line_rules, headings_above(outline, start))
        for (start, end, rules), (line, line_rules), targets, timings, owners in zip(
            found,
            assign_lines(text, spans, outline, doers=all_owners),
            assign_targets(text, spans),
            assign_timings(text, spans),
            all_owners,
            strict=True,
        )
    )
    return Reading(text, year, title, outline, items, () if items else (NO_COMMITMENTS,))
