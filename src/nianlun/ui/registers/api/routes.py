"""/api/v1/: one set of routes for every register that there is when the request comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.security import django_auth
from pydantic import Field

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.submissions import once
from nianlun.ui.registers.api.answers import Clash, answer_errors, record
from nianlun.ui.registers.api.openapi import described
from nianlun.ui.registers.api.values import words
from nianlun.ui.registers.asked import NUMBER_LIKE, asked
from nianlun.ui.registers.keyset import page, total
from nianlun.ui.registers.register import RESERVED, Need, Register, registered, registers_for
from nianlun.ui.registers.rows import row_of
from nianlun.ui.registers.writing import checked_draft, saved

api = NinjaAPI(
    title="nianlun", version="1", docs_url=None, openapi_url=None, auth=django_auth, urls_namespace="registers_api"
)
answer_errors(api)

COLLECTION = "/c/{slug:community}/{slug:code}/"
RECORD = COLLECTION + "{uuid:pk}/"
Limit = Annotated[int, Field(ge=1, le=200)]


class New(Schema):
    """A new record. `confirmed` repeats warnings that were given before."""

    values: dict[str, Any]
    confirmed: list[str] = []


class Edit(New):
    """What changes in a record, and the revision that it was seen with."""

    revision: int


class Search(Schema):
    """A list that is asked for in the body, because the words in it may be somebody's number."""

    q: str = ""
    filters: dict[str, str] = {}
    order: str = ""
    cursor: str = ""
    limit: Limit = 50


@api.get("/openapi.json")
def openapi(request: HttpRequest) -> HttpResponse:
    """What can be asked for, register by register, in the form of OpenAPI 3.1."""
    return JsonResponse(described(registers_for(request)))


@api.get(COLLECTION)
def rows(request: HttpRequest, community: str, code: str, cursor: str = "", limit: Limit = 50) -> dict[str, Any]:
    """Records by key, as the list's page shows them."""
    found = _registered(code)
    viewer = found.viewer(request, community, Need.SEE)
    _refuse_unknown(found, request.GET)
    if NUMBER_LIKE.search(request.GET.get("q", "")):
        raise UserError("证件号码、电话不能写在网址里，请用 POST …/find/ 查找。", code="use_find")
    exact = request.GET.get("total") == "exact"
    return _listed(found, viewer, request.GET.dict(), cursor=cursor, limit=limit, exact=exact)


@api.post(COLLECTION + "find/")
def find(request: HttpRequest, community: str, code: str, body: Search) -> dict[str, Any]:
    """The same list, asked for without an address."""
    found = _registered(code)
    viewer = found.viewer(request, community, Need.SEE)
    _refuse_unknown(found, body.filters)
    query = {**body.filters, "q": body.q, "order": body.order}
    return _listed(found, viewer, query, cursor=body.cursor, limit=body.limit, exact=False)


@api.get(RECORD)
def one(request: HttpRequest, community: str, code: str, pk: UUID) -> dict[str, Any]:
    found = _registered(code)
    viewer = found.viewer(request, community, Need.SEE)
    return record(found, _row(found, viewer, pk), viewer)


@api.post(COLLECTION)
def add(request: HttpRequest, community: str, code: str, body: New) -> HttpResponse:
    found = _registered(code)
    viewer = found.viewer(request, community, Need.EDIT)
    if not found.may_add or not found.may(viewer, Need.EDIT):
        raise PermissionDenied

    def act() -> str:
        draft = checked_draft(found, viewer, words(found, viewer, None, body.values), None, None)
        return str(saved(found, viewer, draft, source="api", confirmed=body.confirmed).pk)

    pk = UUID(_once(request, viewer.user_id, body.dict(), act))
    made = record(found, _row(found, viewer, pk), viewer)
    return JsonResponse(made, status=201)


@api.patch(RECORD)
def change(request: HttpRequest, community: str, code: str, pk: UUID, body: Edit) -> dict[str, Any]:
    """Fields that are left out stay as they are."""
    found = _registered(code)
    viewer = found.viewer(request, community, Need.EDIT)
    row = _row(found, viewer, pk)
    if not found.may(viewer, Need.EDIT, row):
        raise PermissionDenied
    written = words(found, viewer, row, body.values)

    def act() -> str:
        draft = checked_draft(found, viewer, written, row, body.revision)
        return str(saved(found, viewer, draft, source="api", confirmed=body.confirmed).pk)

    try:
        _once(request, viewer.user_id, body.dict(), act)
    except StaleRevision as error:
        theirs = record(found, _row(found, viewer, pk), viewer)
        raise Clash(
            error.message,
            {"revision": theirs["revision"], "mine": _open(found, written), "theirs": theirs["values"]},
        ) from error
    return record(found, _row(found, viewer, pk), viewer)


def _open(register: Register[Any, Any], written: Mapping[str, str]) -> dict[str, str]:
    """What was sent, without the values of secret fields."""
    secret = {field.code for field in register.fields if field.secret}
    return {code: "" if code in secret else said for code, said in written.items()}


def _registered(code: str) -> Register[Any, Any]:
    try:
        return registered(code)
    except KeyError:
        raise Http404 from None


def _row(register: Register[Any, Any], viewer: Any, pk: UUID) -> Any:
    row = row_of(register, viewer, pk)
    if row is None:
        raise Http404
    return row


def _refuse_unknown(register: Register[Any, Any], query: Mapping[str, str]) -> None:
    """A filter that is spelt wrong must not widen the list."""
    known = {*(one.code for one in register.filters), *(RESERVED - {"s"})}
    if unknown := sorted(set(query) - known):
        raise UserError(f"没有这样的参数：{'、'.join(unknown)}。", code="unknown_parameter")


def _listed(
    register: Register[Any, Any], viewer: Any, query: Mapping[str, str], *, cursor: str, limit: int, exact: bool
) -> dict[str, Any]:
    told = asked(register, viewer, query)
    if query.get("order", "").removeprefix("-") not in {"", *(one.code for one in register.orders)}:
        raise UserError(f"没有这样的排序：{query['order']}。", code="unknown_parameter")
    narrowed = told.narrow(register, viewer)
    shown = page(narrowed, told.order.keys, descending=told.descending, cursor=cursor, size=limit)
    counted = total(narrowed, exact=exact)
    register.look_ahead(shown.rows, viewer)
    return {
        "rows": [record(register, row, viewer) for row in shown.rows],
        "total": {"count": counted.count, "more": counted.more},
        "previous": shown.before or None,
        "next": shown.after or None,
    }


def _once(request: HttpRequest, user_id: UUID, body: Mapping[str, Any], act: Callable[[], str]) -> str:
    """With the header Idempotency-Key (a UUID) a request that is sent again is answered and not done again."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        with transaction.atomic():
            return act()
    try:
        key = UUID(given)
    except ValueError:
        raise UserError("Idempotency-Key 应为 UUID。", code="malformed") from None
    content = f"{request.method} {request.path} {json.dumps(body, sort_keys=True, default=str)}"
    return once(key, user_id=user_id, content=content, act=act)
