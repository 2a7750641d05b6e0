"""Organisations: who is meant, where they are, what is refused, and what stays secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.actions import organisations as actions
from nianlun.places.models import Building, Community, Estate, Findable, Grid, Organisation, PostKind
from nianlun.places.registers.organisations import OrganisationRegister
from nianlun.places.viewing import CommunityViewer
from tests.places import make
from tests.places.people import make as people

pytestmark = pytest.mark.django_db
REGISTER = OrganisationRegister()
CODE, OTHER_CODE = "91350100M000100Y43", "91440101MA59ABCD1D"


@pytest.fixture
def home() -> Iterator[Community]:
    yield people.ground()


@pytest.fixture
def viewer(home: Community) -> CommunityViewer:
    return people.viewer(home)


def added(viewer: CommunityViewer, *rows: dict[str, str]) -> list[Organisation]:
    drafts = REGISTER.check(rows, viewer)
    assert all(draft.checked.good for draft in drafts), [draft.checked.errors for draft in drafts]
    return REGISTER.save(drafts, viewer, source="form")


def errors(viewer: CommunityViewer, row: dict[str, str], known: Organisation | None = None) -> dict[str, str]:
    return REGISTER.check([row], viewer, [known])[0].checked.errors


def test_what_is_written_is_sealed_found_and_shown_masked(viewer: CommunityViewer) -> None:
    (shop,) = added(
        viewer,
        {
            "name": "好邻居便利店",
            "kind": "商铺",
            "credit_code": CODE,
            "phone": "138 0013 8000",
            "building": "1栋",
            "room": "101",
        },
    )
    shop = REGISTER.rows(viewer).get(pk=shop.pk)
    read = REGISTER.read(shop, viewer)
    assert (read["credit_code"], read["phone"]) == ("9135**********0Y43"[:4] + "*" * 10 + "0Y43", "138****8000")
    assert unseal(shop.credit_code_sealed) == CODE
    assert (read["building"], read["room"], read["grid"]) == ("1号楼", "101", "第1网格")
    assert shop.initials == "hljbld"
    for words in ("好邻居", "hlj", "8000", CODE.lower(), "13800138000"):
        assert list(REGISTER.find(REGISTER.rows(viewer), words, viewer)) == [shop], words
    assert Findable.objects.get(kind="organisation").grid_id == shop.grid_id
    assert CODE not in str(list(AuditRow.objects.values("detail")))


def test_what_is_read_can_be_written_back_and_changes_nothing(viewer: CommunityViewer) -> None:
    (shop,) = added(viewer, {"name": "好邻居", "credit_code": CODE, "phone": "13800138000", "building": "1号楼"})
    shop = REGISTER.rows(viewer).get(pk=shop.pk)
    drafts = REGISTER.check([REGISTER.read(shop, viewer)], viewer, [shop])
    assert drafts[0].checked.good
    REGISTER.save(drafts, viewer, source="form")
    shop.refresh_from_db()
    assert shop.revision == 1 and AuditRow.objects.filter(action="organisation.changed").count() == 0


def test_the_credit_code_tells_who_is_meant_and_what_was_not_written_stays(viewer: CommunityViewer) -> None:
    (shop,) = added(viewer, {"name": "好邻居", "credit_code": CODE, "building": "1号楼", "staff": "3"})
    drafts = REGISTER.check([{"name": "好邻居超市", "credit_code": CODE, "staff": "0"}], viewer)
    assert drafts[0].known == shop
    (saved,) = REGISTER.save(drafts, viewer, source="sheet:1")
    saved.refresh_from_db()
    assert (saved.pk, saved.name, saved.initials, saved.staff) == (shop.pk, "好邻居超市", "hljcs", 0)
    assert saved.building == Building.objects.get(name="1号楼")
    changes = AuditRow.objects.get(action="organisation.changed").detail["changes"]
    assert changes["name"] == ["好邻居", "好邻居超市"] and changes["staff"] == ["3", "0"]


def test_without_a_code_name_and_address_tell_who_is_meant(viewer: CommunityViewer) -> None:
    one, two = added(
        viewer, {"name": "理发店", "room": "101", "building": "1号楼"}, {"name": "理发店", "address": "梧桐路8号"}
    )
    assert REGISTER.check([{"name": "理发店", "address": "梧桐路8号"}], viewer)[0].known == two
    assert REGISTER.check([{"name": "理发店", "building": "1栋", "room": "101室"}], viewer)[0].known == one
    assert REGISTER.check([{"name": "理发店", "building": "2栋"}], viewer)[0].known is None
    assert "name" in errors(viewer, {"address": "梧桐路8号"}, one)
    coded = {"name": "理发店", "address": "梧桐路8号", "credit_code": CODE}
    assert REGISTER.check([coded], viewer)[0].known == two  # its code was not known yet
    added(viewer, coded)
    assert REGISTER.check([{**coded, "credit_code": OTHER_CODE}], viewer)[0].known is None


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "甲", "credit_code": "91350100M000100Y44"}, "credit_code"),
        ({"name": "甲", "phone": "123"}, "phone"),
        ({"name": "甲", "building": "9号楼"}, "building"),
        ({"name": "甲", "building": "1号楼", "room": "909"}, "room"),
        ({"name": "甲", "estate": "清风苑"}, "building"),
        ({"name": "甲", "building": "1号楼", "grid": "第2网格"}, "grid"),
        ({"name": "甲", "grid": "第九网格"}, "grid"),
        ({"name": "甲", "kind": "商铺", "estates": "清风苑"}, "estates"),
        ({"name": "甲", "kind": "物业企业", "estates": "没有的小区"}, "estates"),
        ({"name": "甲", "opened_on": "2199-01-01"}, "opened_on"),
        ({"name": "甲", "kind": "外星"}, "kind"),
    ],
)
def test_what_cannot_stand_is_refused_by_field(viewer: CommunityViewer, row: dict[str, str], field: str) -> None:
    assert list(errors(viewer, row)) == [field]


def test_two_rows_of_a_batch_are_not_the_same_organisation(viewer: CommunityViewer) -> None:
    row = {"name": "甲", "address": "梧桐路8号"}
    first, second = REGISTER.check([row, row], viewer)
    assert first.checked.good and "name" in second.checked.errors
    first, second = REGISTER.check([{"name": "甲", "credit_code": CODE}, {"name": "乙", "credit_code": CODE}], viewer)
    assert first.checked.good and "credit_code" in second.checked.errors


def test_a_property_company_keeps_estates_and_a_grid_of_its_own_outside_buildings(viewer: CommunityViewer) -> None:
    where = {"subdistrict": viewer.community.subdistrict, "community": viewer.community}
    Estate.objects.create(**where, code="second", name="明月里")
    (firm,) = added(viewer, {"name": "安居物业", "kind": "物业企业", "estates": "清风苑、明月里", "grid": "第2网格"})
    firm = REGISTER.rows(viewer).get(pk=firm.pk)
    assert {estate.name for estate in firm.estates.all()} == {"清风苑", "明月里"}
    assert firm.grid == Grid.objects.get(name="第2网格") and firm.building is None
    drafts = REGISTER.check([{"estates": "明月里", "building": "1号楼", "grid": "第2网格"}], viewer, [firm])
    REGISTER.save(drafts, viewer, source="form")
    firm = REGISTER.rows(viewer).get(pk=firm.pk)
    assert REGISTER.read(firm, viewer)["grid"] == "第1网格"  # that of its building, whatever stood in the form
    assert [estate.name for estate in firm.estates.all()] == ["明月里"]


def test_closing_and_coming_back(viewer: CommunityViewer) -> None:
    (shop,) = added(viewer, {"name": "好邻居", "opened_on": "2020-01-01"})
    for wrong in (date(2019, 1, 1), date(2199, 1, 1)):
        with pytest.raises(UserError):
            actions.close(acting_user=viewer.user, organisation=shop, on=wrong)
    actions.close(acting_user=viewer.user, organisation=shop, on=today())
    assert Findable.objects.get(kind="organisation").gone
    with pytest.raises(UserError, match="关停"):
        actions.close(acting_user=viewer.user, organisation=shop, on=today())
    with pytest.raises(StaleRevision):
        actions.reopen(acting_user=viewer.user, organisation=shop, revision=1)
    assert actions.reopen(acting_user=viewer.user, organisation=shop).closed_on is None
    with pytest.raises(UserError, match="不用恢复"):
        actions.reopen(acting_user=viewer.user, organisation=shop)


def test_whoever_saves_second_is_told(viewer: CommunityViewer) -> None:
    (shop,) = added(viewer, {"name": "好邻居"})
    shop = REGISTER.rows(viewer).get(pk=shop.pk)
    first, second = (REGISTER.check([{"note": said}], viewer, [shop])[0] for said in "甲乙")
    first.revision = second.revision = 1
    REGISTER.save([first], viewer, source="form")
    with pytest.raises(StaleRevision):
        REGISTER.save([second], viewer, source="form")


def test_a_sheet_takes_back_what_nobody_touched(viewer: CommunityViewer) -> None:
    kept, gone = added(viewer, {"name": "甲"}, {"name": "乙"})
    actions.close(acting_user=viewer.user, organisation=kept, on=today())
    assert REGISTER.withdraw({kept.pk: 1, gone.pk: 1}, viewer, source="sheet:1") == [kept]
    assert Organisation.objects.get() == kept and Findable.objects.filter(kind="organisation").count() == 1


def test_the_subdistrict_and_the_administrator_see_no_numbers(home: Community, viewer: CommunityViewer) -> None:
    (shop,) = added(viewer, {"name": "好邻居", "credit_code": CODE, "phone": "13800138000"})
    for kind in (PostKind.SUBDISTRICT, PostKind.ADMINISTRATOR):
        other = people.viewer(home, make.officer(kind, of=home.subdistrict, kind=kind))
        assert not {"credit_code", "phone"} & REGISTER.read(shop, other).keys()
        assert not {"credit_code", "phone"} & {one.code for one in REGISTER.written_fields(other, None)}
        client = Client()
        client.force_login(other.user)
        page = client.get(f"/c/wutong/organisations/{shop.pk}/").content.decode()
        assert "好邻居" in page and "Y43" not in page and "8000" not in page


def test_a_batch_asks_as_often_as_one(
    viewer: CommunityViewer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def rows(count: int, start: int) -> list[dict[str, str]]:
        return [{"name": f"店{start + n}", "building": "1号楼", "room": "101"} for n in range(count)]

    with django_assert_max_num_queries(22):
        added(viewer, *rows(1, 0))
    with django_assert_max_num_queries(22):
        added(viewer, *rows(60, 10))


def test_pages(home: Community, viewer: CommunityViewer) -> None:
    client = Client()
    client.force_login(viewer.user)
    at = "/c/wutong/organisations/"
    assert "还没有单位" in client.get(at).content.decode()
    assert client.get(f"{at}new/").status_code == 200
    (shop,) = added(viewer, {"name": "好邻居", "phone": "13800138000", "building": "1号楼", "room": "101"})
    assert "好邻居" in client.get(at).content.decode()
    page = client.get(f"{at}{shop.pk}/").content.decode()
    assert "138****8000" in page and "登记关停" in page
    assert client.post(f"{at}{shop.pk}/close/", {"on": "nonsense"}).status_code == 422
    assert client.post(f"{at}{shop.pk}/close/", {"on": today().isoformat()}).status_code == 302
    assert "已从" in client.get(f"{at}{shop.pk}/").content.decode()
    assert client.post(f"{at}{shop.pk}/reopen/").status_code == 302
    again = {"name": "好邻居", "building": "1号楼", "room": "101", "client_key": uuid4()}
    doubled = client.post(f"{at}new/", again)
    assert doubled.status_code == 422 and f'<a href="{at}{shop.pk}/">打开这条记录</a>' in doubled.content.decode()
    walker, stranger = Client(), Client()
    walker.force_login(make.worker("walker", at=home, kind=PostKind.GRID_WORKER))
    stranger.force_login(make.secretary("stranger", at=make.community("far", of=make.subdistrict("other"))))
    assert walker.get(f"{at}{shop.pk}/").status_code == 200
    for address in (f"{at}{shop.pk}/close/", f"{at}{shop.pk}/reopen/"):
        assert walker.post(address, {"on": today().isoformat()}).status_code == 403
        assert stranger.post(address, {"on": today().isoformat()}).status_code == 404
    assert stranger.get(f"{at}{shop.pk}/").status_code == 404
