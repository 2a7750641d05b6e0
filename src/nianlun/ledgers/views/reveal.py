"""Having a secret value of an entry shown for a minute: the purpose comes in, the value goes out once."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import masked
from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.reveal import reveal
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.model import SECRET
from nianlun.ledgers.rights import may_reveal
from nianlun.places.rules.secrets import SECONDS


@require_POST
@never_cache
@sensitive_variables("value")
def show(request: HttpRequest, community: str, ledger: str, pk: UUID, field: str) -> HttpResponse:
    """The value in place of its mask; a purpose that does not do comes back in the form, with what is wrong."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    if not may_reveal(viewer.policy, entry):
        raise PermissionDenied
    spec = next((one for one in ledger_of(entry).fields if one.code == field and one.kind in SECRET), None)
    if spec is None:
        raise Http404
    purpose = str(request.POST.get("purpose", ""))
    about = {"id": f"secret-{field}", "title": spec.title, "address": request.path}
    try:
        value = reveal(acting_user=viewer.user, entry=entry, field=field, purpose=purpose)
    except UserError as error:
        about |= {"purpose": purpose, "error": error.message}
        response = render(request, "places/parts/reveal_form.html", about, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = f"#{about['id']}-form", "outerHTML"
        return response
    told = {**about, "value": value, "mask": masked(spec.kind, entry.sealed[field]), "seconds": SECONDS}
    return render(request, "places/parts/revealed.html", told)
