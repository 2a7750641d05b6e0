"""Writing what was checked: all or none, with what changed in the log, and what a sheet made taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.models import Community, Findable, Household, Residence, Resident, ResidentTag
from tests.places.people import make
from tests.places.people.make import REGISTER, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return make.ground()


def edit(here: Community, one: Resident, **fields: str) -> Resident:
    seen = make.viewer(here)
    row = REGISTER.rows(seen).get(pk=one.pk)
    draft = REGISTER.check([fields], seen, [row])[0]
    assert draft.checked.good, draft.checked.errors
    return REGISTER.save([draft], seen, source="form")[0]


def test_secret_values_are_sealed_and_found_by_digest(here: Community) -> None:
    number = make.id_number()
    one = make.resident(here, id_number=number, phone="138 0013 8000")
    one.refresh_from_db()
    assert unseal(one.id_number_sealed) == number and unseal(one.phone_sealed) == "13800138000"
    assert bytes(one.id_number_digest or b"") == digest("id_number", number)
    assert bytes(one.phone_tail_digest or b"") == digest("phone_tail", "8000")


def test_what_changed_stands_in_the_log_without_secrets(here: Community) -> None:
    one = make.resident(here, phone="13800138000")
    edit(here, one, name="张叁", phone="13900139000", note="热心")
    row = AuditRow.objects.get(action="resident.changed")
    assert row.detail["changes"] == {
        "name": ["张三", "张叁"], "phone": ["", "changed"], "note": ["", "热心"]
    }  # fmt: skip
    assert "139001" not in str(row.detail) and row.detail["source"] == "form"
    one.refresh_from_db()
    assert one.initials == "zs" and one.revision == 2
    assert Findable.objects.get(record_id=one.pk).title == "张叁"


def test_nothing_is_noted_of_what_stays(here: Community) -> None:
    one = make.resident(here, phone="13800138000", sex="女")
    edit(here, one, name="张三", phone="13800138000", sex="女", note="")
    one.refresh_from_db()
    assert one.revision == 1 and not AuditRow.objects.filter(action="resident.changed").exists()


def test_initials_set_by_hand_stay_while_the_name_does(here: Community) -> None:
    one = edit(here, make.resident(here, "单田芳"), initials="dtf")
    assert edit(here, one, note="说书").initials == "dtf"
    assert edit(here, one, name="单雄信").initials == "sxx"


def test_a_stale_revision_is_refused_with_everything_else(here: Community) -> None:
    seen = make.viewer(here)
    one = make.resident(here)
    row = REGISTER.rows(seen).get(pk=one.pk)
    stale = REGISTER.check([{"note": "旧"}], seen, [row])[0]
    stale.revision = 1
    edit(here, one, note="新")
    new = REGISTER.check([written("李四")], seen)[0]
    with pytest.raises(StaleRevision):
        REGISTER.save([new, stale], seen, source="sheet:1")
    assert Resident.objects.get().note == "新"


def test_who_was_quicker_is_told(here: Community) -> None:
    number = make.id_number()
    seen = make.viewer(here)
    first, second = (REGISTER.check([written(name, id_number=number)], seen) for name in ("张三", "李四"))
    REGISTER.save(first, seen, source="form")
    with pytest.raises(UserError) as refused:
        REGISTER.save(second, seen, source="form")
    assert refused.value.code == "taken" and Resident.objects.count() == 1


def test_another_door_in_a_sheet_is_a_move(here: Community) -> None:
    one = make.resident(here, since="2025-01-01", relation="户主")
    day = (today() - timedelta(days=3)).isoformat()
    moved = edit(here, one, room="201", since=day)
    assert [spell.room and spell.room.number for spell in moved.residences.all()] == ["201", "101"]
    assert moved.residences.get(ends_on=None).starts_on.isoformat() == day
    assert AuditRow.objects.filter(record_id=one.pk, action="resident.moved").count() == 1


def test_somebody_away_has_no_home(here: Community) -> None:
    one = make.residents(here, {"name": "张三", "registered": "户在人不在"})[0]
    assert (one.room_id, one.household_id) == (None, None) and not Residence.objects.exists()


def test_a_sheet_is_taken_back_but_for_what_was_touched(here: Community) -> None:
    head, wife, single, tagged, changed = made = make.residents(
        here, written(relation="户主"), written("李四", relation="配偶"), written("王五", "102", relation="户主"),
        written("赵六", "201"), written("钱七", "202"),
    )  # fmt: skip
    ResidentTag.objects.create(resident=tagged, code="veteran")
    edit(here, changed, note="动过")
    stayed = REGISTER.withdraw({one.pk: 1 for one in made}, make.viewer(here), source="sheet:1")
    assert {one.name for one in stayed} == {"赵六", "钱七"}
    assert {one.name for one in Resident.objects.all()} == {"赵六", "钱七"}
    assert set(Household.objects.values_list("room__number", flat=True)) == {"201", "202"}
    assert not Findable.objects.filter(record_id__in=[head.pk, wife.pk, single.pk]).exists()
    assert AuditRow.objects.filter(action="resident.withdrawn").count() == 3


def test_a_head_stays_while_others_of_the_household_do(here: Community) -> None:
    head, wife = make.residents(here, written(relation="户主"), written("李四", relation="配偶"))
    edit(here, wife, note="动过")
    stayed = REGISTER.withdraw({head.pk: 1, wife.pk: 1}, make.viewer(here), source="sheet:1")
    assert {one.pk for one in stayed} == {head.pk, wife.pk}


def test_a_grid_worker_is_not_shown_what_is_hidden(here: Community) -> None:
    one = make.resident(here, education="本科", work_unit="某厂")
    walker = make.viewer(here, make.grid_worker(here, 1))
    row = REGISTER.rows(walker).get(pk=one.pk)
    assert not {"education", "work_unit"} & set(REGISTER.read(row, walker))
    assert {"education", "work_unit"} <= set(REGISTER.read(row, make.viewer(here)))


@pytest.mark.parametrize(
    ("words", "found"),
    [("三", 1), ("张三", 1), ("zs", 1), ("8000", 1), ("13800138000", 1), ("9999", 0), ("12", 0), ("李", 0)],
)
def test_the_lists_box(here: Community, words: str, found: int) -> None:
    make.resident(here, phone="13800138000")
    seen = make.viewer(here)
    assert REGISTER.find(REGISTER.rows(seen), words, seen).count() == found


@pytest.mark.parametrize(
    ("code", "value", "names"),
    [
        ("state", "living", {"张老", "李小", "王五"}),
        ("age", "0-6", {"李小"}),
        ("age", "60", {"张老"}),
        ("age", "80", {"张老"}),
        ("tag", "very_aged", {"张老"}),
        ("tag", "veteran", {"王五"}),
        ("tag", "no_such", set()),
        ("phone", "yes", {"王五"}),
        ("phone", "no", {"张老", "李小"}),
        ("verified", "never", {"张老", "李小", "王五"}),
        ("verified", "quarter", set()),
        ("registered", "here", {"王五"}),
    ],
)
def test_filters(here: Community, code: str, value: str, names: set[str]) -> None:
    year = today().year
    *_, third = make.residents(
        here, written("张老", born_on=f"{year - 85}-01-01"), written("李小", born_on=f"{year - 3}-01-01"),
        written("王五", phone="13800138000", registered="人户一致"),
    )  # fmt: skip
    ResidentTag.objects.create(resident=third, code="veteran")
    seen = make.viewer(here)
    chosen = next(one for one in REGISTER.filters if one.code == code)
    assert {one.name for one in chosen.narrow(REGISTER.rows(seen), value, seen)} == names
    assert all(len(pair) == 2 for pair in chosen.choices(seen))


@pytest.mark.parametrize("order", REGISTER.orders)
def test_orders_have_no_empty_keys(here: Community, order: object) -> None:
    make.residents(here, written("张老", born_on="1950-01-01"), {"name": "李小", "registered": "户在人不在"})
    rows = REGISTER.rows(make.viewer(here)).order_by(*order.keys)  # type: ignore[attr-defined]
    assert all(None not in row for row in rows.values_list(*order.keys))  # type: ignore[attr-defined]
