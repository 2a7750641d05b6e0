"""The tables of stories: of each ledger how often, about whom, in which words, and by which paths through its flow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).with_name("stories")


class Step(BaseModel):
    """How a step is made: how many days after what went before, with which values and remark."""

    model_config = ConfigDict(extra="forbid")
    code: str = ""  # of the flow's step, where it is not the key
    after: str = "0..2"
    values: dict[str, Any] = {}
    adds: list[str] = []  # tables whose rows come after those that are there
    note: list[str] = []


class Way(BaseModel):
    """One way through a flow, and how often it is taken; `only` for cases of that sort."""

    model_config = ConfigDict(extra="forbid")
    share: float
    steps: list[str]
    again: str = ""  # a step that is made again and again until today
    only: str = ""


class Case(BaseModel):
    """What belongs together in one story: its own values over those of all, its lines and its sort."""

    model_config = ConfigDict(extra="forbid")
    values: dict[str, Any]
    lines: list[str] = []
    sort: str = ""
    share: float = 1


class Story(BaseModel):
    """All that one ledger may tell. `a_year` entries for a community of 900 households."""

    model_config = ConfigDict(extra="forbid")
    a_year: int
    about: str = ""  # a sort of Neighbourhood's records; empty: about nothing
    lines: list[str] = []
    values: dict[str, Any]
    cases: list[Case]
    steps: dict[str, Step] = {}
    paths: list[Way]
    opens: dict[str, float] = {}  # title of a follow-on: how often it is made where it is offered
    sort_by: str = ""  # the field whose value is the sort of an entry that another one opened
    pictures: str = ""  # the field of photos
    back: int = 0  # days before the year within which some may have begun: what lasts for years

    def code_of(self, step: str) -> str:
        """The flow's step that a key of `steps` means."""
        told = self.steps.get(step)
        return told.code if told and told.code else step


@cache
def stories() -> Mapping[str, Story]:
    """By ledger's code, from all files of the folder."""
    found: dict[str, Story] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for code, told in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            found[code] = Story.model_validate(told)
    return found


@cache
def parts() -> Mapping[str, list[str]]:
    """Sentences that every ledger shares: why something was entered late, why withdrawn, remarks."""
    read: dict[str, list[str]] = yaml.safe_load((FOLDER.parent / "parts.yaml").read_text(encoding="utf-8"))
    return read
