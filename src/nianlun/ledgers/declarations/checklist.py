"""Checklists: what an inspection or a review asks point by point, with weights; versioned like ledgers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError

from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.model import Code, Strict, Title, Words
from nianlun.ledgers.declarations.read import note_error
from nianlun.ledgers.declarations.refusals import refuse, said_in
from nianlun.ledgers.declarations.source import read_source

SHARES = {"met": 1.0, "part": 0.5, "failed": 0.0}  # of a point's weight, by its result; others do not count


class Point(Strict):
    """One point: what is looked at, how much it weighs, and what a failure of it is."""

    code: Code
    title: Words = Field(min_length=2)
    weight: int = Field(1, ge=1, le=100)
    group: Title | Literal[""] = ""
    grave: bool = Field(False, description="a failure of it is a grave hazard whatever the score")
    basis: Words = Field("", description="the rule or standard it comes from")
    remedy: Words = Field("", description="what is asked for when it fails")


class Checklist(Strict):
    """The whole file."""

    checklist: Code
    version: int = Field(ge=1)
    title: Title
    line: str
    for_: list[Title] = Field([], alias="for", description="places it is meant for, in words")
    graded: bool = Field(False, description="a point may be met in part, which counts half of its weight")
    category: Code | Literal[""] = Field("", description="the category of hazards that it finds")
    help: Words = ""
    points: list[Point] = Field(min_length=1, max_length=100)

    @property
    def most(self) -> int:
        """The sum of all weights."""
        return sum(point.weight for point in self.points)


def read_checklist(words: str, file: str, lines: frozenset[str]) -> Checklist:
    """A checklist that can stand; raises BadDeclaration with every fault that was found."""
    source = read_source(words, file)
    checklist: Checklist | None = None
    if not isinstance(source.data, dict) or next(iter(source.data), None) != "checklist":
        source.fault(Fault.NOT_A_CHECKLIST, ())
    else:
        try:
            checklist = Checklist.model_validate(source.data)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False):
                note_error(source, one)
    if checklist is not None:
        if checklist.line not in lines:
            source.fault(Fault.UNKNOWN_LINE, ("line",), checklist.line, "、".join(sorted(lines)))
        refuse(said_in(checklist.model_dump(by_alias=True, exclude_defaults=True)), source)
        seen: set[str] = set()
        for place, point in enumerate(checklist.points):
            if point.code in seen:
                source.fault(Fault.TWICE, ("points", place, "code"), point.code)
            seen.add(point.code)
    if source.found or checklist is None:
        raise BadDeclaration(sorted(source.found, key=lambda one: one.line))
    return checklist


def score_of(checklist: Checklist, results: dict[str, str]) -> int | None:
    """Points met of a hundred, by weight, without those that do not apply; None where none applies."""
    counted = [point for point in checklist.points if results.get(point.code) in SHARES]
    whole = sum(point.weight for point in counted)
    met = sum(point.weight * SHARES[results[point.code]] for point in counted)
    return round(met * 100 / whole) if whole else None
