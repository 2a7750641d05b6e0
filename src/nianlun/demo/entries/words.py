"""Values made of the tables' parts: names put in, numbers and days drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nianlun.demo.entries.neighbourhood import Neighbourhood
from nianlun.demo.register.world import World
from nianlun.ledgers.declarations.model import FieldSpec

DAY = re.compile(r"([+-]\d+)(?:\.\.([+-]?\d+))?")  # days from the story's day
SPAN = re.compile(r"(\d+)\.\.(\d+)")
HOLE = re.compile(r"\{([a-z_]+|\d+\.\.\d+)\}")


@dataclass
class Teller:
    """Fills the tables' words for one story; `known` are its names, such as the subject's."""

    world: World
    around: Neighbourhood
    known: dict[str, str]

    def value(self, said: Any, field: FieldSpec, day: date) -> Any:
        """What is written into a field: of a list one, of a mapping one by weight, unless the field holds lists."""
        if said is None:
            return None
        match field.kind:
            case "choices":
                return [self.world.weighed(said)] if isinstance(said, Mapping) else said
            case "table":
                return [
                    {column.code: self.value(row.get(column.code), column, day) for column in field.columns}
                    for row in said
                ]
            case "checklist":
                return self._points(said)
            case "organisation" | "body" | "place" | "user":
                return self._record(field.kind, said)
        if isinstance(said, Mapping):
            said = self.world.weighed(said)
        if isinstance(said, list):
            said = self.world.pick(said)
        return said if said is None else self.words(str(said), day)

    def words(self, said: str, day: date) -> str:
        if found := DAY.fullmatch(said):
            least, most = int(found[1]), int(found[2] or found[1])
            return (day + timedelta(days=self.world.chance.randint(least, most))).isoformat()
        if found := SPAN.fullmatch(said):
            return str(self.world.chance.randint(int(found[1]), int(found[2])))
        return HOLE.sub(lambda hole: self._hole(hole[1], day), said)

    def _hole(self, name: str, day: date) -> str:
        if found := SPAN.fullmatch(name):
            return str(self.world.chance.randint(int(found[1]), int(found[2])))
        if name in self.known:
            return self.known[name]
        match name:
            case "month":
                return f"{day:%Y-%m}"
            case "year":
                return str(day.year)
            case "phone":
                return self.world.phone()
            case "place" | "person" | "organisation" | "aged":
                made = self.around.pick(name)
                return str(made) if made else "社区"
            case "yard":
                made = self.around.pick("place")
                return made.estate.name if made else "社区"
            case "colleague":
                there = [one.name for one in self.around.at_home() if one.name != self.known.get("writer")]
                return self.world.pick(there)
        raise KeyError(name)

    def _points(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A checklist taken: so many points not met, some that do not apply."""
        code = self.world.pick(said["checklist"]) if isinstance(said["checklist"], list) else said["checklist"]
        checklist = self.around.checklists[code]
        codes = [point.code for point in checklist.points]
        failed = self.world.chance.sample(codes, min(len(codes), self.world.weighed(said.get("failed", {0: 1}))))
        result = said.get("result", "failed")
        taken: dict[str, Any] = {one: "absent" if self.world.happens(0.08) else "met" for one in codes}
        remarks = said.get("remarks", [""])
        for one in failed:
            taken[one] = {"result": result, "remark": self.words(self.world.pick(remarks), self.world.today)}
        return {"checklist": code, "points": taken}

    def _record(self, kind: str, sort: str) -> str | None:
        if kind == "user":
            return str(self.world.pick(self.around.at_home()).pk)
        made = self.around.pick(sort)
        return str(made.pk) if made else None
