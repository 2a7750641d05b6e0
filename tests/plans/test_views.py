"""The pages of plans: who sees them, what they show, how many queries they take."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nianlun.places.models import Community, User
from nianlun.plans import actions, jobs
from nianlun.plans.models import ItemText, Plan, PlanVersion, Presence, VersionStatus
from tests.places import make
from tests.plans import making
from tests.plans.making import PROSE, TEXT, row


@pytest.fixture
def client(secretary: User) -> Client:
    client = Client()
    client.force_login(secretary)
    return client


def address(name: str, version: PlanVersion, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[version.plan.community.code, version.plan_id, version.number, *rest])


def form_of(item: ItemText, **changes: Any) -> dict[str, Any]:
    """What the browser sends for an item as it stands, with some fields changed."""
    return {
        "revision": item.revision, "line": item.line, "owners": "、".join(item.owners),
        "target-TOTAL_FORMS": 0, "target-INITIAL_FORMS": 0, "schedule-TOTAL_FORMS": 0, "schedule-INITIAL_FORMS": 0,
        **changes,
    }  # fmt: skip


PAGES = ("version", "panes", "checkup", "text", "original", "progress")


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(version: PlanVersion, name: str) -> None:
    stranger = Client()
    stranger.force_login(make.secretary("elsewhere", at=make.community("heying")))
    assert stranger.get(address(name, version)).status_code == 404


def test_another_communitys_address_does_not_reach_a_plan(version: PlanVersion) -> None:
    other = make.community("heying")
    client = Client()
    client.force_login(make.secretary("elsewhere", at=other))
    assert client.get(reverse("plans:plan", args=[other.code, version.plan_id])).status_code == 404


def test_a_worker_sees_and_may_not_change(version: PlanVersion, community: Community) -> None:
    client = Client()
    client.force_login(make.worker(at=community))
    item = row(version, "敬老联欢会")
    page = client.get(address("version", version)).content.decode()
    assert "敬老联欢会" in page
    assert "data-edit " not in page and "去通过" not in page
    for name, rest in (("edit", (item.pk,)), ("drop", (item.pk,)), ("merge", ()), ("adopt", ()), ("withdraw", ())):
        assert client.post(address(name, version, *rest)).status_code == 403, name
    assert client.get(reverse("plans:new", args=[community.code])).status_code == 403


def test_upload_read_review_adopt(client: Client, community: Community) -> None:
    file = SimpleUploadedFile("计划.txt", TEXT.encode("gb18030"))
    sent = client.post(reverse("plans:new", args=[community.code]), {"file": file, "year": 2027})
    version = PlanVersion.objects.get()
    assert sent.headers["Location"] == address("version", version)
    assert "正在排队" in client.get(sent.headers["Location"]).content.decode()
    assert client.get(address("progress", version)).status_code == 200
    jobs.read_version(str(version.pk))
    done = client.get(address("progress", version))
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, address("version", version))
    confirm = client.get(address("adopt", version))
    assert confirm.context["summary"].standing and confirm.context["findings"]
    adopted = client.post(address("adopt", version), {"edits": 0}, follow=True)
    assert "第 1 版已通过" in adopted.content.decode()
    version.refresh_from_db()
    assert version.status == VersionStatus.ADOPTED


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"year": 2027}, "请选择文件，或粘贴"),
        ({"year": 2027, "text": "字" * 500_001}, "50 万字"),
        ({"year": 1800, "text": TEXT}, "2000"),
        ({"year": 2027, "text": TEXT, "file": SimpleUploadedFile("a.txt", b"a")}, "只能用一种"),
    ],
)
def test_a_form_that_is_not_in_order_says_so(
    client: Client, community: Community, given: dict[str, Any], told: str
) -> None:
    refused = client.post(reverse("plans:new", args=[community.code]), given)
    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert not Plan.objects.exists()


def test_words_beyond_what_a_form_may_hold_are_refused_in_words(client: Client, community: Community) -> None:
    refused = client.post(reverse("plans:new", args=[community.code]), {"year": 2027, "text": "字" * 1_500_000})
    assert refused.status_code == 400
    assert "50 万字" in refused.content.decode()
    assert not Plan.objects.exists()


def test_a_second_plan_for_the_year_is_told_from_a_new_version(client: Client, version: PlanVersion) -> None:
    page = client.get(reverse("plans:new", args=[version.plan.community.code])).content.decode()
    assert version.plan.title in page and "另做新版" in page


def test_a_failed_reading_offers_to_upload_again(client: Client, community: Community, secretary: User) -> None:
    version = making.read(making.put_in(community, secretary, "", name="空.txt"))
    page = client.get(address("version", version)).content.decode()
    assert "空的" in page and "重新上传" in page
    gone = client.post(address("throw_away", version))
    assert gone.headers["Location"] == reverse("plans:list", args=[community.code])
    assert not Plan.objects.exists()


def test_no_plan_asks_and_can_be_thrown_away(client: Client, community: Community, secretary: User) -> None:
    version = making.in_review(community, secretary, PROSE)
    assert "这是工作计划吗" in client.get(address("version", version)).content.decode()
    client.post(address("throw_away", version))
    assert not Plan.objects.exists()


def test_the_empty_list_says_what_to_do(client: Client, community: Community) -> None:
    page = client.get(reverse("plans:list", args=[community.code])).content.decode()
    assert "还没有工作计划" in page and "上传或粘贴计划" in page


def test_an_edit_gives_the_card_back_with_an_undo(client: Client, version: PlanVersion) -> None:
    item = row(version, "敬老联欢会")
    schedule = {"kind": "every", "unit": "quarter", "interval": 1, "times": 2, "on_part": "end"}
    target = {"metric": "参加老人", "op": "at_least", "value": "80", "unit": "人"}
    rows = {f"schedule-0-{key}": value for key, value in schedule.items()}
    rows |= {f"target-0-{key}": value for key, value in target.items()}
    sent = form_of(item, line="culture", owners="老年协会、网格员")
    sent |= rows | {"schedule-TOTAL_FORMS": 1, "target-TOTAL_FORMS": 1}
    saved = client.post(address("edit", version, item.pk), sent)
    item.refresh_from_db()
    assert item.schedules == [{"kind": "every", "unit": "quarter", "interval": 1, "times": 2, "on": {"part": "end"}}]
    assert item.targets == [{"metric": "参加老人", "op": "at_least", "value": 80, "unit": "人"}]
    assert item.owners == ["老年协会", "网格员"]
    page = saved.content.decode()
    assert "撤销" in page and "不少于80人" in page
    undone = client.post(address("undo", version, version.changes.get().pk))
    item.refresh_from_db()
    assert (undone.status_code, item.line) == (200, "elderly")


def test_a_schedule_found_in_the_text_keeps_its_place_through_an_edit(client: Client, version: PlanVersion) -> None:
    item = row(version, "敬老联欢会")
    shown = client.get(address("edit", version, item.pk)).context["forms"].schedules.forms
    sent = form_of(item, **{"schedule-TOTAL_FORMS": len(shown), "schedule-INITIAL_FORMS": len(shown)})
    for form in shown:
        for bound in form:
            if bound.name != "DELETE":
                sent[bound.html_name] = bound.value() if bound.value() is not None else ""
    before = item.schedules
    client.post(address("edit", version, item.pk), sent)
    item.refresh_from_db()
    assert item.revision == 2
    assert item.schedules == before
    assert before[0]["start"] == version.text.index("重阳节")


def test_two_forms_open_at_once_share_no_id(client: Client, version: PlanVersion) -> None:
    ids: list[str] = []
    for words in ("敬老联欢会", "消防检查"):
        page = client.get(address("edit", version, row(version, words).pk)).content.decode()
        ids += re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 20


def test_two_people_lose_neither_edit_unseen(client: Client, version: PlanVersion, community: Community) -> None:
    item = row(version, "敬老联欢会")
    other = Client()
    other.force_login(make.secretary("second", at=community))
    other.post(address("edit", version, item.pk), form_of(item, owners="社区书记"))
    clash = client.post(address("edit", version, item.pk), form_of(item, owners="网格员"))
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "责任人：社区书记" in page and "责任人：网格员" in page
    item.refresh_from_db()
    assert item.owners == ["社区书记"]
    kept = client.post(address("edit", version, item.pk), form_of(item, owners="网格员"))
    item.refresh_from_db()
    assert (kept.status_code, item.owners) == (200, ["网格员"])


def test_a_stale_merge_shows_the_page_as_it_is_now(client: Client, version: PlanVersion) -> None:
    pks = [str(row(version, "独居老人").pk), str(row(version, "敬老联欢会").pk)]
    assert client.post(address("merge", version), {"revision": 1, "pk": pks}).status_code == 200
    clash = client.post(address("merge", version), {"revision": 1, "pk": pks})
    assert clash.status_code == 409
    assert clash.headers["HX-Retarget"] == "#panes"
    assert "别人刚刚合并" in clash.content.decode()


def test_presence_names_the_others_and_what_they_changed(
    client: Client, version: PlanVersion, community: Community
) -> None:
    second = Client()
    second.force_login(make.secretary("second", at=community))
    item = row(version, "敬老联欢会")
    second.post(address("here", version), {"since": 0, "editing": str(item.pk)})
    second.post(address("edit", version, item.pk), form_of(item, owners="社区书记"))
    told = client.post(address("here", version), {"since": 0}).json()
    assert told["others"] == [{"name": "second", "editing": str(item.pk)}]
    assert (told["edits"], told["changed"], told["structural"]) == (1, [str(item.pk)], False)
    assert client.post(address("here", version), {"since": 1}).json()["changed"] == []
    assert second.post(address("here", version), {"since": 0}).json()["changed"] == []
    assert Presence.objects.filter(version=version).count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "every", "unit": "week", "times": "2"}, "意思是：每周两次"),
        ({"kind": "deadline", "month": "6", "part": "end"}, "6月底"),
        ({"kind": "window", "month": "3", "to_month": "5"}, "3月"),
        ({"kind": "named", "name": "重阳节", "rel": "before"}, "重阳节"),
        ({"kind": "named", "name": ""}, "请写出节日"),
        ({"kind": "date", "month": ""}, "没有填完整"),
        ({"kind": "every", "unit": "week", "times": "0"}, "1"),
    ],
)
def test_a_schedule_is_said_back(client: Client, community: Community, fields: dict[str, str], words: str) -> None:
    sent = {"row": "schedule-3", **{f"schedule-3-{key}": value for key, value in fields.items()}}
    assert words in client.post(reverse("plans:say", args=[community.code]), sent).content.decode()


@pytest.mark.parametrize("found", ["[]", '"x"', "{}", '{"kind": "every", "start": "a"}', '{"kind": 3}', "not json"])
def test_a_hidden_field_that_was_tampered_with_does_no_harm(client: Client, version: PlanVersion, found: str) -> None:
    item = row(version, "敬老联欢会")
    rows: dict[str, Any] = {"schedule-0-kind": "named", "schedule-0-name": "重阳节", "schedule-0-found": found}
    rows |= {"target-0-metric": "老人", "target-0-value": "80", "target-0-found": found}
    sent = form_of(item) | rows | {"schedule-TOTAL_FORMS": 1, "target-TOTAL_FORMS": 1}
    answer = client.post(address("edit", version, item.pk), sent)
    item.refresh_from_db()
    if answer.status_code == 200:
        assert item.schedules == [{"kind": "named", "name": "重阳节"}]
        assert item.targets == [{"metric": "老人", "op": "eq", "value": 80, "unit": ""}]
    else:
        assert (answer.status_code, item.revision) == (422, 1)


def test_the_checkup_leads_to_the_place(client: Client, community: Community, secretary: User) -> None:
    text = TEXT + "4. 按照《婚姻法》每月开展一次讲座。\n"
    version = making.in_review(community, secretary, text)
    page = client.get(address("checkup", version)).content.decode()
    assert "N150" in page
    assert f'data-goto="{version.text.index("婚姻法")}"' in page or "婚姻法" in page
    assert "民法典" in page


def test_last_years_own_words_are_found(client: Client, community: Community, secretary: User) -> None:
    making.adopted(community, secretary, TEXT.replace("2027", "2026"), year=2026)
    version = making.in_review(community, secretary)
    assert "N131" in client.get(address("checkup", version)).content.decode()


def test_difference_and_pairing_pages(client: Client, community: Community, secretary: User) -> None:
    first = making.adopted(community, secretary)
    second = making.next_version(first.plan, secretary, TEXT.replace("补种树苗80株", "放映露天电影三场"))
    page = client.get(address("difference", second)).content.decode()
    assert "第 2 版与第 1 版的差别" in page
    pairs = client.get(address("pairs", second))
    film = row(second, "电影")
    unmatched = [item.text for item in pairs.context["unmatched"]]
    assert len(unmatched) == len(pairs.context["fresh"])
    if unmatched:
        item = first.items.get(text=unmatched[0])
        client.post(address("pairs", second), {"pk": film.pk, "item": item.item_id, "revision": second.revision})
        assert row(second, "电影").item_id == item.item_id


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_breakdown_is_a_file_with_the_plans_name(client: Client, version: PlanVersion, form: str) -> None:
    file = client.get(address("table", version, form))
    assert file.content[:2] == b"PK"
    assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%9D%BE")
    assert client.get(address("table", version, "exe")).status_code == 404


def test_the_original_comes_back_byte_by_byte(client: Client, version: PlanVersion) -> None:
    assert client.get(address("original", version)).content == TEXT.encode()
    assert client.get(address("text", version)).content.decode() == TEXT


def test_queries_do_not_grow_with_items_or_plans(
    client: Client, community: Community, secretary: User, version: PlanVersion
) -> None:
    def count(where: str) -> int:
        client.get(where)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    longer = making.in_review(
        community, secretary, TEXT + "".join(f"{n}. 每月开展第{n}类走访一次。\n" for n in range(3, 60)), year=2030
    )
    assert count(address("version", longer)) == count(address("version", version)) <= 20
    assert count(address("checkup", longer)) == count(address("checkup", version)) <= 14
    where = reverse("plans:list", args=[community.code])
    before = count(where)
    making.in_review(community, secretary, year=2033)
    assert count(where) == before <= 12


def test_a_hostile_text_is_shown_as_text(client: Client, community: Community, secretary: User) -> None:
    text = TEXT.replace("每月组织一次楼道", "每月组织一次<script>alert(1)</script>楼道")
    version = making.in_review(community, secretary, text)
    page = client.get(address("version", version)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_withdrawn_version_can_be_taken_up_again(client: Client, version: PlanVersion) -> None:
    client.post(address("withdraw", version))
    assert "恢复审阅" in client.get(reverse("plans:plan", args=["wutong", version.plan_id])).content.decode()
    client.post(address("reopen", version))
    version.refresh_from_db()
    assert version.status == VersionStatus.REVIEW
    assert actions.adopt(acting_user=version.created_by, version=version, edits=0).adopted_at


@pytest.mark.parametrize("number", ["abc", "²", "9" * 5000, ""])
def test_a_number_that_is_none_is_answered_in_words(client: Client, version: PlanVersion, number: str) -> None:
    copy = client.post(reverse("plans:copy", args=["wutong", version.plan_id]), {"number": number})
    assert copy.status_code == 422 and "没有可以复制的版本" in copy.content.decode()
    assert client.post(address("adopt", version), {"edits": number}).status_code == 409
    assert client.get(address("difference", version), {"with": number}).status_code == 404


@pytest.mark.parametrize(("kind", "field", "refused"), [
    ("date", "", True), ("deadline", "", True), ("window", "to_", True), ("named", "", False),
])  # fmt: skip
def test_a_day_that_no_month_has_is_refused(client: Client, kind: str, field: str, *, refused: bool) -> None:
    given = {"kind": kind, "month": "1", "to_month": "12", "name": "春节", f"{field}month": "2", f"{field}day": "31"}
    said = client.post(reverse("plans:say", args=["wutong"]), given).content.decode()
    assert ("2月没有31日" in said) is refused


def test_a_plan_that_could_not_be_read_is_not_offered_for_a_new_version(
    client: Client, community: Community, secretary: User
) -> None:
    making.read(making.put_in(community, secretary, "", name="空的.txt"))
    assert "另做新版" not in client.get(reverse("plans:new", args=["wutong"])).content.decode()
    making.in_review(community, secretary)
    assert "另做新版" in client.get(reverse("plans:new", args=["wutong"])).content.decode()
