"""How duties are read from outside: to a stranger they do not exist, and nothing is joined across communities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from nianlun.duties.models import Attachment, Duty, Occurrence, OccurrenceStatus
from nianlun.kernel.models import AuditRow
from nianlun.places.access import access_community
from nianlun.places.models import Community, User
from nianlun.places.policy import May
from nianlun.plans.models import ItemText, VersionStatus


def access_occurrence(request: HttpRequest, code: str, pk: UUID, may: May = May.SEE) -> Occurrence:
    """One occurrence of a community that the user may see and has this right in."""
    community = access_community(request, code, may)
    found = (
        Occurrence.objects.filter(pk=pk, community=community)
        .select_related("duty", "duty__created_by", "taken_by", "handed_by", "done_by", "recorded_by", "community")
        .first()
    )
    if found is None:
        raise Http404
    return found


def access_duty(request: HttpRequest, code: str, pk: UUID, may: May = May.SEE) -> Duty:
    community = access_community(request, code, may)
    found = Duty.objects.filter(pk=pk, community=community).select_related("community", "created_by", "plan").first()
    if found is None:
        raise Http404
    return found


def access_attachment(request: HttpRequest, code: str, pk: UUID) -> Attachment:
    community = access_community(request, code)
    rows = Attachment.objects.select_related("occurrence__duty", "occurrence__community")
    found = rows.filter(pk=pk, occurrence__community=community).first()
    if found is None:
        raise Http404
    return found


def open_until(community: Community, until: date) -> QuerySet[Occurrence]:
    """Open occurrences that are to be done by a day, the latest ones first in need."""
    return (
        Occurrence.objects.filter(community=community, status=OccurrenceStatus.OPEN, act_on__lte=until)
        .select_related("duty", "duty__created_by", "taken_by", "handed_by")
        .order_by("act_on", "line", "pk")
    )


def text_of(duty: Duty) -> ItemText | None:
    """The duty's sentence in the version of the plan that stands, or in the last one that had it."""
    texts = ItemText.objects.filter(item=duty.item_id).select_related("version").order_by("-version__number")
    if duty.item_id is None:
        return None
    return texts.filter(version__status=VersionStatus.ADOPTED).first() or texts.first()


def history(records: Sequence[UUID], subdistrict_id: UUID) -> list[tuple[AuditRow, str]]:
    """What happened to these records, newest first, each with the name of who did it; two queries."""
    rows = list(AuditRow.objects.filter(record_id__in=records, subdistrict_id=subdistrict_id).order_by("-at", "-pk"))
    names = dict(User.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id}).values_list("pk", "name"))
    return [(row, names.get(row.actor_id, "系统") if row.actor_id else "系统") for row in rows]
