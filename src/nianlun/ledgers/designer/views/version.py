"""One version: as it stands, and what becomes of it: published, retired, restored, followed by a next one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.ledgers.actions import designing
from nianlun.ledgers.designer.draft import Draft
from nianlun.ledgers.designer.owner import Owner, owner_of, version_of
from nianlun.ledgers.designer.pages import draft_page
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.access import signed_in


@never_cache
def show(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner = owner_of(request, community, subdistrict)
    return page(request, Draft(owner, version_of(owner, pk)))


def page(request: HttpRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    version, owner = draft.version, draft.owner
    family = list(owner.versions().filter(kind=version.kind, code=version.code).order_by("-version"))
    newest = next((one for one in family if one.standing != Standing.DRAFT), None)
    next_draft = next((one for one in family if one.standing == Standing.DRAFT), None)
    about = {
        "family_links": [(one, owner.address("version", one.pk)) for one in family], "family": family,
        "is_newest": newest is not None and newest.pk == version.pk, "next_draft": next_draft,
        "next_address": owner.address("version", next_draft.pk) if next_draft else "",
        "wrong": draft.wrong, "start": draft.document.data.get("flow", {}).get("start", "") if draft.formable else "",
    }  # fmt: skip
    return draft_page(request, "version", draft, about, status=status)


@require_POST
def publish(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner = owner_of(request, community, subdistrict)
    version = version_of(owner, pk)
    try:
        designing.publish_draft(acting_user=signed_in(request), owner=owner, pk=pk, revision=revision_of(request))
    except designing.NotPublishable as error:
        messages.error(request, error.message)
        return page(request, Draft(owner, version), status=error.status)
    messages.success(request, "已发布，从现在起登记用这一版；正在填的表单按打开时的版本保存。")
    return redirect(owner.address("version", pk))


@require_POST
def retire(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner, version = _own(request, pk, community, subdistrict)
    designing.retire(acting_user=signed_in(request), owner=owner, pk=version.pk)
    messages.success(request, "已停用。以前的记录照常能看、能办完；随时可以恢复。")
    return redirect(owner.address("version", pk))


@require_POST
def restore(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner, version = _own(request, pk, community, subdistrict)
    designing.restore(acting_user=signed_in(request), owner=owner, pk=version.pk)
    messages.success(request, "已恢复，又可以登记了。")
    return redirect(owner.address("version", pk))


@require_POST
def follow(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """A next version, which begins as a copy."""
    owner, version = _own(request, pk, community, subdistrict)
    if version.standing == Standing.DRAFT:
        raise UserError("这一版还是草稿，直接改就行。")
    draft = designing.begin_draft(
        acting_user=signed_in(request), owner=owner, kind=version.kind, code=version.code, title=version.title,
        words=version.words,
    )  # fmt: skip
    messages.success(request, f"第 {draft.version} 版草稿已建好；发布以前，登记还用原来的版本。")
    return redirect(owner.address("version", draft.pk))


@require_POST
def discard(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner, version = _own(request, pk, community, subdistrict)
    designing.discard_draft(acting_user=signed_in(request), owner=owner, pk=version.pk)
    messages.success(request, "草稿已丢弃。")
    return redirect(owner.address("home"))


def revision_of(request: HttpRequest) -> int:
    try:
        return int(str(request.POST["revision"]))
    except (KeyError, ValueError):
        raise UserError("表单不完整，没有保存。请重新打开再填。") from None


def _own(request: HttpRequest, pk: UUID, community: str, subdistrict: str) -> tuple[Owner, LedgerVersion]:
    owner = owner_of(request, community, subdistrict)
    return owner, version_of(owner, pk)
