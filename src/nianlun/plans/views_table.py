"""The 任务分解表 of a version as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from nianlun.plans.access import access_version


def table(request: HttpRequest, community: str, plan: UUID, number: int, form: str) -> HttpResponse:
    version = access_version(request, community, plan, number)
    return HttpResponse(f"{version} {form}")
