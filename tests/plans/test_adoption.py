"""From upload to adoption and to the next version: all or nothing, and items keep their identity."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.models import Community, User
from nianlun.plans import actions, actions_items, actions_structure, jobs
from nianlun.plans.actions_items import ItemFields
from nianlun.plans.differences import differences
from nianlun.plans.models import Item, Plan, PlanVersion, VersionStatus
from nianlun.plans.reading import Reading, reader
from nianlun.plans.signals import version_adopted
from tests.plans import making
from tests.plans.making import PROSE, TEXT, row

REWORDED = TEXT.replace("每季度对沿街商铺开展一次消防检查", "每月对沿街商铺和仓库开展一次消防检查").replace(
    "2. 植树节期间补种树苗80株。\n", "2. 七夕节放映露天电影三场。\n"
)


def test_a_reading_stores_items_outline_and_the_plans_own_title(version: PlanVersion) -> None:
    assert version.status == VersionStatus.REVIEW
    assert version.plan.title == "松风里社区2027年工作计划"
    assert row(version, "敬老联欢会").line == "elderly"
    assert all(version.text[item.start : item.end] == item.text for item in version.items.all())
    assert "一、安全生产" in {version.text[h["start"] - 2 : h["end"]] for h in version.outline}


def test_the_job_does_nothing_for_what_is_read_already(version: PlanVersion) -> None:
    before = list(version.items.values_list("pk", flat=True))
    jobs.read_version(str(version.pk))
    assert list(version.items.values_list("pk", flat=True)) == before


def test_a_reading_cut_off_leaves_nothing_and_starts_over(
    community: Community, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = making.put_in(community, secretary)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("nianlun.plans.store_reading.ItemText.objects.bulk_create", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            jobs.read_version(str(version.pk))
    assert not Item.objects.filter(plan=version.plan).exists()
    version.refresh_from_db()
    assert version.status == VersionStatus.READING
    assert making.read(version).items.count() > 5


def test_what_is_thrown_away_while_it_is_read_stays_away(
    community: Community, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = making.put_in(community, secretary)

    def read_slowly(text: str) -> Reading:
        actions.throw_away(acting_user=secretary, version=version)
        return reader.read_plan(text)

    monkeypatch.setattr("nianlun.plans.store_reading.read_plan", read_slowly)
    jobs.read_version(str(version.pk))
    assert not Plan.objects.exists() and not PlanVersion.objects.exists() and not Item.objects.exists()


def test_an_error_of_ours_is_told_and_can_be_tried_again(
    community: Community, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = making.put_in(community, secretary)

    def broken(text: str) -> Reading:
        raise ValueError(text)

    with monkeypatch.context() as patch:
        patch.setattr("nianlun.plans.store_reading.read_plan", broken)
        jobs.read_version(str(version.pk))
    version.refresh_from_db()
    assert (version.status, version.items.count()) == (VersionStatus.FAILED, 0)
    actions.read_again(acting_user=secretary, version=version)
    assert making.read(version).status == VersionStatus.REVIEW
    assert reader.read_plan(TEXT).items


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("空.txt", b"", "空的"),
        ("计划.docx", b"MZ\x90\x00" + b"\x00" * 200, "程序"),
        ("计划.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .docx"),
        ("计划.pdf", b"%PDF-1.7\nbroken", "PDF"),
        ("计划.txt", "计划".encode() + "每月检查".encode("gb18030") + "汇报".encode() * 9, "编码"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(
    community: Community, secretary: User, name: str, data: bytes, told: str
) -> None:
    version = actions.start_plan(acting_user=secretary, community=community, year=2027, title="", name=name, data=data)
    version = making.read(version)
    assert version.status == VersionStatus.FAILED
    assert told in version.failure
    assert not version.items.exists() and version.text == ""
    assert actions.throw_away(acting_user=secretary, version=version)
    assert not Plan.objects.exists()


def test_too_much_is_refused_before_it_is_kept(community: Community, secretary: User) -> None:
    about: dict[str, Any] = {"acting_user": secretary, "community": community, "year": 2027, "title": ""}
    with pytest.raises(UserError, match="20 MB"):
        actions.start_plan(**about, name="大.docx", data=b"a" * (20 * 1024 * 1024 + 1))
    with pytest.raises(UserError, match="50 万字"):
        actions.start_plan(**about, name=actions.PASTED, data=("字" * 500_001).encode())
    assert not Plan.objects.exists()


def test_a_text_that_is_no_plan_asks(community: Community, secretary: User) -> None:
    version = making.in_review(community, secretary, PROSE)
    assert version.status == VersionStatus.ASKING
    actions.keep_version(acting_user=secretary, version=version)
    version.refresh_from_db()
    assert version.status == VersionStatus.REVIEW


def test_a_text_with_more_items_than_a_review_holds_asks(
    community: Community, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nianlun.plans.store_reading.MOST_ITEMS", 5)
    monkeypatch.setattr("nianlun.plans.views_version.MOST_ITEMS", 5)
    version = making.in_review(community, secretary)
    assert version.status == VersionStatus.ASKING
    client = Client()
    client.force_login(secretary)
    page = client.get(reverse("plans:version", args=[community.code, version.plan_id, version.number]))
    assert "远多于一份年度计划" in page.content.decode()


def test_another_year_in_the_text_is_told(community: Community, secretary: User) -> None:
    version = making.in_review(community, secretary, TEXT.replace("2027", "2025"))
    assert any("2025" in warning for warning in version.warnings)


def test_adopting_supersedes_and_tells_the_rooms_below(community: Community, secretary: User) -> None:
    told: list[tuple[int, User]] = []

    def hear(sender: object, version: PlanVersion, acting_user: User, **_: object) -> None:
        assert transaction.get_connection().in_atomic_block
        told.append((version.number, acting_user))

    version_adopted.connect(hear)
    try:
        first = making.adopted(community, secretary)
        second = making.next_version(first.plan, secretary, REWORDED)
        actions.adopt(acting_user=secretary, version=second, edits=second.edits)
    finally:
        version_adopted.disconnect(hear)
    first.refresh_from_db()
    assert (first.status, PlanVersion.objects.get(pk=second.pk).status) == ("superseded", "adopted")
    assert told == [(1, secretary), (2, secretary)]


def test_an_error_below_undoes_the_adoption(version: PlanVersion, secretary: User) -> None:
    def fail(sender: object, **_: object) -> None:
        raise IntegrityError

    version_adopted.connect(fail)
    try:
        with pytest.raises(IntegrityError):
            actions.adopt(acting_user=secretary, version=version, edits=0)
    finally:
        version_adopted.disconnect(fail)
    version.refresh_from_db()
    assert version.status == VersionStatus.REVIEW


def test_adopting_needs_what_was_last_seen_and_something_to_do(version: PlanVersion, secretary: User) -> None:
    for item in version.items.all():
        actions_items.drop_item(acting_user=secretary, row=item, revision=1, reason="口号")
    with pytest.raises(StaleRevision):
        actions.adopt(acting_user=secretary, version=version, edits=0)
    version.refresh_from_db()
    with pytest.raises(UserError, match="没有任何任务"):
        actions.adopt(acting_user=secretary, version=version, edits=version.edits)


def test_a_later_version_keeps_identities_and_shows_the_difference(community: Community, secretary: User) -> None:
    first = making.adopted(community, secretary)
    second = making.next_version(first.plan, secretary, REWORDED)
    assert row(second, "消防检查").item_id == row(first, "消防检查").item_id
    assert row(second, "敬老联欢会").item_id == row(first, "敬老联欢会").item_id
    found = differences(list(first.items.all()), list(second.items.all()))
    assert ["电影" in item.text for item in found.added] == [True]
    assert ["树苗" in item.text for item in found.removed] == [True]
    changed = next(one for one in found.changed if "消防检查" in one.after.text)
    assert ("new", "和仓库") in changed.words
    assert next((field.title, field.before, field.after) for field in changed.fields) == (
        "时限", "每季度一次", "每月一次",
    )  # fmt: skip
    assert found.same >= 4


def test_what_people_set_stays_on_a_sentence_that_stays(community: Community, secretary: User) -> None:
    first = making.in_review(community, secretary)
    fields = ItemFields("culture", ["老年协会"], [], [{"kind": "named", "name": "重阳节"}])
    actions_items.edit_item(acting_user=secretary, row=row(first, "敬老联欢会"), revision=1, fields=fields)
    gone = row(first, "补种树苗")
    actions_items.drop_item(acting_user=secretary, row=gone, revision=1, reason="已完成")
    first.refresh_from_db()
    actions.adopt(acting_user=secretary, version=first, edits=first.edits)
    second = making.next_version(first.plan, secretary, "前言。\n" + TEXT)
    assert (row(second, "敬老联欢会").line, row(second, "敬老联欢会").owners) == ("culture", ["老年协会"])
    assert row(second, "补种树苗").dropped_reason == "已完成"


def test_pairing_by_hand(community: Community, secretary: User) -> None:
    first = making.adopted(community, secretary)
    second = making.next_version(first.plan, secretary, REWORDED)
    trees, film = row(first, "补种树苗"), row(second, "电影")
    change = actions_structure.pair_item(
        acting_user=secretary, version=second, revision=1, pk=film.pk, item_id=trees.item_id
    )
    assert row(second, "电影").item_id == trees.item_id
    with pytest.raises(UserError, match="已对应"):
        actions_structure.pair_item(
            acting_user=secretary, version=second, revision=2, pk=row(second, "助餐点").pk, item_id=trees.item_id
        )
    actions_items.undo_change(acting_user=secretary, change=change)
    assert row(second, "电影").item_id == film.item_id


def test_a_copy_has_the_same_items_and_only_one_version_is_under_way(community: Community, secretary: User) -> None:
    first = making.adopted(community, secretary)
    copy = actions.copy_version(acting_user=secretary, source=first)
    assert set(copy.items.values_list("item_id", "text")) == set(first.items.values_list("item_id", "text"))
    with pytest.raises(UserError, match="第 2 版"):
        actions.copy_version(acting_user=secretary, source=first)
    actions.withdraw(acting_user=secretary, version=copy)
    assert actions.copy_version(acting_user=secretary, source=first).number == 3
