"""Having a secret field shown for a minute: the purpose comes in, the value goes out once and is kept nowhere."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import masked
from nianlun.places.access import policy_of, signed_in
from nianlun.places.actions.reveal import MODELS, require_reveal, reveal
from nianlun.places.rules.secrets import SECONDS, TITLES


@require_POST
@never_cache
@sensitive_variables("value")
def show(request: HttpRequest, kind: str, pk: UUID, field: str) -> HttpResponse:
    """The value in place of its mask; a purpose that does not do comes back in the form, with what is wrong."""
    model = MODELS.get(kind)
    record = model._base_manager.select_related("community").filter(pk=pk).first() if model else None
    if record is None:
        raise Http404
    require_reveal(policy_of(request), record, field)
    purpose = request.POST.get("purpose", "")
    title = TITLES[kind][field]
    about = {"id": f"secret-{record.pk}-{field}", "kind": kind, "pk": record.pk, "field": field, "title": title}
    try:
        value = reveal(acting_user=signed_in(request), record=record, field=field, purpose=purpose)
    except UserError as error:
        about |= {"purpose": purpose, "error": error.message}
        response = render(request, "places/parts/reveal_form.html", about, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = f"#{about['id']}-form", "outerHTML"
        return response
    about |= {"value": value, "mask": masked(field, getattr(record, f"{field}_sealed")), "seconds": SECONDS}
    return render(request, "places/parts/revealed.html", about)
