"""Pages for paper: a blank form, a filled one, a paper that was issued; and how a ledger works."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.papers import hand_out as issue_paper
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.forms.on_paper import lines_of
from nianlun.ledgers.page import EntryPage
from nianlun.ledgers.papers import number_of, template_of, title_of
from nianlun.ledgers.rules.drawing import drawing_of
from nianlun.places.models import PostKind
from nianlun.places.policy import May
from nianlun.ui.submissions import sent_once

DOER = "doer"


def blank(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """The form on paper, with room to write; `?checklist=` adds the points of one."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    own = viewer.ledger
    checklists = catalogue.checklists_at(viewer.community) if any(one.kind == "checklist" for one in own.fields) else {}
    about = {
        "viewer": viewer, "ledger": own, "groups": lines_of(own), "rows": range(4),
        "checklists": checklists, "checklist": checklists.get(request.GET.get("checklist", "")),
        "back": reverse("registers:list", args=[community, ledger]),
    }  # fmt: skip
    return render(request, "ledgers/blank.html", about)


def filled(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """An entry on paper, in the order that its ledger prints."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    made = EntryPage(access_entry(viewer, pk), viewer)
    about = {
        "viewer": viewer, "ledger": made.ledger, "page": made, "entry": made.entry,
        "sections": made.sections(made.ledger.print or None), "today": today(),
        "back": reverse("registers:record", args=[community, ledger, pk]),
    }  # fmt: skip
    return render(request, "ledgers/filled.html", about)


def paper(request: HttpRequest, community: str, ledger: str, pk: UUID, paper: UUID) -> HttpResponse:
    """A paper as it read when it was issued."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    issued = entry.papers.filter(pk=paper).select_related("issued_by", "community__subdistrict").first()
    if issued is None:
        raise Http404
    about = {
        "viewer": viewer, "entry": entry, "issued": issued, "body": issued.body, "number": number_of(issued),
        "title": title_of(issued), "back": reverse("registers:record", args=[community, ledger, pk]),
    }  # fmt: skip
    return render(request, template_of(issued), about)


@require_POST
def hand_out(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """Issue a paper by a press, and lead to it."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    if not viewer.may_write:
        raise PermissionDenied

    def act() -> str:
        made = issue_paper(acting_user=viewer.user, pk=entry.pk, code=str(request.POST.get("paper", "")))
        return reverse("ledgers:paper", args=[community, ledger, entry.pk, made.pk])

    return redirect(sent_once(request, act, user_id=viewer.user_id))


def about(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """How a ledger works: its states, its steps and who makes them, its limits, its version."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    own = viewer.ledger
    posts = {**dict(PostKind.choices), DOER: "登记人"}
    states = own.flow.states
    steps = [
        {
            "step": step, "who": "、".join(posts.get(one, one) for one in step.who),
            "paper": PAPERS[step.paper].title if step.paper in PAPERS else "",
            "source": "、".join(states[code].title for code in step.source), "target": states[step.target],
        }
        for step in own.flow.steps
    ]  # fmt: skip
    shown = {
        "viewer": viewer, "ledger": own, "steps": steps, "drawing": drawing_of(own),
        "states": states, "start": states[own.flow.start],
        "files_by": "、".join(posts.get(one, one) for one in own.files_by),
        "list_address": reverse("registers:list", args=[community, ledger]),
        "may_design": viewer.policy.allows(May.DESIGN, viewer.community),
    }  # fmt: skip
    return render(request, "ledgers/about.html", shown)
