"""What pages of duties show of entries, and an entry's page of its duties."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nianlun.duties import standing
from nianlun.duties.actions.work import RECORDABLE
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.duties.sentences import sentences
from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.serve import may_link
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.fan_out.counts import count_of
from nianlun.ledgers.models import DutyEntry, Entry
from nianlun.ledgers.rights import may_file
from nianlun.ledgers.serving.forms_of import ledgers_of_duties
from nianlun.ledgers.serving.seen import seen_of
from nianlun.ledgers.serving.settled import asks_to_settle, settled_of
from nianlun.places.access import policy_of, signed_in
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer


def with_entries(ids: Collection[UUID]) -> set[UUID]:
    """Of these times of duties, those that entries were linked to: they stay, whatever the calendar says."""
    return set(DutyEntry.objects.filter(occurrence__in=ids).values_list("occurrence_id", flat=True))


def doing(request: HttpRequest, occurrence: Occurrence, may_work: bool) -> SafeString | None:
    """The forms by which it is done: those it is bound to or that its words suggest, and the others to choose from.

    Where it is done place by place, the way to its places instead.
    """
    viewer = viewer_of(request, occurrence)
    if (count := count_of(occurrence)) and viewer.policy.allows(May.GROUND, occurrence.community):
        places = reverse("ledgers:places", args=[viewer.place_code, occurrence.pk])
        return render_to_string("ledgers/serving/by_place.html", {"count": count, "places": places})
    if not may_work or occurrence.status not in RECORDABLE:
        return None
    held = {
        code: one
        for code, one in catalogue.ledgers_at(occurrence.community).items()
        if may_file(viewer.policy, one.ledger, occurrence.community)
    }
    filable = {code: one.ledger for code, one in held.items()}
    codes = ledgers_of_duties([occurrence.duty], held)[occurrence.duty_id]
    about = {
        "bound": [_form(viewer, filable[code], occurrence) for code in codes],
        "others": [_form(viewer, one, occurrence) for code, one in filable.items() if code not in codes],
        "gather": reverse("ledgers:gather", args=[viewer.place_code, occurrence.pk]),
    }
    return render_to_string("ledgers/serving/doing.html", about) if filable else None


def _form(viewer: CommunityViewer, ledger: Ledger, one: Occurrence) -> tuple[Ledger, str]:
    return ledger, f"{reverse('ledgers:new', args=[viewer.place_code, ledger.ledger])}?serves={one.pk}"


def entries_of_occurrence(request: HttpRequest, occurrence: Occurrence) -> SafeString | None:
    """What was entered for it, with where each stands; of what the viewer may not see, only how much there is."""
    links = list(DutyEntry.objects.filter(occurrence=occurrence).order_by("linked_at", "pk"))
    if not links:
        return None
    viewer = viewer_of(request, occurrence)
    seen = seen_of(viewer, [link.entry_id for link in links])
    lines = [(seen[link.entry_id], link) for link in links if link.entry_id in seen]
    about: dict[str, Any] = {
        "lines": [(one, link, may_link(viewer.policy, one.entry)) for one, link in lines],
        "unseen": len(links) - len(lines), "viewer": viewer,
        "again": f"{reverse('ledgers:gather', args=[viewer.place_code, occurrence.pk])}"
        if occurrence.status == OccurrenceStatus.DONE else "",
    }  # fmt: skip
    if asks_to_settle(occurrence.duty.title):
        live = Entry.objects.filter(duties__occurrence=occurrence, withdrawn_at=None).values_list("pk", flat=True)
        about["settled"] = settled_of(occurrence.community, set(live))
    return render_to_string("ledgers/serving/entries.html", about, request=request)


def duties_of_entry(request: HttpRequest, entry: Entry, viewer: LedgerViewer) -> SafeString | None:
    """The times of duties that an entry was done for, each with the sentence of the plan that asks for it."""
    links = list(
        DutyEntry.objects.filter(entry=entry)
        .select_related("occurrence__duty__community", "occurrence__done_by")
        .order_by("linked_at", "pk")
    )
    allowed = may_link(viewer.policy, entry)
    if not links and (not allowed or entry.withdrawn_at is not None):
        return None
    said = sentences(link.occurrence.duty for link in links)
    day = today()
    about = {
        "lines": [
            {
                "link": link, "one": link.occurrence, "duty": link.occurrence.duty,
                "due": standing.due_said(link.occurrence, day), "sentence": said.get(link.occurrence.duty_id),
            }
            for link in links
        ],
        "viewer": viewer, "entry": entry, "may_link": allowed and entry.withdrawn_at is None,
        "more": reverse("ledgers:serve", args=[viewer.place_code, entry.ledger, entry.pk]),
    }  # fmt: skip
    return render_to_string("ledgers/serving/duties.html", about, request=request)


def viewer_of(request: HttpRequest, occurrence: Occurrence) -> CommunityViewer:
    return CommunityViewer(signed_in(request), occurrence.community, policy_of(request))
