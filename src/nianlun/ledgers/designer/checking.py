"""Whether a draft can be published: what holds of every declaration, and what holds of one made in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.check_follow_ons import check_follow_ons
from nianlun.ledgers.declarations.checklist import Checklist, read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault, Found
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.overlay import Overlay, read_overlay
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.ledgers.declarations.shipped import POSTS
from nianlun.ledgers.declarations.source import Path, Source, read_source
from nianlun.ledgers.declarations.versions import check_successor
from nianlun.ledgers.designer.codes import TAKEN_NAMES, is_reserved
from nianlun.ledgers.designer.owner import Owner
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.lines import LINE_TITLES

FILE = "草稿"
MOST_FIELDS, MOST_CHOICES, MOST_STATES, MOST_STEPS = 80, 60, 20, 40
GROUP_REPEATED = re.compile(r"\)[*+{]")
ENDLESS = re.compile(r"[*+]|\{\d*,\}")
Declared = Ledger | Overlay | Checklist


@dataclass(slots=True)
class Checked:
    """What was found; `declared` is there where nothing was."""

    found: list[Found] = field(default_factory=list)
    declared: Declared | None = None


def check_draft(owner: Owner, draft: LedgerVersion, words: str | None = None) -> Checked:
    """A draft as it stands, or with other words, beside everything that holds at its owner's."""
    said = draft.words if words is None else words
    try:
        source = read_source(said, FILE)
        if heavy := list(_heavy_patterns(source.data, ())):  # before any example is matched against them
            return Checked([Found(Fault.HEAVY_PATTERN, FILE, source.line_of(path), what) for path, what in heavy])
        declared = _read(owner, draft, said)
        _check_itself(owner, draft, declared, source)
    except BadDeclaration as error:
        return Checked(error.found)
    if source.found:
        return Checked(sorted(source.found, key=lambda one: one.line))
    return Checked([], declared)


def base_of(owner: Owner, code: str) -> Ledger | None:
    """The ledger that an overlay of the owner's is laid on: for a community with what its subdistrict adds."""
    held = owner.ledgers.get(code)
    if held is None:
        return None
    return catalogue.held(held.version_id, None, held.above_id if owner.community else None).ledger


def opened_by(owner: Owner, code: str) -> list[str]:
    """Titles of the ledgers whose entries open one of this ledger by themselves."""
    return [
        held.ledger.title
        for held in owner.ledgers.values()
        if any(follow.automatic and follow.opens == code for follow in held.ledger.follow_ons)
    ]


def published_before(owner: Owner, draft: LedgerVersion) -> LedgerVersion | None:
    """The version that the draft follows, retired or not."""
    before = owner.versions().filter(kind=draft.kind, code=draft.code, version__lt=draft.version)
    return before.exclude(standing=Standing.DRAFT).order_by("-version").first()


def _read(owner: Owner, draft: LedgerVersion, words: str) -> Declared:
    match draft.kind:
        case LedgerVersion.Kind.CHECKLIST:
            return read_checklist(words, FILE, frozenset(LINE_TITLES))
        case LedgerVersion.Kind.OVERLAY:
            base = base_of(owner, draft.code)
            if base is None:
                raise BadDeclaration([Found(Fault.UNKNOWN_LEDGER, FILE, 1, draft.code)])
            return read_overlay(words, FILE, base, opened_by(owner, draft.code))
    return read_ledger(words, FILE, Known(POSTS, LINE_TITLES, frozenset({*owner.ledgers, draft.code})))


def _heavy_patterns(data: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Regular expressions that could take for ever, wherever they stand: where, and of which field."""
    if isinstance(data, dict):
        said = data.get("pattern")
        if isinstance(said, str) and (GROUP_REPEATED.search(said) or len(ENDLESS.findall(said)) > 2):
            yield (*path, "pattern"), str(data.get("title") or data.get("code") or "")
        for key, part in data.items():
            yield from _heavy_patterns(part, (*path, str(key)))
    elif isinstance(data, list):
        for place, part in enumerate(data):
            yield from _heavy_patterns(part, (*path, place))


def _check_itself(owner: Owner, draft: LedgerVersion, declared: Declared, source: Source) -> None:
    first = {Ledger: "ledger", Overlay: "overlay", Checklist: "checklist"}[type(declared)]
    code = str(getattr(declared, first))
    if code != draft.code:
        source.fault(Fault.OTHER_CODE, (first,), code, draft.code)
    if declared.version != draft.version:
        source.fault(Fault.OTHER_VERSION, ("version",), str(declared.version), str(draft.version))
    match declared:
        case Ledger():
            _check_ledger(owner, draft, declared, source)
        case Overlay():
            _check_overlay(owner, draft, declared, source)
        case Checklist():
            _check_checklist(owner, draft, declared, source)


def _check_ledger(owner: Owner, draft: LedgerVersion, ledger: Ledger, source: Source) -> None:
    there = {code: held.ledger for code, held in owner.ledgers.items()}
    check_follow_ons(ledger, {**there, ledger.ledger: ledger}, source)
    if by := why_taken(owner, draft):
        source.fault(Fault.CODE_TAKEN, ("ledger",), ledger.ledger, by)
    if any(one.title == ledger.title for code, one in there.items() if code != ledger.ledger):
        source.fault(Fault.TITLE_TAKEN, ("title",), ledger.title)
    _check_fields(owner, ledger.fields, source)
    _check_added(owner, ledger.ledger, ledger.fields, source)
    for key, most, title, there_are in (
        ("fields", MOST_FIELDS, "字段", ledger.fields), ("flow", MOST_STATES, "状态", ledger.flow.states),
        ("flow", MOST_STEPS, "步骤", ledger.flow.steps),
    ):  # fmt: skip
        if len(there_are) > most:
            source.fault(Fault.TOO_MANY, (key,), title, str(most))
    if opening := opened_by(owner, ledger.ledger):
        before = published_before(owner, draft)
        known = {one.code for one in before_fields(before)} if before else set()
        for place, one in enumerate(ledger.fields):
            if one.code not in known and one.required and one.default is None and one.kind != "computed":
                source.fault(Fault.OPENED_WITHOUT, ("fields", place), one.title, "、".join(opening))
    if before := published_before(owner, draft):
        check_successor(catalogue.ledger_of(before.pk), ledger, source)


def _check_overlay(owner: Owner, draft: LedgerVersion, overlay: Overlay, source: Source) -> None:
    _check_fields(owner, overlay.fields, source)
    _check_added(owner, draft.code, overlay.fields, source)
    if before := published_before(owner, draft):
        base = base_of(owner, draft.code)
        if base is not None:
            earlier, later = (
                base.model_copy(update={"fields": list(one.fields)})
                for one in (catalogue.overlay_of(before.pk), overlay)
            )
            check_successor(earlier, later, source)


def _check_checklist(owner: Owner, draft: LedgerVersion, checklist: Checklist, source: Source) -> None:
    if by := why_taken(owner, draft):
        source.fault(Fault.CODE_TAKEN, ("checklist",), checklist.checklist, by)
    there = catalogue.checklists_of(owner.subdistrict.pk, owner.community_id)
    if any(one.title == checklist.title for code, one in there.items() if code != checklist.checklist):
        source.fault(Fault.TITLE_TAKEN, ("title",), checklist.title)


def _check_fields(owner: Owner, fields: list[FieldSpec], source: Source) -> None:
    for place, one in enumerate(fields):
        here: Path = ("fields", place)
        if one.code in TAKEN_NAMES and one.kind != "computed":  # which no form sends
            source.fault(Fault.TAKEN_NAME, (*here, "code"), one.code)
        if one.checklist and one.checklist not in owner.checklists:
            source.fault(Fault.NO_SUCH_CHECKLIST, (*here, "checklist"), one.checklist)
        for spec in (one, *one.columns):
            if len(spec.choices) > MOST_CHOICES:
                source.fault(Fault.TOO_MANY, (*here, "choices"), f"{spec.title}的选项", str(MOST_CHOICES))


def _check_added(owner: Owner, ledger: str, fields: list[FieldSpec], source: Source) -> None:
    """No field has a code that others have added to the ledger."""
    elsewhere = codes_elsewhere(owner, ledger)
    for place, one in enumerate(fields):
        if one.code in elsewhere:
            source.fault(Fault.CODE_TAKEN, ("fields", place, "code"), one.code, elsewhere[one.code])


def before_fields(before: LedgerVersion | None) -> list[FieldSpec]:
    """The fields that a published ledger or overlay has; entries may hold them."""
    match before:
        case None:
            return []
        case LedgerVersion(kind=LedgerVersion.Kind.OVERLAY):
            return catalogue.overlay_of(before.pk).fields
        case LedgerVersion(kind=LedgerVersion.Kind.LEDGER):
            return catalogue.ledger_of(before.pk).fields
    return []


def why_taken(owner: Owner, draft: LedgerVersion) -> str:
    """What has the code of a ledger or a checklist already, within the subdistrict or the product; empty: nothing."""
    if draft.kind == LedgerVersion.Kind.LEDGER and is_reserved(draft.code):
        return "系统的页面"
    versions = LedgerVersion.objects.filter(kind=draft.kind, code=draft.code).exclude(standing=Standing.DRAFT)
    if versions.filter(subdistrict=None).exists():
        return "系统自带的"
    others = versions.filter(subdistrict=owner.subdistrict).select_related("community", "subdistrict")
    for other in others:
        if other.community_id != owner.community_id:
            return other.community.name if other.community else str(other.subdistrict)
    return ""


def codes_elsewhere(owner: Owner, ledger: str) -> dict[str, str]:
    """Codes that others of the subdistrict have added to the ledger where this owner's fields hold too, and who did.

    A subdistrict's hold in all its communities; two communities do not see each other's.
    """
    laid = LedgerVersion.objects.filter(
        kind=LedgerVersion.Kind.OVERLAY, code=ledger, subdistrict=owner.subdistrict
    ).exclude(standing=Standing.DRAFT).exclude(community=owner.community)  # fmt: skip
    if owner.community is not None:
        laid = laid.filter(community=None)
    found: dict[str, str] = {}
    for version in laid.select_related("community", "subdistrict"):
        by = version.community.name if version.community else str(version.subdistrict)
        found.update({field.code: by for field in catalogue.overlay_of(version.pk).fields})
    return found
