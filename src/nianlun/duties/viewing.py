"""What the pages of this room share: the last act that can be taken back, where to go next, the page's community."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from nianlun.duties.actions.tables import YEARS
from nianlun.duties.assignment import Roster
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.access import policy_of
from nianlun.places.models import Community, User
from nianlun.places.policy import May

LAST_ACT = "duties.last_act"


def remember(request: HttpRequest, text: str, rows: Iterable[AuditRow]) -> None:
    """Offer to take an act back on the next page."""
    request.session[LAST_ACT] = {"text": text, "rows": [str(row.pk) for row in rows]}


def last_act(request: HttpRequest) -> dict[str, Any] | None:
    """The act just done, shown once."""
    found = request.session.pop(LAST_ACT, None)
    return {"text": found["text"], "rows": ",".join(found["rows"])} if found else None


def next_address(request: HttpRequest, otherwise: str) -> str:
    """Back to where the form was sent from, if that is ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else otherwise


def chosen_rows(values: Iterable[str]) -> list[tuple[UUID, int]]:
    """Checkbox values `id:revision`; anything else is refused."""
    try:
        return [(UUID(pk), int(revision)) for pk, _, revision in (value.partition(":") for value in values)]
    except ValueError as error:
        raise UserError("选择的任务有误，请刷新页面后再试。") from error


def revision_of(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("revision", ""))
    except ValueError as error:
        raise UserError("页面已过期，请刷新后再试。") from error


def day_of(given: str | None, otherwise: date) -> date:
    """The day asked for, if it is one of the years that the tables know."""
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return otherwise
    return day if day.year in YEARS else otherwise


def person_here(roster: Roster, given: str) -> User:
    """A person who works in the community, by id."""
    try:
        pk = UUID(given)
    except ValueError:
        pk = None
    if pk is None or pk not in roster.names:
        raise UserError("请选择本社区在岗的人员。")
    return User.objects.get(pk=pk)


def rights(request: HttpRequest, community: Community) -> dict[str, bool]:
    """What the page may offer."""
    policy = policy_of(request)
    return {
        "may_do": policy.allows(May.DO, community),
        "may_hand_out": policy.allows(May.HAND_OUT, community),
        "may_charge": policy.allows(May.CHARGE, community),
    }


def first_error(form: Any) -> str:
    """The first thing wrong with a form, for a page that shows one notice."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return "填写有误，请检查。"
