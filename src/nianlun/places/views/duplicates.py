"""Entries that may be one person: the list, two side by side, joining them and taking that back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.places.access_people import RESIDENTS, resident_of
from nianlun.places.actions import people_merge
from nianlun.places.actions.people_merge import CHOICES, HOME
from nianlun.places.models import Merge, Resident
from nianlun.places.policy import May
from nianlun.places.registers.pairs import MOST, differences, pairs
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.submissions import sent_once

RECENT = 10  # merges listed for taking back


def duplicates(request: HttpRequest, community: str) -> HttpResponse:
    viewer = CommunityViewer.of(request, community, May.MERGE)
    merges = (
        Merge.objects.filter(kept__community=viewer.community, undone_at=None)
        .select_related("kept", "by")
        .order_by("-at", "-pk")[:RECENT]
    )
    found = pairs(viewer.community)
    about = {"community": viewer.community, "pairs": found, "more": len(found) == MOST, "merges": merges}
    return render(request, "places/duplicates.html", about)


@never_cache
def compare(request: HttpRequest, community: str, one: UUID, other: UUID) -> HttpResponse:
    """Both side by side; the first is kept, and of each difference one value."""
    viewer = CommunityViewer.of(request, community, May.MERGE)
    kept, dropped = _two(viewer, one, other)
    about = {
        "community": viewer.community,
        "one": kept,
        "other": dropped,
        "differences": differences(kept, dropped, viewer),
        "spells": [list(row.residences.select_related("room__unit", "building__estate")) for row in (kept, dropped)],
    }
    return render(request, "places/duplicates_compare.html", about)


@require_POST
def merge(request: HttpRequest, community: str, one: UUID, other: UUID) -> HttpResponse:
    viewer = CommunityViewer.of(request, community, May.MERGE)
    kept, dropped = _two(viewer, one, other)
    taken = [code for code in (*CHOICES, HOME) if request.POST.get(f"take-{code}") == "other"]

    def act() -> str:
        try:
            revisions = int(request.POST["revision"]), int(request.POST["other_revision"])
        except (KeyError, ValueError):
            raise UserError("表单不完整，没有合并。请刷新页面再试。") from None
        people_merge.merge(acting_user=viewer.user, kept=kept, dropped=dropped, taken=taken, revisions=revisions)
        messages.success(request, f"已合并。不对的话，可以在{kept.name}的页面撤销。")
        return RESIDENTS.address(kept, viewer)

    return redirect(sent_once(request, act, user_id=viewer.user_id))


@require_POST
def not_same(request: HttpRequest, community: str, one: UUID, other: UUID) -> HttpResponse:
    viewer = CommunityViewer.of(request, community, May.MERGE)
    first, second = _two(viewer, one, other)
    people_merge.not_same(acting_user=viewer.user, one=first, other=second)
    messages.success(request, "已记下：不是同一人，以后不再提示。")
    return redirect("places:duplicates", viewer.place_code)


@require_POST
def part(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer = CommunityViewer.of(request, community, May.MERGE)
    done = get_object_or_404(Merge, pk=pk, kept__community=viewer.community)
    people_merge.part(acting_user=viewer.user, merge=done)
    messages.success(request, "已撤销合并，两条登记恢复成合并以前的样子。")
    return redirect("registers:record", viewer.place_code, RESIDENTS.code, done.kept_id)


def _two(viewer: CommunityViewer, one: UUID, other: UUID) -> tuple[Resident, Resident]:
    if one == other:
        raise Http404
    return resident_of(viewer, one, May.MERGE), resident_of(viewer, other, May.MERGE)
