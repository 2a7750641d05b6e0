"""What the registers of grids, estates, buildings and rooms have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from nianlun.kernel import audit
from nianlun.kernel.fields import Checked, Field, check, show
from nianlun.places.actions.ground import Act, Write
from nianlun.places.models import Building, Estate, Grid, Room
from nianlun.places.policy import May
from nianlun.places.rules.codes import CodeError, check_code, free_code
from nianlun.places.search.index import unindex
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Need, Register

Row = TypeVar("Row", bound=Model)
Place = TypeVar("Place", bound=Grid | Estate | Building | Room)

NEEDS = {
    Need.SEE: (May.GROUND,),
    Need.EDIT: (May.GROUND_EDIT,),
    Need.SHEETS_IN: (May.GROUND_EDIT, May.SHEETS_IN),
    Need.SHEETS_OUT: (May.GROUND, May.SHEETS_OUT),
}
CODE = Field("code", "代码", most=40, help="留空则自动生成。保存后不再改变。", aliases=("编码", "编号"))
INITIALS = Field("initials", "拼音首字母", most=60, help="留空则按名称生成，查找时用；读音不对可以改。")
IN_USE, NO_MORE = "在用", "已停用"


class CommunityRegister(Register[Row, CommunityViewer]):
    """A register that is seen and written by right over the whole community."""

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> CommunityViewer:
        first, *others = NEEDS[need]
        viewer = CommunityViewer.of(request, place_code, first)
        for may in others:
            viewer = CommunityViewer.of(request, place_code, may)
        return viewer

    def may(self, viewer: CommunityViewer, need: Need, row: Row | None = None) -> bool:
        return all(viewer.policy.allows(may, viewer.community) for may in NEEDS[need])


class GroundRegister(CommunityRegister[Place]):
    """A register of places."""

    hanging: ClassVar[tuple[str, ...]]  # names by which other records hang on one, for which it is not withdrawn
    told_fixed: ClassVar[Mapping[str, str]] = {}  # what to do instead of changing a fixed field, by its code

    def act(self, viewer: CommunityViewer, source: str) -> Act:
        return Act(viewer.user, viewer.community, source)

    def here(self, viewer: CommunityViewer) -> QuerySet[Place]:
        """The community's records, for this viewer."""
        rows: QuerySet[Any] = self.model._default_manager.filter(community=viewer.community)
        return viewer.policy.rows(rows, May.GROUND)

    def taken(self, viewer: CommunityViewer) -> set[str]:
        """Codes that are somebody's in the subdistrict, in small letters."""
        rows: QuerySet[Any] = self.model._default_manager.filter(subdistrict_id=viewer.community.subdistrict_id)
        return {code.lower() for code in rows.values_list("code", flat=True)}

    def first_look(self, raw: Mapping[str, str], known: Place | None, viewer: CommunityViewer) -> Checked:
        """Each field by itself; a fixed one of a known record may come back as it is and not otherwise."""
        fixed = [one for one in self.fields if known is not None and one.code in self.fixed]
        codes = {one.code for one in fixed}
        checked = check([one for one in self.fields if one.code not in codes], raw, partial=known is not None)
        stands = self.read(known, viewer) if known is not None and codes & raw.keys() else {}
        for one in fixed:
            written = raw.get(one.code, "").strip()
            if written and written != stands.get(one.code, written):
                hint = self.told_fixed.get(one.code, "如确实登记错了，请停用后重新登记。")
                checked.errors[one.code] = f"{one.title}定了不再改（现为“{stands[one.code]}”）。{hint}"
        return checked

    def give_code(self, checked: Checked, known: Place | None, wanted: str, taken: set[str]) -> None:
        """A new record's code: as written, if nobody has it, else one that is made of its name."""
        if known is not None or "code" in checked.errors:
            checked.values.pop("code", None)
            return
        written = checked.values.get("code")
        if written is None:
            code = free_code(wanted, taken)
        else:
            try:
                code = check_code(str(written))
            except CodeError as error:
                checked.errors["code"] = str(error)
                return
            if code.lower() in taken:
                checked.errors["code"] = f"代码“{code}”已被使用，请换一个，或留空自动生成。"
                return
        checked.values["code"] = code
        taken.add(code.lower())

    def writes(self, drafts: Sequence[Draft[Place]]) -> list[Write[Place]]:
        """The drafts by the model's columns; what was emptied gets the column's own emptiness."""
        columns = {one.name: one for one in self.model._meta.concrete_fields}
        return [
            Write(
                {
                    code: columns[code].get_default() if value is None and not columns[code].null else value
                    for code, value in draft.checked.values.items()
                    if code in columns
                },
                draft.known,
                draft.revision,
            )
            for draft in drafts
        ]

    @transaction.atomic
    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Place]:
        rows = self.here(viewer).select_for_update(of=("self",)).filter(pk__in=made)
        hung = {name: Exists(_hanging(self.model, name)) for name in self.hanging}
        staying: list[Place] = []
        gone: list[Place] = []
        for row in rows.annotate(**{f"has_{name}": there for name, there in hung.items()}):
            kept = row.revision != made[row.pk] or any(getattr(row, f"has_{name}") for name in hung)
            (staying if kept else gone).append(row)
        told = [(row.pk, {"community": viewer.place_code, "source": source, "name": self.name(row)}) for row in gone]
        audit.record_many(
            f"{self.kind}.withdrawn", told, actor_id=viewer.user_id, kind=self.kind, subdistrict_id=viewer.tenant_id
        )
        unindex(self.kind, [row.pk for row in gone])
        self.model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
        return staying

    def told(self, row: Place, **others: str) -> dict[str, str]:
        """The fields that are columns, in words, with others beside them, in the fields' order."""
        words = {one.code: others[one.code] if one.code in others else _word(row, one) for one in self.fields}
        return words


def _word(row: Any, one: Field) -> str:
    return show(getattr(row, one.code), one)


def _hanging(model: type[Any], name: str) -> QuerySet[Any]:
    """The records that hang on one of the outer query."""
    relation = model._meta.get_field(name)
    rows: QuerySet[Any] = relation.related_model._default_manager.all()
    return rows.filter(**{relation.remote_field.name: OuterRef("pk")})


def counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of these there are for each record of the outer query; `by` names the column that points at it."""
    numbers = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def by_words(records: Iterable[Any], key: Any) -> dict[str, Any]:
    """Records by their name, as `key` spells it, and by their code; a name that several have means none of them."""
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for record in records:
        said = key(record.name)
        if said in found:
            twice.add(said)
        found[said] = record
    for said in twice:
        del found[said]
    return found | {key(record.code): record for record in records}
