"""OpenAPI 3.1 of the API, put together from the fields, filters and orders of what is registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nianlun.kernel.fields import Field
from nianlun.ui.registers.register import Register

ROOT = "/api/v1/c/{community}/"
WRITTEN_TYPES = {"integer": ["integer"], "decimal": ["number"], "yes_no": ["boolean"]}
PROBLEMS = {
    "401": "Not signed in",
    "403": "The post may not do this",
    "404": "No such record for this user",
    "422": "Something in the request is wrong or has to be confirmed",
}


def described(registers: Sequence[Register[Any, Any]]) -> dict[str, Any]:
    """The whole description, as JSON can hold it."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Errors": ERRORS, "Clash": CLASH}
    for one in registers:
        schemas[one.code] = _record(_values([_read(field) for field in one.fields]))
        schemas[f"{one.code}.list"] = _list(one.code)
        written = [field for field in one.fields if not field.read_only]
        needed = [field.code for field in written if field.required]
        schemas[f"{one.code}.new"] = _sent(_values([_written(field) for field in written], needed))
        changed = [field for field in written if field.code not in one.fixed]
        schemas[f"{one.code}.edit"] = _sent(_values([_written(field) for field in changed]), revision=True)
        paths[f"{ROOT}{one.code}/"] = _collection(one)
        paths[f"{ROOT}{one.code}/find/"] = _find(one)
        paths[f"{ROOT}{one.code}/{{id}}/"] = _one(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "年轮", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}},
        },
        "security": [{"session": []}],
    }


TEXT = {"type": "string"}
ERROR = {
    "type": "object",
    "required": ["code", "field", "message"],
    "properties": {"code": TEXT, "field": TEXT, "message": TEXT},
}
ERRORS = {"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": ERROR}}}
SIDE = {"type": "object", "additionalProperties": TEXT}
CLASH = {
    "type": "object",
    "required": ["errors", "revision", "mine", "theirs"],
    "properties": {**ERRORS["properties"], "revision": {"type": "integer"}, "mine": SIDE, "theirs": SIDE},  # type: ignore[dict-item]
}


def _read(field: Field) -> tuple[str, dict[str, Any]]:
    """A field of an answer: in words; secret ones masked."""
    return field.code, {"type": "string", "title": field.title, "readOnly": field.read_only}


def _written(field: Field) -> tuple[str, dict[str, Any]]:
    """A field of a request: words as a form takes them, or the JSON type of its kind; null empties it."""
    told: dict[str, Any] = {"type": [*WRITTEN_TYPES.get(field.kind, []), "string", "null"], "title": field.title}
    if field.help:
        told["description"] = field.help
    if field.kind == "choice":
        told["enum"] = [*field.choices, *field.choices.values(), None]
    if field.kind == "date":
        told["examples"] = ["2027-01-31"]
    if field.kind in {"text", "long_text"} and field.most:
        told["maxLength"] = field.most
    return field.code, told


def _values(fields: Sequence[tuple[str, dict[str, Any]]], required: Sequence[str] = ()) -> dict[str, Any]:
    found = {"type": "object", "additionalProperties": False, "properties": dict(fields)}
    return {**found, "required": list(required)} if required else found


def _record(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "revision", "values"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "revision": {"type": "integer"}, "values": values},
    }


def _list(code: str) -> dict[str, Any]:
    cursor = {"type": ["string", "null"]}
    counted = {"type": "object", "properties": {"count": {"type": "integer"}, "more": {"type": "boolean"}}}
    return {
        "type": "object",
        "required": ["rows", "total", "previous", "next"],
        "properties": {
            "rows": {"type": "array", "items": _ref(code)},
            "total": counted,
            "previous": cursor,
            "next": cursor,
        },
    }


def _sent(values: dict[str, Any], *, revision: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"values": values, "confirmed": {"type": "array", "items": TEXT}}
    if revision:
        found["revision"] = {"type": "integer"}
    return {"type": "object", "required": ["values", *(["revision"] if revision else [])], "properties": found}


def _collection(register: Register[Any, Any]) -> dict[str, Any]:
    orders = [sign + one.code for one in register.orders for sign in ("", "-")]
    query = [
        *(_parameter(one.code, "query", TEXT, one.title) for one in register.filters),
        _parameter("q", "query", TEXT),
        _parameter("order", "query", {"type": "string", "enum": orders}),
        _parameter("cursor", "query", TEXT),
        _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        _parameter("total", "query", {"type": "string", "enum": ["exact"]}),
    ]
    told: dict[str, Any] = {"parameters": [COMMUNITY]}
    told["get"] = _operation(register, "list", f"{register.title}：清单", {"200": f"{register.code}.list"}, query)
    if register.may_add:
        made = {"201": register.code}
        told["post"] = _operation(register, "add", f"{register.title}：新增", made, [KEY], f"{register.code}.new")
    return told


def _find(register: Register[Any, Any]) -> dict[str, Any]:
    """The list asked for by a body, for words that may not stand in an address."""
    told = _operation(register, "find", f"{register.title}：查找", {"200": f"{register.code}.list"}, [])
    filters = {"type": "object", "properties": {one.code: TEXT for one in register.filters}}
    body = {"q": TEXT, "filters": filters, "order": TEXT, "cursor": TEXT, "limit": {"type": "integer"}}
    told["requestBody"] = _json({"type": "object", "properties": body})
    return {"parameters": [COMMUNITY], "post": told}


def _one(register: Register[Any, Any]) -> dict[str, Any]:
    code = register.code
    edit = _operation(register, "change", f"{register.title}：修改", {"200": code}, [KEY], f"{code}.edit")
    edit["responses"]["409"] = {"description": "Changed since by somebody else", **_json(_ref("Clash"))}
    return {
        "parameters": [COMMUNITY, _parameter("id", "path", {"type": "string", "format": "uuid"})],
        "get": _operation(register, "get", f"{register.title}：一条", {"200": code}, []),
        "patch": edit,
    }


def _operation(
    register: Register[Any, Any],
    name: str,
    summary: str,
    answers: dict[str, str],
    parameters: list[dict[str, Any]],
    body: str = "",
) -> dict[str, Any]:
    responses = {status: {"description": "OK", **_json(_ref(schema))} for status, schema in answers.items()}
    problems = {status: {"description": told, **_json(_ref("Errors"))} for status, told in PROBLEMS.items()}
    found: dict[str, Any] = {
        "operationId": f"{register.code}_{name}",
        "summary": summary,
        "tags": [register.title],
        "parameters": parameters,
        "responses": {**responses, **problems},
    }
    if body:
        found["requestBody"] = {"required": True, **_json(_ref(body))}
    return found


def _parameter(name: str, place: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    told = {"name": name, "in": place, "required": place == "path", "schema": schema}
    return {**told, "description": description} if description else told


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


COMMUNITY = _parameter("community", "path", TEXT)
KEY = _parameter("Idempotency-Key", "header", {"type": "string", "format": "uuid"})
