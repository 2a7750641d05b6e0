"""The 任务分解表 of a version as a file, in the words of its review."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from nianlun.plans.access import access_version, standing_items
from nianlun.plans.breakdown.document import to_docx
from nianlun.plans.breakdown.rows import SUFFIX, Breakdown, breakdown_of
from nianlun.plans.breakdown.sheet import to_xlsx
from nianlun.plans.downloads import attachment
from nianlun.plans.rereading import reading_of

OFFICE = "application/vnd.openxmlformats-officedocument."
FORMS: dict[str, tuple[str, Callable[[Breakdown], bytes]]] = {
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", lambda breakdown: to_xlsx([breakdown])),
    "docx": (f"{OFFICE}wordprocessingml.document", to_docx),
}


def table(request: HttpRequest, community: str, plan: UUID, number: int, form: str) -> HttpResponse:
    """Every item that stands in the version on one row."""
    version = access_version(request, community, plan, number)
    if form not in FORMS:
        raise Http404
    content_type, write = FORMS[form]
    reading = reading_of(version, list(standing_items(version)))
    data = write(breakdown_of(version.plan.title, reading))
    return attachment(data, f"{version.plan.title}-{SUFFIX}.{form}", content_type)
