"""What a review does to items: each change stands once, can be undone, and never covers another's unseen."""

from __future__ import annotations

import pytest

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, User
from nianlun.plans import actions, actions_items, actions_structure
from nianlun.plans.actions_items import ItemFields
from nianlun.plans.models import ItemText, PlanVersion, ReviewChange
from tests.places import make
from tests.plans.making import row

MONTHLY = {"kind": "every", "unit": "month", "interval": 1, "times": 1}


def edit(user: User, item: ItemText, *, line: str = "elderly", owners: tuple[str, ...] = ("网格员",)) -> ReviewChange:
    return actions_items.edit_item(
        acting_user=user, row=item, revision=item.revision, fields=ItemFields(line, owners, [], [MONTHLY])
    )


def test_edit_sets_what_was_given_and_says_who(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    edit(secretary, item, line="culture", owners=("老年协会",))
    item.refresh_from_db()
    assert (item.line, item.owners, item.schedules) == ("culture", ["老年协会"], [MONTHLY])
    assert (item.revision, item.changed_by) == (2, secretary)
    assert AuditRow.objects.filter(action="plan.item_edited", actor_id=secretary.pk, record_id=version.pk).count() == 1


def test_stale_edit_is_refused_with_both_values(version: PlanVersion, community: Community, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    edit(make.secretary("second", at=community), ItemText.objects.get(pk=item.pk), owners=("社区书记",))
    with pytest.raises(StaleRevision) as refused:
        edit(secretary, item, owners=("网格员",))
    assert "责任人：社区书记" in str(refused.value.theirs)
    assert "责任人：网格员" in str(refused.value.mine)
    item.refresh_from_db()
    assert item.owners == ["社区书记"]


def test_unknown_line_is_refused(version: PlanVersion, secretary: User) -> None:
    with pytest.raises(UserError, match="条线"):
        edit(secretary, row(version, "敬老联欢会"), line="poetry")


def test_undo_puts_back_and_can_be_undone(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    before = (item.line, item.owners, item.schedules)
    undone = actions_items.undo_change(acting_user=secretary, change=edit(secretary, item))
    item.refresh_from_db()
    assert (item.line, item.owners, item.schedules) == before
    actions_items.undo_change(acting_user=secretary, change=undone)
    item.refresh_from_db()
    assert item.owners == ["网格员"]


def test_undo_is_refused_once_someone_changed_the_item_again(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    change = edit(secretary, item)
    item.refresh_from_db()
    edit(secretary, item, owners=("社区书记",))
    with pytest.raises(StaleRevision):
        actions_items.undo_change(acting_user=secretary, change=change)


def test_drop_needs_a_reason_and_restore_brings_back(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    with pytest.raises(UserError, match="原因"):
        actions_items.drop_item(acting_user=secretary, row=item, revision=1, reason="  ")
    actions_items.drop_item(acting_user=secretary, row=item, revision=1, reason="与别的任务重复")
    item.refresh_from_db()
    assert item.dropped_reason == "与别的任务重复"
    actions_items.restore_item(acting_user=secretary, row=item, revision=item.revision)
    item.refresh_from_db()
    assert item.dropped_reason == ""


def test_added_item_is_trimmed_and_read(version: PlanVersion, secretary: User) -> None:
    gone = row(version, "补种树苗")
    ItemText.objects.filter(pk=gone.pk).delete()
    added, change = actions_items.add_item(
        acting_user=secretary, version=version, revision=1, start=gone.start - 2, end=gone.end + 1
    )
    assert version.text[added.start : added.end] == added.text
    assert "补种树苗80株" in added.text and not added.text.endswith("。")
    assert [target["value"] for target in added.targets] == [80]
    actions_items.undo_change(acting_user=secretary, change=change)
    assert not version.items.filter(pk=added.pk).exists()


def test_added_item_may_not_overlap(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    with pytest.raises(UserError, match="重叠"):
        actions_items.add_item(acting_user=secretary, version=version, revision=1, start=item.start, end=item.start + 4)


def test_merge_covers_both_keeps_the_longer_identity_and_is_undone(version: PlanVersion, secretary: User) -> None:
    first, second = row(version, "独居老人"), row(version, "敬老联欢会")
    merged, change = actions_structure.merge_items(
        acting_user=secretary, version=version, revision=1, pks=[first.pk, second.pk]
    )
    assert (merged.start, merged.end) == (first.start, second.end)
    assert merged.item_id == max(first, second, key=lambda item: len(item.text)).item_id
    assert merged.owners == ["网格员"]
    assert {form["kind"] for form in merged.schedules} == {"every", "named"}
    actions_items.undo_change(acting_user=secretary, change=change)
    assert {item.item_id for item in version.items.filter(start__gte=first.start, end__lte=second.end)} == {
        first.item_id,
        second.item_id,
    }


def test_merge_of_items_apart_is_refused(version: PlanVersion, secretary: User) -> None:
    pks = [row(version, "独居老人").pk, row(version, "助餐点").pk]
    with pytest.raises(UserError, match="相邻"):
        actions_structure.merge_items(acting_user=secretary, version=version, revision=1, pks=pks)


def test_split_shares_out_what_each_half_says(version: PlanVersion, secretary: User) -> None:
    merged, _ = actions_structure.merge_items(
        acting_user=secretary, version=version, revision=1,
        pks=[row(version, "独居老人").pk, row(version, "敬老联欢会").pk],
    )  # fmt: skip
    at = merged.start + merged.text.index("重阳节")
    front, _ = actions_structure.split_item(acting_user=secretary, version=version, revision=2, pk=merged.pk, at=at)
    back = row(version, "敬老联欢会")
    assert "独居老人" in front.text and "重阳节" not in front.text
    assert [form["kind"] for form in front.schedules] == ["every"]
    assert [form["kind"] for form in back.schedules] == ["named"]
    assert front.item_id != back.item_id


@pytest.mark.parametrize("at", ["start", "end", "outside"])
def test_split_needs_words_on_both_sides(version: PlanVersion, secretary: User, at: str) -> None:
    item = row(version, "敬老联欢会")
    place = {"start": item.start, "end": item.end, "outside": 0}[at]
    with pytest.raises(UserError, match="两边"):
        actions_structure.split_item(acting_user=secretary, version=version, revision=1, pk=item.pk, at=place)


def test_a_change_of_structure_needs_the_versions_revision(version: PlanVersion, secretary: User) -> None:
    first, second = row(version, "独居老人"), row(version, "敬老联欢会")
    actions_structure.merge_items(acting_user=secretary, version=version, revision=1, pks=[first.pk, second.pk])
    with pytest.raises(StaleRevision):
        actions_structure.split_item(
            acting_user=secretary, version=version, revision=1, pk=row(version, "补种树苗").pk, at=5
        )


def test_an_edit_of_an_item_that_was_merged_away_is_refused(version: PlanVersion, secretary: User) -> None:
    first, second = row(version, "独居老人"), row(version, "敬老联欢会")
    shorter = min(first, second, key=lambda item: len(item.text))
    actions_structure.merge_items(acting_user=secretary, version=version, revision=1, pks=[first.pk, second.pk])
    with pytest.raises(StaleRevision):
        edit(secretary, shorter)


def test_nothing_of_an_adopted_version_can_be_changed(version: PlanVersion, secretary: User) -> None:
    item = row(version, "敬老联欢会")
    actions.adopt(acting_user=secretary, version=version, edits=0)
    with pytest.raises(UserError, match="不能再改"):
        edit(secretary, item)
