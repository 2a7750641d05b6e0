"""A register's list: box, filters, sortable headings, pages by key, a total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from nianlun.ui.registers.asked import Asked, asked
from nianlun.ui.registers.keyset import CursorLost, page, total
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.slots import contents

PER_PAGE = 50
AT_ONCE_READ = 10  # characters: so short a cell, such as a day, is not broken into lines
SHORT = mark_safe(' class="nr-short"')


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading; `query` sorts by it, `sorted` says how it is ("" where it is not)."""

    code: str
    title: str
    query: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A record of the list: where it leads, what it is called, and the rest of its cells.

    Cells are made here and not in the template, where 50 records of 11 fields would take most of the page's time.
    """

    row: Any
    address: str
    name: str
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that narrows the list, and the list without it."""

    title: str
    said: str
    query: str


def show(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponse:
    """The list as its address asks for it."""
    viewer = register.viewer(request, community, Need.SEE)
    told = asked(register, viewer, request.GET)
    if told.parameters().get("s") and request.GET.get("q"):  # somebody's number, written into the address by hand
        return redirect(request.path + told.query())
    rows = told.narrow(register, viewer)
    try:
        cursor = request.GET.get("cursor", "")
        shown = page(rows, told.order.keys, descending=told.descending, cursor=cursor, size=PER_PAGE)
    except CursorLost:
        return redirect(request.path + told.query())
    if cursor and not shown.rows:  # what followed has gone since
        return redirect(request.path + told.query())
    about = {
        "register": register,
        "viewer": viewer,
        "asked": told,
        "base": request.path,
        "heads": list(heads(register, told)),
        "lines": list(lines(register, viewer, shown.rows)),
        "chips": list(chips(told)),
        "other_orders": [one for one in register.orders if one.code not in register.columns],
        "has_box": type(register).find is not Register.find,
        "total": total(rows, exact=request.GET.get("total") == "exact"),
        "before": told.query(cursor=shown.before) if shown.before else "",
        "after": told.query(cursor=shown.after) if shown.after else "",
        "same": told.query(),
        "exact": told.query(total="exact"),
        "may_add": register.may_add and register.may(viewer, Need.EDIT),
        "may_import": register.may(viewer, Need.SHEETS_IN),
        "may_export": register.may(viewer, Need.SHEETS_OUT),
        "extra_actions": contents("register_list_actions", request, register=register, viewer=viewer),
    }
    return render(request, register.list_template, about)


@require_POST
def find(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponse:
    """The box and filters were sent: on to the list's address, where numbers of people stand sealed only."""
    viewer = register.viewer(request, community, Need.SEE)
    told = asked(register, viewer, request.POST)
    return redirect(reverse("registers:list", args=[community, register]) + told.query())


def heads(register: Register[Any, Any], told: Asked) -> Iterator[Head]:
    titles = {one.code: one.title for one in register.fields}
    orders = {one.code: one for one in register.orders}
    for code in register.columns:
        order = orders.get(code)
        if order is None:
            yield Head(code, titles[code])
            continue
        here = told.order is order
        turn = code if not here or told.turned else f"-{code}"
        way = ("descending" if told.descending else "ascending") if here else ""
        yield Head(code, titles[code], told.query(order=turn), way)


def lines(register: Register[Any, Any], viewer: Any, rows: list[Any]) -> Iterator[Line]:
    titles = {one.code: one.title for one in register.fields}
    register.look_ahead(rows, viewer)
    for row in rows:
        read = register.read(row, viewer)
        first, *others = register.columns
        cells = format_html_join(
            "",
            '<td data-label="{}"{}>{}</td>',
            (
                (titles[code], SHORT if len(read.get(code, "")) <= AT_ONCE_READ else "", made)
                for code in others
                for made in [register.cell(row, code, read.get(code, ""))]
            ),
        )
        yield Line(row, register.address(row, viewer), read.get(first) or register.name(row), cells)


def chips(told: Asked) -> Iterator[Chip]:
    if told.words:
        sealed = "s" in told.parameters()
        said = f"{told.words[:3]}****{told.words[-4:]}" if sealed else told.words
        yield Chip("查找", said, told.query(without="words"))
    for choice in told.choices:
        if choice.value:
            yield Chip(choice.filter.title, choice.said, told.query(without=choice.filter.code))
