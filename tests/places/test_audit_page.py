"""The auditor sees who had what of whom revealed and why, all other acts, and whether the log is whole; nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from nianlun.kernel import audit
from nianlun.kernel.audit_chain import head, seal_log
from nianlun.kernel.audit_verify import verify
from nianlun.kernel.clock import CHINA, frozen, now, today
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow, ChainCheck
from nianlun.kernel.sealing.seal import seal
from nianlun.places.actions.reveal import reveal
from nianlun.places.models import Community, PostKind, Resident, User
from tests.places import make

pytestmark = pytest.mark.django_db
PHONE, PURPOSE = "13812345678", "联系本人核对低保材料"


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def revealed(home: Community) -> Resident:
    """One whose phone a worker had shown."""
    resident = Resident.objects.create(
        subdistrict=home.subdistrict, community=home, name="张三丰", phone_sealed=seal(PHONE)
    )
    reveal(acting_user=make.worker("lisi", at=home), record=resident, field="phone", purpose=PURPOSE)
    return resident


@pytest.fixture
def auditor(home: Community) -> Client:
    return client_of(make.officer("auditor", of=home.subdistrict, kind=PostKind.AUDITOR))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/audit/{query}")
    assert answer.status_code == status
    return answer.content.decode()


def note(action: str, at: Community, count: int = 1, actor: User | None = None) -> None:
    for _ in range(count):
        audit.record(
            action, actor_id=actor.pk if actor else None, kind="resident", record_id=uuid7(),
            subdistrict_id=at.subdistrict_id, detail={"community": at.code},
        )  # fmt: skip


def test_it_tells_who_had_what_of_whom_revealed_and_why(revealed: Resident, auditor: Client, home: Community) -> None:
    said = page(auditor)
    for part in ("lisi", "居民 张**", home.name, f"用途：{PURPOSE}", "字段："):
        assert part in said
    assert "张三丰" not in said and PHONE not in said and "138****5678" not in said


@pytest.mark.parametrize("kind", [*PostKind])
def test_only_auditors_read_it(home: Community, kind: PostKind) -> None:
    local = kind in {PostKind.SECRETARY, PostKind.WORKER, PostKind.GRID_WORKER}
    user = make.worker(at=home, kind=kind) if local else make.officer(of=home.subdistrict, kind=kind)
    expected = 200 if kind in {PostKind.AUDITOR, PostKind.AUDIT_ADMIN} else 403
    client = client_of(user)
    assert client.get("/audit/").status_code == expected
    assert client.get("/audit/?view=all").status_code == expected
    assert client.post("/audit/export/", {}).status_code == expected
    assert ("/audit/" in client.get("/password/").content.decode()) is (expected == 200)


def test_another_subdistricts_log_does_not_exist(revealed: Resident) -> None:
    elsewhere = make.subdistrict("other")
    stranger = client_of(make.officer("stranger", of=elsewhere, kind=PostKind.AUDITOR))
    User.objects.filter(username="lisi").update(failed_sign_ins=0)
    audit.record("user.locked", actor_id=None, kind="user", record_id=User.objects.get(username="lisi").pk,
                 subdistrict_id=None)  # fmt: skip
    assert "lisi" not in page(stranger) + page(stranger, "?view=all")
    assert "lisi" not in page(stranger, "?view=all&person=lisi").replace('value="lisi"', "")


def test_acts_of_no_subdistrict_are_shown_where_they_concern(revealed: Resident, auditor: Client) -> None:
    audit.record("user.locked", actor_id=None, kind="user", record_id=User.objects.get(username="lisi").pk,
                 subdistrict_id=None)  # fmt: skip
    said = page(auditor, "?view=all")
    assert "账号锁定" in said and "账号 lisi" in said and "系统" in said


def test_filters_narrow_each_by_itself(revealed: Resident, auditor: Client, home: Community) -> None:
    beside = make.community("beside")
    note("resident.registered", beside, actor=make.worker("wangwu", at=beside))
    with frozen(datetime(2026, 1, 2, 23, 59, tzinfo=CHINA)):
        note("body.saved", home)

    def rows(query: str) -> int:
        return page(auditor, f"?view=all&{query}").count('data-label="操作人"')

    assert rows("") == 3
    assert rows("person=lisi") == rows("person=isi") == 1
    assert rows("person=nobody") == 0
    assert rows("action=secret.revealed") == 1
    assert rows("community=beside") == 1 and rows(f"community={home.code}") == 2
    assert rows("since=2026-01-02&until=2026-01-02") == 1
    assert rows("until=2026-01-01") == 0
    assert rows(f"since={today()}") == 2
    assert "没有符合条件的记录" in page(auditor, "?view=all&person=nobody")


@pytest.mark.parametrize(
    "query", ["since=yesterday", "community=nowhere", "action=nothing", "since=2026-02-01&until=2026-01-01"]
)
def test_filters_that_make_no_sense_are_told(auditor: Client, query: str) -> None:
    assert "is-invalid" in page(auditor, f"?view=all&{query}", status=422)


def test_pages_follow_each_other_without_gap_or_repetition(auditor: Client, home: Community) -> None:
    for number in range(120):
        note(f"act.{number:03}", home)
    seen: list[str] = []
    query = "?view=all"
    while query:
        said = page(auditor, query)
        seen += [part[:7] for part in said.split('data-label="操作">')[1:]]
        following = said.partition("较早的")[0].rpartition('href="')[2].partition('"')[0] if "较早的" in said else ""
        query = following.replace("&amp;", "&")
    assert sorted(seen) == [f"act.{number:03}" for number in range(120)]


def test_a_cut_cursor_is_told(auditor: Client) -> None:
    assert auditor.get("/audit/?cursor=abc").status_code == 422


def test_queries_do_not_grow_with_rows(revealed: Resident, auditor: Client, home: Community) -> None:
    counts = []
    for count in (1, 40):
        note("resident.registered", home, count)
        page(auditor, "?view=all")
        with CaptureQueriesContext(connection) as asked:
            page(auditor, "?view=all")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_empty_logs_say_so(auditor: Client) -> None:
    assert "还没有人查看过" in page(auditor)
    assert "还没有核验过" in page(auditor) and "还没有封存的记录" in page(auditor)


def test_the_state_of_the_chain_is_shown(revealed: Resident, auditor: Client) -> None:
    seal_log()
    verify()
    said = page(auditor)
    assert "1 条全部完好" in said and str(head()) in said and "已封存 1 条" in said
    ChainCheck.objects.create(seq=1, hash=bytes(32), faults=2, at=now() + timedelta(minutes=1))
    assert "发现 2 处异常" in page(auditor)


def test_an_export_is_a_sheet_without_formulas_and_is_noted(
    revealed: Resident, auditor: Client, home: Community
) -> None:
    reveal(acting_user=User.objects.get(username="lisi"), record=revealed, field="phone", purpose="=1+1+cmd|calc")
    note("resident.registered", home)
    answer = auditor.post("/audit/export/", {"community": home.code})
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1:6] for row in rows[1:]] == [("lisi", "查看敏感信息", "居民", "张**", home.name)] * 2
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    noted = AuditRow.objects.get(action="audit.exported")
    assert noted.subdistrict_id == home.subdistrict_id
    assert noted.detail == {"rows": 2, "action": "secret.revealed", "community": home.code}
    assert "导出审计日志" in page(auditor, "?view=all")


def test_too_large_an_export_asks_for_fewer_days(
    revealed: Resident, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("nianlun.places.views.audit", "nianlun.places.actions.audit_export"):
        monkeypatch.setattr(f"{module}.MOST", 0)
    answer = auditor.post("/audit/export/", {})
    assert answer.status_code == 422 and "缩小日期范围" in answer.content.decode()
    assert not AuditRow.objects.filter(action="audit.exported").exists()


def test_changes_are_told_by_field_and_never_by_value(auditor: Client, home: Community) -> None:
    audit.record(
        "resident.changed", actor_id=None, kind="resident", record_id=uuid7(), subdistrict_id=home.subdistrict_id,
        detail={"changes": {"name": ["张三", "张四"], "phone": ["旧", "新"]}, "name": "张三", "source": "form"},
    )  # fmt: skip
    said = page(auditor, "?view=all")
    assert "改动：姓名、" in said and "来源：form" in said
    assert "张三" not in said and "张四" not in said
