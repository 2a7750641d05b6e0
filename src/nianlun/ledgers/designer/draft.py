"""A version as its page shows it: what it holds, what is wrong and where, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.faults import Fault, Found
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.overlay import PREFIX, Overlay, laid_over
from nianlun.ledgers.designer.checking import (
    Checked,
    base_of,
    before_fields,
    check_draft,
    codes_elsewhere,
    published_before,
)
from nianlun.ledgers.designer.document import Document, read_document
from nianlun.ledgers.designer.forms import KINDS, WHO
from nianlun.ledgers.designer.owner import Owner
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.ledgers.rules.flow import groups_of_steps

OF_EXAMPLES = frozenset({Fault.BAD_EXAMPLE, Fault.GOOD_BAD_EXAMPLE})
KIND = LedgerVersion.Kind


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault as the page tells it; `part` and `which` name the part that it stands in, empty: only the text does."""

    found: Found
    part: str = ""
    which: str = ""
    address: str = ""  # of the form that mends it

    @property
    def number(self) -> str:
        return self.found.fault.number

    @property
    def line(self) -> int:
        return self.found.line

    @property
    def cause(self) -> str:
        return self.found.fault.cause.format(what=self.found.what, why=self.found.why)

    @property
    def remedy(self) -> str:
        return self.found.fault.remedy.format(what=self.found.what, why=self.found.why)


@dataclass(frozen=True, slots=True)
class Part:
    """A field, state, step or point as a row of a table."""

    code: str
    data: Mapping[str, Any]
    wrong: list[Wrong]
    published: bool
    words: Mapping[str, str]
    addresses: Mapping[str, str]

    @property
    def title(self) -> str:
        return str(self.data.get("title") or self.code)

    @property
    def retired(self) -> bool:
        return self.data.get("retired") is True


@dataclass
class Draft:
    """Made for each request."""

    owner: Owner
    version: LedgerVersion

    @property
    def is_draft(self) -> bool:
        return self.version.standing == Standing.DRAFT

    @property
    def kind(self) -> str:
        return self.version.kind

    @cached_property
    def document(self) -> Document:
        return read_document(self.version.words)

    @cached_property
    def formable(self) -> bool:
        """Whether what is written has the shape that forms need; else only the text can mend it."""
        of_kind: dict[str, type[Ledger | Overlay | Checklist]] = {
            KIND.LEDGER: Ledger, KIND.OVERLAY: Overlay, KIND.CHECKLIST: Checklist,
        }  # fmt: skip
        model = of_kind[self.kind]
        examples = {"examples": [{}], "bad_examples": [{"values": {}, "refused": ""}]} if model is Ledger else {}
        try:
            model.model_validate({**self.document.data, **examples})
        except ValidationError:
            return False
        return True

    @cached_property
    def checked(self) -> Checked:
        """What was published was checked then, beside what held then."""
        return check_draft(self.owner, self.version) if self.is_draft else Checked()

    @cached_property
    def wrong(self) -> list[Wrong]:
        return [self._wrong(found, *self.document.place_of(found.line)) for found in self.checked.found]

    def _wrong(self, found: Found, part: str, which: str) -> Wrong:
        if not (self.formable and which):
            return Wrong(found, part, which)
        return Wrong(found, part, which, self.owner.address("change", self.version.pk, part, which))

    @property
    def only_examples_wrong(self) -> bool:
        return bool(self.wrong) and all(one.found.fault in OF_EXAMPLES for one in self.wrong)

    @cached_property
    def before(self) -> LedgerVersion | None:
        return published_before(self.owner, self.version)

    @cached_property
    def base(self) -> Ledger | None:
        """Of an overlay."""
        return base_of(self.owner, self.version.code) if self.kind == KIND.OVERLAY else None

    @cached_property
    def published(self) -> dict[str, frozenset[str]]:
        """Codes of parts that entries may hold, by kind of part."""
        before = self.before
        if before is None or before.kind == KIND.CHECKLIST:
            return {}
        found = {"field": frozenset(field.code for field in before_fields(before))}
        if before.kind == KIND.LEDGER:
            found["state"] = frozenset(catalogue.ledger_of(before.pk).flow.states)
        return found

    def published_part(self, kind: str, code: str) -> Mapping[str, Any] | None:
        """A field as it was published."""
        field = next((one for one in before_fields(self.before) if one.code == code), None) if kind == "field" else None
        return field.model_dump() if field else None

    # Rows
    @property
    def fields(self) -> list[Part]:
        data = self.document.data
        return [
            self._part("field", code, one, {
                "kind": KINDS.get(str(one.get("kind")), "表格"),
                "list": "是" if code in data.get("columns", []) else "",
                "filter": "是" if code in data.get("filters", []) else "", "must": _must(one),
            })
            for code, one in self.document.parts("field").items()
        ]  # fmt: skip

    @property
    def states(self) -> list[Part]:
        return [
            self._part("state", code, one, {"limit": _limit(one)}) for code, one in self.document.parts("state").items()
        ]

    @property
    def steps(self) -> list[Part]:
        states, fields = self.state_titles, self.field_titles
        return [
            self._part("step", code, one, {
                "source": "、".join(states.get(str(state), str(state)) for state in one.get("source", [])),
                "target": states.get(str(one.get("target")), ""),
                "who": "、".join(WHO.get(str(post), str(post)) for post in one.get("who", [])),
                "needs": "、".join(fields.get(str(field), str(field)) for field in one.get("needs", [])),
                "asks": "；".join(_asks(one)),
            })
            for code, one in self.document.parts("step").items()
        ]  # fmt: skip

    @property
    def points(self) -> list[Part]:
        return [self._part("point", code, one, {}) for code, one in self.document.parts("point").items()]

    def _part(self, kind: str, code: str, data: Mapping[str, Any], words: Mapping[str, str]) -> Part:
        wrong = [one for one in self.wrong if (one.part, one.which) == (kind, code)]
        addresses = {name: self.owner.address(name, self.version.pk, kind, code) for name in ("change", "move", "drop")}
        return Part(code, data, wrong, code in self.published.get(kind, ()), words, addresses)

    @property
    def examples(self) -> int:
        there = self.document.data.get("examples")
        return len(there) if isinstance(there, list) else 0

    # What forms offer
    @property
    def state_titles(self) -> dict[str, str]:
        return {code: str(one.get("title") or code) for code, one in self.document.parts("state").items()}

    @property
    def field_titles(self) -> dict[str, str]:
        return {code: str(one.get("title") or code) for code, one in self.document.parts("field").items()}

    def titles_of(self, kinds: frozenset[str]) -> dict[str, str]:
        there = self.document.parts("field").items()
        return {code: str(one.get("title") or code) for code, one in there if one.get("kind") in kinds}

    @property
    def groups(self) -> list[str]:
        """Headings that a field may stand under: of an overlay not those that only steps ask for."""
        own = [str(one.get("group") or "") for kind in ("field", "point") for one in self.document.parts(kind).values()]
        there = (
            []
            if self.base is None
            else [one.group for one in self.base.fields if one.group not in groups_of_steps(self.base)]
        )
        return [group for group in dict.fromkeys([*there, *own]) if group]

    @property
    def prefix(self) -> str:
        return PREFIX if self.kind == KIND.OVERLAY else ""

    def taken(self, part: str) -> frozenset[str]:
        """Codes that a new part may not have."""
        found = set(self.document.parts(part))
        if part == "field" and self.base is not None:
            found |= {field.code for field in self.base.fields} | set(codes_elsewhere(self.owner, self.version.code))
        return frozenset(found)

    # Preview
    @cached_property
    def whole(self) -> Ledger | None:
        """The ledger as its form would be; None where more than its examples is wrong."""
        declared = self.checked.declared
        if not self.is_draft:
            if self.kind == KIND.OVERLAY and self.base is not None:
                return laid_over(self.base, catalogue.overlay_of(self.version.pk))
            return catalogue.ledger_of(self.version.pk) if self.kind == KIND.LEDGER else None
        if isinstance(declared, Overlay) and self.base is not None:
            return laid_over(self.base, declared)
        if isinstance(declared, Ledger):
            return declared
        if self.only_examples_wrong and self.kind == KIND.LEDGER:
            return Ledger.model_validate(self.document.data)
        return None


def _must(field: Mapping[str, Any]) -> str:
    if field.get("required") is True:
        return "必填"
    return "有时必填" if field.get("required_if") else ""


def _limit(state: Mapping[str, Any]) -> str:
    limit = state.get("limit")
    if not isinstance(limit, dict) or "days" not in limit:
        return ""
    said = f"{limit['days']} {'个工作日' if limit.get('working') else '天'}"
    return f"{said}，过了{'上报街道' if limit.get('then') == 'escalate' else '提醒'}"


def _asks(step: Mapping[str, Any]) -> Iterator[str]:
    if step.get("second_person") is True:
        yield "经办人不能自己办"
    if isinstance(step.get("approvals"), int) and step["approvals"] > 1:
        yield f"{step['approvals']} 人同意"
    if step.get("note") == "must":
        yield "要写说明"
    if step.get("paper"):
        yield "出具文书"
