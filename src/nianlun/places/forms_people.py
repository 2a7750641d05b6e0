"""Forms of people's lives: moving, dying, splitting and joining households, tags, relationships."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django import forms

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Household, Resident
from nianlun.places.policy import May
from nianlun.places.registers.doors import Doors, NoDoor, Written
from nianlun.places.registers.homes import Home, Homes, NoHome
from nianlun.places.registers.resident_filters import seen_tags
from nianlun.places.rules.relations import HEAD, KINDS, OTHER, RELATIONS
from nianlun.places.rules.tags import PURPOSE_MOST
from nianlun.places.search.described import address_of
from nianlun.places.viewing import CommunityViewer

RELATION_CHOICES = [(one, one) for one in RELATIONS]


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请填日期，如 2027-01-31。"}, **more,
    )  # fmt: skip


class OutForm(forms.Form):
    on = day_field("迁出日期", initial=today, help_text="从这一天起不住在这里。")
    where = forms.CharField(label="迁往哪里", max_length=100, required=False, help_text="写到城市或街道即可。")


class DiedForm(forms.Form):
    on = day_field("去世日期", initial=today)


class DoorForm(forms.Form):
    """A door of the community and a household behind it, found like those of a sheet."""

    building = forms.ChoiceField(label="楼栋")
    unit = forms.CharField(label="单元", max_length=20, required=False, help_text="只有一个单元就不用填。")
    room = forms.CharField(label="户室", max_length=20)
    household = forms.CharField(
        label="户编号", max_length=40, required=False, help_text="这间户室住着几户时才填；没有户的会新建一户。"
    )
    relation = forms.ChoiceField(label="与户主关系", choices=RELATION_CHOICES, initial=OTHER)
    on = day_field("从哪天起", initial=today)
    home: Home

    def __init__(self, *args: Any, viewer: CommunityViewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        rows = Building.objects.filter(community=viewer.community, retired_on=None)
        reach = viewer.policy.rows(rows, May.PEOPLE_EDIT).order_by("code").values_list("code", "estate__name", "name")
        choices = [("", "请选择"), *((code, f"{estate}{name}") for code, estate, name in reach)]
        cast(forms.ChoiceField, self.fields["building"]).choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("building") or not given.get("room"):
            return given
        said = Written("", given["building"], given.get("unit", ""), given["room"])
        door = Doors(self.viewer.community).find([said])[said]
        if isinstance(door, NoDoor):
            self.add_error(door.field if door.field in self.fields else "building", door.message)
            return given
        home = Homes(self.viewer.community, [door], [given.get("household", "")]).find(door, given.get("household", ""))
        if isinstance(home, NoHome):
            self.add_error("household", home.message)
            return given
        if home.head and given.get("relation") == HEAD:
            self.add_error("relation", "这一户已有户主。要换户主，请到户的页面点“变更户主”。")
        self.home = home
        return given


class TakeOverForm(DoorForm):
    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(
        label="证件号码", max_length=30, widget=forms.TextInput({"autocomplete": "off"}),
        help_text="姓名和证件号码都要与原社区登记的完全一致。",
    )  # fmt: skip
    field_order = ("name", "id_number", "building", "unit", "room", "household", "relation", "on")


class BirthForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=60, help_text="还没取名可以写“张某之子”，以后再改。")
    sex = forms.ChoiceField(label="性别", choices=[("male", "男"), ("female", "女")])
    born_on = day_field("出生日期", initial=today)
    relation = forms.ChoiceField(label="与户主关系", choices=[one for one in RELATION_CHOICES if one[0] != HEAD])


class HouseholdField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Households by where they live, their head and their code."""

    def label_from_instance(self, obj: Household) -> str:
        head = f"{obj.head.name}户" if obj.head else "无户主"
        return f"{address_of(obj.building, obj.room)} {head}（{obj.code}）".strip()


class MembersForm(forms.Form):
    """For each member of a household a choice of what they are to a head; subclasses say of which."""

    def __init__(self, *args: Any, members: list[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            self.fields[f"relation-{one.pk}"] = self.member_field(one)

    def member_field(self, one: Resident) -> forms.ChoiceField:
        return forms.ChoiceField(label=one.name, choices=RELATION_CHOICES, initial=OTHER)

    def relations(self) -> dict[UUID, str]:
        given = {one.pk: self.cleaned_data.get(f"relation-{one.pk}", "") for one in self.members}
        return {pk: relation for pk, relation in given.items() if relation}

    def member_fields(self) -> list[forms.BoundField]:
        return [self[f"relation-{one.pk}"] for one in self.members]


class SplitForm(MembersForm):
    """Who goes, and what they are to the head of the new household; the others stay."""

    on = day_field("从哪天起", initial=today)

    def member_field(self, one: Resident) -> forms.ChoiceField:
        choices = [("", "留在原户"), *((relation, f"分出，是新户的{relation}") for relation in RELATIONS)]
        return forms.ChoiceField(label=f"{one.name}（{one.relation or '关系未登记'}）", choices=choices, required=False)


class JoinForm(MembersForm):
    """Into which household, and what each is to its head."""

    into = HouseholdField(label="并入哪一户", queryset=Household.objects.none(), empty_label="请选择")
    on = day_field("从哪天起", initial=today)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(HouseholdField, self.fields["into"]).queryset = others


class HeadForm(MembersForm):
    """Who is the head, and what each of the others is to them."""

    head = forms.ChoiceField(label="新户主")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "请选择"), *((str(one.pk), one.name) for one in self.members)]
        cast(forms.ChoiceField, self.fields["head"]).choices = choices

    def member_field(self, one: Resident) -> forms.ChoiceField:
        now = one.relation if one.relation in RELATIONS and one.relation != HEAD else OTHER
        choices = [pair for pair in RELATION_CHOICES if pair[0] != HEAD]
        return forms.ChoiceField(label=f"{one.name}与新户主的关系", choices=choices, initial=now, required=False)


class TagForm(forms.Form):
    """A tag that the viewer's lines show; what it asks is checked by the action."""

    code = forms.ChoiceField(label="标签")
    purpose = forms.CharField(label="用途", max_length=PURPOSE_MOST, required=False)
    consent_on = day_field("同意日期", required=False)
    consent_how = forms.CharField(
        label="同意方式", max_length=60, required=False, help_text="如：书面；口头，由王五见证；监护人书面。"
    )
    ends_on = day_field("到期日", required=False, help_text="敏感标签最长一年，到期可凭新的同意续期。")

    def __init__(self, *args: Any, viewer: CommunityViewer, lines: frozenset[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = [tag for tag in seen_tags(viewer) if not tag.band and (lines is None or tag.line in lines)]
        plain = [(tag.code, f"{tag.title}：{tag.help}") for tag in tags if not tag.special]
        special = [(tag.code, f"{tag.title}：{tag.help}") for tag in tags if tag.special]
        cast(forms.ChoiceField, self.fields["code"]).choices = [
            ("", "请选择"), ("一般标签", plain), ("敏感标签（要写用途、同意和到期日）", special)
        ]  # fmt: skip


class RenewForm(forms.Form):
    consent_on = day_field("同意日期", initial=today)
    consent_how = forms.CharField(label="同意方式", max_length=60)
    ends_on = day_field("到期日", initial=lambda: today() + timedelta(days=365))


class RelateForm(forms.Form):
    """What another resident is to this one; found by their name first, then chosen."""

    kind = forms.ChoiceField(label="关系", choices=[(kind.code, kind.title) for kind in KINDS.values()])
    name = forms.CharField(label="对方姓名", max_length=60)
    starts_on = day_field("从哪天起", required=False, initial=today)
    ends_on = day_field("到哪天止", required=False, help_text="没有期限就不填。")
