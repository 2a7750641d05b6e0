"""Who works in the background: the one who asked for it, with the rights that they have when it runs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest

from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Need, Register, registered
from nianlun.ui.sheets.models import ImportRun

RIGHT_LOST = "发起这一步的人已经不能在这里导入，请由有权导入的人来做。"


def on_behalf_of(run: ImportRun) -> tuple[Register[Any, Any], Any]:
    """(register, viewer) of a run; raises UserError where its user may import no longer, or the register is gone."""
    try:
        register = registered(run.register)
        request = HttpRequest()
        request.user = get_user_model().objects.get(pk=run.actor_id, is_active=True)
        viewer = register.viewer(request, run.place_code, Need.SHEETS_IN)
    except (KeyError, ObjectDoesNotExist, Http404, PermissionDenied):
        raise UserError(RIGHT_LOST, code="right_lost") from None
    return register, viewer
