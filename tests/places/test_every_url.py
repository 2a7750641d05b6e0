"""Every address of the product × every post, and strangers, neighbours, the closed out and the unknown.

To a stranger nothing exists (404), the wrong post is refused (403), who is not signed in is led to the sign-in. What
each address asks stands in every_url.yaml; an address that is not there fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from pytest_django import Settings

from nianlun.places.models import LOCAL_KINDS
from nianlun.places.policy import RIGHTS
from nianlun.ui.registers.register import Register, all_registers
from tests.places.every_url_world import FAR, HOME, OFFICE, VISITORS, Visitor, build, come

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALLOWED = frozenset({200, 204, 302, 304, 400, 405, 409, 422})  # with the right: whatever a page says to an empty form
LED_OUT, NOT_THERE, REFUSED = frozenset({302}), frozenset({404}), frozenset({403})
UNKNOWN = frozenset({401})  # programs are not led to a page
REFUSALS = (LED_OUT, NOT_THERE, REFUSED)
TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("every_url.yaml").read_text(encoding="utf-8"))
NEEDS: dict[str, dict[str, str]] = TABLE.pop("needs")
# What stands in addresses for words that are no records.
WORDS: dict[str, Any] = {
    "community": HOME, "subdistrict": OFFICE, "form": "xlsx", "secret": "x" * 56, "day": "2027-01-01", "year": 2027,
    "name": "春节", "what": "late", "kind": "resident", "field": "phone",
    "ledger": "hazard", "step": "notify", "part": "field", "which": "x_pz", "asked": "stand",
}  # fmt: skip

SINGULAR = {"bodies": "body"}


@dataclass(frozen=True)
class Asked:
    """One line of the table, for one register where it is of registers."""

    name: str
    right: str
    pk: str = ""
    within: str = ""
    method: str = ""
    body: Any = None
    also: tuple[int, ...] = ()
    register: str = ""
    kwargs: tuple[str, ...] = field(default=())
    post_only: bool = False


class Pattern(NamedTuple):
    namespace: str
    name: str
    kwargs: tuple[str, ...]
    view: Any


def patterns(within: Any = None, namespace: str = "", kwargs: tuple[str, ...] = ()) -> Iterator[Pattern]:
    """Every pattern of the resolver, with the words of its address."""
    for one in within or get_resolver().url_patterns:
        words = (*kwargs, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, one.namespace or namespace, words)
        else:
            yield Pattern(namespace, str(one.name), words, one.callback)


def takes_post_alone(view: Any) -> bool:
    """Whether a view is behind require_POST: the decorator keeps its list of methods."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            if cell.cell_contents == ["POST"]:
                return True
        view = getattr(view, "__wrapped__", None)
    return False


def registers() -> list[Register[Any, Any]]:
    """Those of this room; rooms whose registers are declared while the product runs walk them in tests of their own."""
    return [one for one in all_registers() if type(one).__module__.startswith("nianlun.places.")]


def lines() -> list[Asked]:
    """The table, joined to the addresses that there are; what it lacks, a test of its own tells."""
    made: list[Asked] = []
    for there in patterns():
        if (told := TABLE.get(there.namespace, {}).get(there.name)) is None:
            continue
        told = {"right": told} if isinstance(told, str) else dict(told)
        told["also"] = tuple(told.get("also", ()))
        post_only = takes_post_alone(there.view)
        line = Asked(f"{there.namespace}:{there.name}", kwargs=there.kwargs, post_only=post_only, **told)
        of_registers = "register" in there.kwargs or (there.namespace == "registers_api" and "code" in there.kwargs)
        of = [register for register in registers() if register.code in NEEDS] if of_registers else []
        made += [of_register(line, register) for register in of] or [line]
    return made


def of_register(line: Asked, register: Register[Any, Any]) -> Asked:
    """The line for one register; where records are not added by themselves, nobody has the right."""
    adds = line.name in {"registers:new", "registers_api:add"}
    right = "nobody" if adds and not register.may_add else NEEDS[register.code][line.right]
    return replace(line, register=register.code, right=right)


def address(line: Asked, world: dict[str, Any]) -> str:
    values: dict[str, Any] = {**WORDS, **{key: getattr(value, "pk", value) for key, value in world.items()}}
    values["pk"] = values.get(
        SINGULAR.get(line.register, line.register.removesuffix("s")) if line.pk == "record" else line.pk
    )
    if line.register:
        values |= {"register": line.register, "code": line.register, "run": world["runs"][line.register].pk}
    return reverse(line.name, kwargs={name: values[name] for name in line.kwargs})


def expected(line: Asked, visitor: Visitor) -> frozenset[int]:
    """What the visitor may be answered."""
    if line.right == "open":
        return ALLOWED | set(line.also)
    if visitor.kind is None:
        return UNKNOWN if line.name.startswith("registers_api:") else LED_OUT
    if line.right == "own":
        return NOT_THERE
    if line.right == "signed_in":
        return ALLOWED | set(line.also)
    rights = RIGHTS[visitor.kind]
    within = line.within or next((place for place in ("community", "subdistrict") if place in line.kwargs), "")
    if (visitor.place not in {HOME, OFFICE}) and within == "community":
        return NOT_THERE
    if within == "subdistrict" and visitor.place != OFFICE:  # the office is not of any one community
        return NOT_THERE if visitor.place == FAR else REFUSED
    if within == "office" and visitor.kind in LOCAL_KINDS:
        return REFUSED
    if any(all(right in rights for right in both.split("+")) for both in line.right.split(" or ")):
        return ALLOWED | set(line.also)
    return NOT_THERE if within == "community" and "see" not in rights else REFUSED


def ask(client: Client, line: Asked, where: str, method: str) -> HttpResponseBase:
    """One request, whose effects are taken back."""
    body = "" if line.body is None else json.dumps(line.body)
    kind = "application/json" if body else "application/x-www-form-urlencoded"
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, where, body, content_type=kind)
        if isinstance(answer, StreamingHttpResponse):
            answer.getvalue()  # read to its end, which closes the file behind it
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def test_every_address_is_in_the_table_and_every_line_is_an_address() -> None:
    there = {(one.namespace, one.name) for one in patterns()}
    told = {(namespace, name) for namespace, names in TABLE.items() for name in names}
    assert sorted(there - told) == [] and sorted(told - there) == []
    assert sorted(register.code for register in registers()) == sorted(NEEDS)


@pytest.mark.parametrize("visitors", [VISITORS[::2], VISITORS[1::2]], ids=["some", "others"])  # they share a world
def test_everybody_finds_what_their_post_gives_and_nothing_else(
    visitors: tuple[Visitor, ...], tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    world, asked = build(), lines()
    wrong = [said for visitor in visitors for said in wrongs(visitor, come(visitor, world), asked, world)]
    assert not wrong, "\n".join(wrong)


def wrongs(visitor: Visitor, client: Client, asked: list[Asked], world: dict[str, Any]) -> Iterator[str]:
    """What the visitor is answered that their post does not give."""
    for line in asked:
        where = address(line, world)
        may = expected(line, visitor)
        methods = [line.method or ("POST" if line.post_only else "GET")]
        if methods == ["GET"] and may in REFUSALS and not line.name.startswith("registers_api:"):
            methods.append("POST")  # a page that is refused takes no form either
        for method in methods:
            answer = ask(client, line, where, method)
            led_out = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
            good = answer.status_code in may and led_out is (may == LED_OUT)
            if not good and not (method == "POST" and answer.status_code == 405):
                yield f"{visitor.name}: {method} {where} ({line.name}): {answer.status_code}, not {sorted(may)}"
