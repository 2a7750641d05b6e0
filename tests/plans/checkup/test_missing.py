"""Who, when and how much: each is missed where it is not said, and only there."""

from __future__ import annotations

import pytest

from nianlun.plans.checkup import Code
from nianlun.plans.reading.schedule import Deadline, Every, Named, OnDate, Point, Window
from tests.plans.checkup.readings import bare, found


def test_nothing_said_gives_all_three() -> None:
    reading = bare("整修社区文化活动室")
    for code in (Code.NO_OWNER, Code.NO_DATE, Code.NO_MEASURE):
        [finding] = found(reading, code)
        assert (finding.start, finding.end, finding.item) == (0, len(reading.text), 0)
        assert finding.cause and finding.remedy


def test_an_owner_suffices_for_the_owner() -> None:
    assert not found(bare("整修活动室", owner=True), Code.NO_OWNER)


@pytest.mark.parametrize(
    ("schedule", "measured"),
    [
        (Every("quarter"), True),
        (Named("重阳节"), True),
        (OnDate(Point(5)), True),
        (Deadline(Point(6, part="end")), False),
        (Window(Point(3), Point(5)), False),
    ],
)
def test_a_frequency_or_an_occasion_can_be_checked_a_deadline_cannot(schedule: Every, measured: bool) -> None:
    reading = bare("整修活动室", schedule)
    assert not found(reading, Code.NO_DATE)
    assert bool(found(reading, Code.NO_MEASURE)) is not measured


def test_a_figure_is_a_measure_and_no_date() -> None:
    reading = bare("组织演出12场", target=True)
    assert not found(reading, Code.NO_MEASURE)
    assert found(reading, Code.NO_DATE)
