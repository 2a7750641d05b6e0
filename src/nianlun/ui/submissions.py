"""Forms that are sent twice are done once; `{% client_key %}` in the form and `sent_once` in its view."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from nianlun.kernel.errors import UserError
from nianlun.kernel.submissions import once

KEY = "client_key"
CSRF = "csrfmiddlewaretoken"


def sent_once(request: HttpRequest, act: Callable[[], str], *, user_id: UUID) -> str:
    """Do what the form asks, in one transaction, and give the address to go to; a form sent again gets the same one.

    A file field is judged by its name and size.
    """
    content = [(name, said) for name, all_said in sorted(request.POST.lists()) for said in all_said if name != CSRF]
    content += [(name, f"{one.name} {one.size}") for name, files in sorted(request.FILES.lists()) for one in files]
    return once(client_key(request), user_id=user_id, content=f"{request.path}?{urlencode(content)}", act=act)


def client_key(request: HttpRequest) -> UUID:
    """The key of the form; raises UserError where it was left out or is none."""
    try:
        return UUID(str(request.POST[KEY]))
    except (KeyError, ValueError):
        raise UserError("表单不完整，没有保存。请重新打开再填。") from None
