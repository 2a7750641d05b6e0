"""The address of an entry for whoever knows only its id: it leads to its page among those of its ledger."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.models import Entry
from nianlun.places.access import access_community
from nianlun.places.policy import May


def show(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Raises Http404 for what the user may not see, as the page itself does."""
    at = access_community(request, community, May.SEE)
    code = Entry.objects.filter(pk=pk, community=at).values_list("ledger", flat=True).first()
    if code is None:
        raise Http404
    access_entry(LedgerViewer.of_ledger(request, community, code), pk)
    return redirect("registers:record", community, code, pk)
