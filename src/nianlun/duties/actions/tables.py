"""Edits of the tables of holidays and named days, shared by every community; what is due follows by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.duties.calendar import NamedDay as Rule
from nianlun.duties.calendar import RuleError
from nianlun.duties.jobs import queue_follow_tables
from nianlun.duties.models import Holiday, HolidayYear, NamedDay
from nianlun.duties.rule_words import rule_said
from nianlun.duties.tables import named_rows, rule_of, shipped_year
from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.models import User
from nianlun.places.policy import May, Policy

RECORDS = uuid5(NAMESPACE_URL, "nianlun:tables")
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class SpecialDayGiven:
    """A day as people fill it in: off, or worked in exchange."""

    day: date
    name: str
    off: bool
    tentative: bool = False


def record_of_year(year: int) -> UUID:
    """The id by which the audit trail knows a year of the holiday table."""
    return uuid5(RECORDS, f"holidays/{year}")


def record_of_name(name: str) -> UUID:
    return uuid5(RECORDS, f"named/{name}")


def day_said(row: Holiday | SpecialDayGiven) -> str:
    """A row in words: 2027-10-01 国庆节 放假（暂定）."""
    return f"{row.day} {row.name} {'放假' if row.off else '调休上班'}{'（暂定）' if row.tentative else ''}"


@transaction.atomic
def add_day(*, acting_user: User, given: SpecialDayGiven) -> None:
    """A day off or a make-up working day that the year does not have yet."""
    year = _own(acting_user, given.day.year)
    _check(given)
    if row := Holiday.objects.filter(day=given.day).first():
        raise UserError(f"{given.day} 已在表中（{day_said(row)}），请直接修改那一行。")
    _store(year, given)
    _note_year(acting_user, year, "holiday.added", after=day_said(given))


@transaction.atomic
def change_day(*, acting_user: User, day: date, revision: int, given: SpecialDayGiven) -> None:
    """Another name, kind or day of the same year for a row, as it was seen at that revision."""
    year = _own(acting_user, day.year)
    row = _row(day, revision, mine=day_said(given))
    if given.day.year != day.year:
        raise UserError(f"这一行属于{day.year}年；换到别的年份，请在那一年新增。")
    _check(given)
    if given.day != day and (other := Holiday.objects.filter(day=given.day).first()):
        raise UserError(f"{given.day} 已在表中（{day_said(other)}），请直接修改那一行。")
    before = day_said(row)
    row.delete()
    _store(year, given)
    _note_year(acting_user, year, "holiday.changed", before=before, after=day_said(given))


@transaction.atomic
def delete_day(*, acting_user: User, day: date, revision: int) -> None:
    """The day is an ordinary one again."""
    year = _own(acting_user, day.year)
    row = _row(day, revision, mine="删除这一行")
    before = day_said(row)
    row.delete()
    _touch(year)
    _note_year(acting_user, year, "holiday.deleted", before=before)


@transaction.atomic
def confirm_year(*, acting_user: User, year: int, revision: int) -> None:
    """The year's days are as announced: none is 暂定 any more."""
    own = _own(acting_user, year, revision, mine="确认本年")
    _touch(own)
    changed = Holiday.objects.filter(day__year=year, tentative=True).update(tentative=False, revision=own.revision)
    _note_year(acting_user, own, "holiday.confirmed", days=changed)


@transaction.atomic
def reset_year(*, acting_user: User, year: int, revision: int) -> None:
    """The year is as shipped again; what people had is kept in the audit trail."""
    own = _own(acting_user, year, revision, mine="恢复默认")
    rows = Holiday.objects.filter(day__year=year)
    before = [day_said(row) for row in rows]
    rows.delete()
    own.edited = False
    _touch(own)
    _note_year(acting_user, own, "holiday.reset", before=before)


@transaction.atomic
def add_named_day(*, acting_user: User, rule: Rule, when: Mapping[str, Any]) -> None:
    """A name of people's own; it must not be taken, nor any other way to write it."""
    _may(acting_user)
    row = _locked_name(rule.name)
    if row.edited or any(found.rule.name == rule.name for found in named_rows()):
        raise UserError(f"“{rule.name}”已在表中，请直接修改。")
    _save_named(acting_user, row, rule, when, "named_day.added", before="")


@transaction.atomic
def change_named_day(*, acting_user: User, rule: Rule, when: Mapping[str, Any], revision: int) -> None:
    """Another rule for a name, as it was seen at that revision; the name itself stays: plans are read by it."""
    _may(acting_user)
    row = _locked_name(rule.name)
    now = next((found for found in named_rows() if found.rule.name == rule.name), None)
    if now is None or row.revision != revision:
        theirs = rule_said(now.rule) if now else "已删除"
        raise StaleRevision(f"“{rule.name}”刚刚有别人改过。", mine=rule_said(rule), theirs=theirs)
    _save_named(acting_user, row, rule, when, "named_day.changed", before=rule_said(now.rule))


@transaction.atomic
def reset_named_day(*, acting_user: User, name: str, revision: int) -> None:
    """As shipped again; a name that people added is gone."""
    _may(acting_user)
    row = _locked_name(name)
    if row.revision != revision or not row.edited:
        theirs = rule_said(rule_of(row)) if row.edited else "已恢复默认"
        raise StaleRevision(f"“{name}”刚刚有别人改过。", mine="恢复默认", theirs=theirs)
    before = rule_said(rule_of(row))
    row.edited = False
    row.revision += 1
    row.save()
    _note_named(acting_user, name, "named_day.reset", before=before)


def _may(acting_user: User) -> None:
    if not Policy(acting_user).allows_anywhere(May.TABLES):
        raise PermissionDenied


def _own(acting_user: User, year: int, revision: int | None = None, *, mine: object = None) -> HolidayYear:
    """The year, locked, its shipped rows copied when it is edited for the first time."""
    _may(acting_user)
    if year not in YEARS:
        raise UserError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间。")
    HolidayYear.objects.get_or_create(year=year)
    own = HolidayYear.objects.select_for_update().get(year=year)
    if revision is not None and own.revision != revision:
        rows = Holiday.objects.filter(day__year=year) if own.edited else shipped_year(year)
        theirs = "\n".join(day_said(row) for row in rows)
        raise StaleRevision(f"{year}年的表刚刚有别人改过，请看清再决定。", mine=mine, theirs=theirs)
    if not own.edited:
        Holiday.objects.filter(day__year=year).delete()
        Holiday.objects.bulk_create(shipped_year(year, own.revision))
        own.edited = True
        own.save(update_fields=["edited"])
    return own


def _row(day: date, revision: int, *, mine: object) -> Holiday:
    row = Holiday.objects.filter(day=day).first()
    if row is None or row.revision != revision:
        raise StaleRevision("这一天刚刚有别人改过。", mine=mine, theirs=day_said(row) if row else f"{day} 已从表中删除")
    return row


def _check(given: SpecialDayGiven) -> None:
    if not given.off and given.day.weekday() < 5:
        raise UserError(f"{given.day} 是周一到周五，本来就上班，不用登记调休上班。")


def _touch(year: HolidayYear) -> None:
    year.revision += 1
    year.save(update_fields=["revision", "edited"])


def _store(year: HolidayYear, given: SpecialDayGiven) -> None:
    _touch(year)
    Holiday.objects.create(
        day=given.day, name=given.name, off=given.off, tentative=given.tentative, revision=year.revision
    )


def _locked_name(name: str) -> NamedDay:
    NamedDay.objects.get_or_create(name=name, defaults={"when": {}})
    return NamedDay.objects.select_for_update().get(name=name)


def _save_named(
    acting_user: User, row: NamedDay, rule: Rule, when: Mapping[str, Any], action: str, *, before: str
) -> None:
    _check_words(rule)
    row.when, row.days, row.tentative, row.aliases = dict(when), rule.days, rule.tentative, list(rule.aliases)
    row.edited = True
    row.revision += 1
    try:
        rule_of(row)
    except RuleError as error:
        raise UserError("日期规则没有填对，请检查。") from error
    row.save()
    _note_named(acting_user, rule.name, action, before=before, after=rule_said(rule))


def _check_words(rule: Rule) -> None:
    """A word may mean one day only."""
    taken = {word: one.rule.name for one in named_rows() for word in words_of(one.rule) if one.rule.name != rule.name}
    for word in words_of(rule):
        if word in taken:
            raise UserError(f"“{word}”已经用来指“{taken[word]}”，请换一个写法。")


def words_of(rule: Rule) -> Sequence[str]:
    """The name and the other ways to write it."""
    return [rule.name, *rule.aliases]


def _note_year(acting_user: User, year: HolidayYear, action: str, **detail: Any) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="holiday_year", record_id=record_of_year(year.year),
        subdistrict_id=None, detail={"year": year.year, **detail},
    )  # fmt: skip
    queue_follow_tables()


def _note_named(acting_user: User, name: str, action: str, **detail: Any) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="named_day", record_id=record_of_name(name),
        subdistrict_id=None, detail={"name": name, **detail},
    )  # fmt: skip
    queue_follow_tables()
