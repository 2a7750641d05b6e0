"""A form that is opened to do a duty begins with what is known of it: preset, title, lines, whom it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404, QueryDict

from nianlun.duties.models import Assignment, Occurrence, OccurrenceStatus
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.presets import Preset
from nianlun.ledgers.declarations.shipped import shipped_presets
from nianlun.ledgers.fan_out.counts import counts_of
from nianlun.ledgers.fan_out.ground import Place
from nianlun.ledgers.forms.raw import Raw, raw_of
from nianlun.places.viewing import CommunityViewer

SERVES, PLACE = "serves", "place"
# Ledgers whose entries are called by what was done, so that a duty's words may stand there until better ones do.
CALLED_BY_DEED = {"activity", "meeting", "publicity", "training", "selection", "project"}
TITLE_MOST = 40


@dataclass(frozen=True, slots=True)
class Serving:
    """The times of duties that a form was opened for; the first one says what it begins with.

    `place` is the one that it was opened for, where that time is done place by place.
    """

    occurrences: list[Occurrence] = field(default_factory=list)
    place: Place | None = None
    missing: int = 0

    @property
    def ids(self) -> list[UUID]:
        return [one.pk for one in self.occurrences]

    @property
    def lines(self) -> list[str]:
        return list(dict.fromkeys(one.line for one in self.occurrences))

    def raw(self, ledger: Ledger, fields: list[FieldSpec]) -> Raw:
        """What is known of the ledger's own fields."""
        if not self.occurrences:
            return {}
        duty = self.occurrences[0].duty
        known = {spec.code: spec for spec in fields}
        preset = preset_for(ledger.ledger, duty.line, duty.title)
        found: Raw = {}
        title = known.get(ledger.title_of)
        if title is not None and self.place is not None and title.take_over == "subject.name":
            found[title.code] = self.place.name
        elif title is not None and ledger.ledger in CALLED_BY_DEED:
            words = preset.title if preset else " ".join(duty.title.split())
            found[title.code] = words[: min(TITLE_MOST, int(title.most or TITLE_MOST))]
        if preset is None:
            return found
        found.update(raw_of([known[code] for code in preset.fill if code in known], preset.fill, {}))
        if preset.checklist:
            found.update(
                {
                    spec.code: {"checklist": preset.checklist, "points": {}}
                    for spec in fields
                    if spec.kind == "checklist" and not spec.checklist
                }
            )
        return found

    def head(self, ledger: Ledger) -> dict[str, str]:
        """Whom it is about: the place that is next, or where the duty is with one body and the ledger is of bodies."""
        if self.place is not None:
            return _at(self.place, ledger)
        if not self.occurrences or "body" not in ledger.about:
            return {}
        bodies = Assignment.objects.filter(duty=self.occurrences[0].duty_id, body__isnull=False)
        ids = list(bodies.values_list("body_id", flat=True)[:2])
        return {"subject": f"body:{ids[0]}"} if len(ids) == 1 else {}


def serving_of(viewer: CommunityViewer, said: QueryDict) -> Serving:
    """As address or form say it; `missing` counts what is no more, or never was the community's."""
    ids = list(dict.fromkeys(_ids(said.getlist(SERVES))))
    if not ids:
        return Serving()
    rows = Occurrence.objects.filter(pk__in=ids, community=viewer.community).exclude(status=OccurrenceStatus.VOID)
    found = {one.pk: one for one in rows.select_related("duty", "community")}
    ones = [found[pk] for pk in ids if pk in found]
    asked = _ids([str(said.get(PLACE, ""))])
    place = _place(ones, asked[0]) if asked else None
    return Serving(ones, place, missing=len(ids) - len(ones) + (bool(asked) and place is None))


def begun_for(viewer: CommunityViewer, said: QueryDict) -> Serving:
    """The same for a form that is opened; raises Http404 where something is missing."""
    found = serving_of(viewer, said)
    if found.missing:
        raise Http404
    return found


def _place(ones: list[Occurrence], pk: UUID) -> Place | None:
    counts = counts_of(ones[0].community, ones) if ones else {}
    return next((count.places[pk] for count in counts.values() if pk in count.places), None)


def _at(place: Place, ledger: Ledger) -> dict[str, str]:
    kinds = {"building": "place", "organisation": "organisation"}
    if kinds.get(place.kind) in ledger.about:
        return {"subject": f"{kinds[place.kind]}:{place.pk}"}
    return {"building": str(place.building_id)} if place.building_id else {}


def _ids(said: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in said if one]
    except ValueError:
        raise Http404 from None


def preset_for(ledger: str, line: str, text: str) -> Preset | None:
    """The preset of a ledger that a duty's words ask for: the most letters of its words, the duty's line first."""
    best: Preset | None = None
    most = (0, False)
    for of_line, presets in shipped_presets().items():
        for preset in presets.items:
            weight = sum(len(word) for word in preset.words if word in text)
            if preset.ledger == ledger and weight and (weight, of_line == line) > most:
                best, most = preset, (weight, of_line == line)
    return best
