"""节假日与特定日子: tables that everybody may read and administrators edit, shared by all communities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from nianlun.duties.actions import tables as acts
from nianlun.duties.calendar.named_days import Recurring
from nianlun.duties.calendar.shipped import announced_years
from nianlun.duties.effect import moved_by
from nianlun.duties.forms_tables import HolidayForm, NamedDayForm
from nianlun.duties.models import HolidayYear
from nianlun.duties.rule_words import rule_said, span_said
from nianlun.duties.tables import NamedRow, named_rows, year_table
from nianlun.duties.viewing import revision_of
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import policy_of, signed_in
from nianlun.places.policy import May

PER_PAGE = 50
FOLLOWS = "各社区的任务日期正在随之更新。"


def _may_edit(request: HttpRequest) -> bool:
    return policy_of(request).allows_anywhere(May.TABLES)


def _require_edit(request: HttpRequest) -> None:
    if not _may_edit(request):
        raise PermissionDenied


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    return int(given) if given.isdecimal() and len(given) == 4 and int(given) in acts.YEARS else today().year


def holidays(request: HttpRequest) -> HttpResponse:
    """A year's days off and make-up working days."""
    year, this = _year(request), today().year
    kept = set(HolidayYear.objects.filter(edited=True).values_list("year", flat=True))
    table = year_table(year)
    about = {
        "table": table,
        "year": year,
        "years": sorted(({*range(this - 1, this + 3), year} | kept) & set(acts.YEARS)),
        "announced": year in announced_years(),
        "may_edit": _may_edit(request),
        "off": sum(row.off for row in table.rows),
        "worked": sum(not row.off for row in table.rows),
    }
    return render(request, "duties/holidays.html", about)


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('duties:holidays')}?{urlencode({'year': year})}")


def new_holiday(request: HttpRequest) -> HttpResponse:
    """Add a day to the table."""
    _require_edit(request)
    year = _year(request)
    form = HolidayForm(request.POST or None, initial={"day": None if year == today().year else date(year, 1, 1)})

    def act() -> None:
        acts.add_day(acting_user=signed_in(request), given=form.given())

    return _holiday_page(request, form, act, f"新增一天（{year}年）", year)


def holiday(request: HttpRequest, day: str) -> HttpResponse:
    """Change a day of the table."""
    _require_edit(request)
    on = _day(day)
    row = next((row for row in year_table(on.year).rows if row.day == on), None)
    if row is None:
        if request.method == "POST":
            raise StaleRevision("这一天刚刚有别人改过。", mine=f"{on}", theirs=f"{on} 已从表中删除")
        raise Http404
    revision = revision_of(request) if request.method == "POST" else row.revision
    form = HolidayForm(request.POST) if request.method == "POST" else HolidayForm.of(row)

    def act() -> None:
        acts.change_day(acting_user=signed_in(request), day=on, revision=revision, given=form.given())

    return _holiday_page(request, form, act, f"修改 {acts.day_said(row)}", on.year, revision)


def _holiday_page(
    request: HttpRequest, form: HolidayForm, act: Callable[[], None], title: str, year: int, revision: int | None = None
) -> HttpResponse:
    moved, counted = None, False
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                act()
                messages.success(request, f"已保存：{acts.day_said(form.given())}。{FOLLOWS}")
                return _to_year(form.given().day.year)
            moved, counted = moved_by(act), True
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error(None, error.message)
    about = {"form": form, "title": title, "year": year, "revision": revision, "moved": moved, "counted": counted}
    return render(request, "duties/holiday_form.html", about, status=422 if form.errors else 200)


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise Http404 from error
    if day.year not in acts.YEARS:
        raise Http404
    return day


@require_POST
def delete_holiday(request: HttpRequest, day: str) -> HttpResponse:
    _require_edit(request)
    on = _day(day)
    acts.delete_day(acting_user=signed_in(request), day=on, revision=revision_of(request))
    messages.success(request, f"已删除 {on}，这一天按平常日子算。{FOLLOWS}")
    return _to_year(on.year)


@require_POST
def confirm_year(request: HttpRequest, year: int) -> HttpResponse:
    _require_edit(request)
    acts.confirm_year(acting_user=signed_in(request), year=year, revision=revision_of(request))
    messages.success(request, f"{year}年的放假安排已确认，不再标“暂定”。{FOLLOWS}")
    return _to_year(year)


@require_POST
def reset_year(request: HttpRequest, year: int) -> HttpResponse:
    _require_edit(request)
    acts.reset_year(acting_user=signed_in(request), year=year, revision=revision_of(request))
    messages.success(request, f"{year}年已恢复默认。{FOLLOWS}")
    return _to_year(year)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A named day as a line of the list."""

    row: NamedRow
    said: str
    days: str

    @property
    def fixed(self) -> bool:
        """Names that stand for many days of the year are found in the calendar itself: there is nothing to edit."""
        return isinstance(self.row.rule.when, Recurring)


def named_days(request: HttpRequest) -> HttpResponse:
    """Festivals, observances, seasons: what each is called, by which rule it falls, and when this year."""
    year, words = _year(request), request.GET.get("q", "").strip()
    rows = [row for row in named_rows() if not words or any(words in word for word in acts.words_of(row.rule))]
    if request.GET.get("only") == "edited":
        rows = [row for row in rows if row.edited]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [
        ShownDay(row, rule_said(row.rule), "、".join(span_said(span) for span in row.rule.spans(year))) for row in page
    ]
    about = {
        "page": page, "shown": shown, "year": year, "q": words, "only": request.GET.get("only", ""),
        "years": [*range(today().year, today().year + 3)], "may_edit": _may_edit(request),
    }  # fmt: skip
    return render(request, "duties/named_days.html", about)


def new_named_day(request: HttpRequest) -> HttpResponse:
    _require_edit(request)
    form = NamedDayForm(request.POST or None)

    def act() -> None:
        acts.add_named_day(acting_user=signed_in(request), rule=form.rule(), when=form.when())

    return _named_page(request, form, act, "新增特定日子", None)


def named_day(request: HttpRequest, name: str) -> HttpResponse:
    """Change the rule of a name."""
    _require_edit(request)
    row = next((row for row in named_rows() if row.rule.name == name), None)
    if row is None or isinstance(row.rule.when, Recurring):
        raise Http404
    posted = request.method == "POST"
    revision = revision_of(request) if posted else row.revision
    form = NamedDayForm(request.POST if posted else None, initial=NamedDayForm.initial_of(row.rule), keeps_name=True)

    def act() -> None:
        acts.change_named_day(acting_user=signed_in(request), rule=form.rule(), when=form.when(), revision=revision)

    return _named_page(request, form, act, f"修改“{name}”", row, revision)


def _named_page(
    request: HttpRequest,
    form: NamedDayForm,
    act: Callable[[], None],
    title: str,
    row: NamedRow | None,
    revision: int | None = None,
) -> HttpResponse:
    moved, counted = None, False
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                act()
                messages.success(request, f"已保存：{form.rule().name}，{rule_said(form.rule())}。{FOLLOWS}")
                return redirect(f"{reverse('duties:named_days')}?{urlencode({'q': form.rule().name})}")
            moved, counted = moved_by(act), True
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error(None, error.message)
    about = {
        "form": form, "title": title, "row": row, "revision": revision, "moved": moved, "counted": counted,
        "said": rule_said(row.rule) if row else "",
    }  # fmt: skip
    return render(request, "duties/named_day_form.html", about, status=422 if form.errors else 200)


@require_POST
def reset_named_day(request: HttpRequest, name: str) -> HttpResponse:
    _require_edit(request)
    acts.reset_named_day(acting_user=signed_in(request), name=name, revision=revision_of(request))
    back = next((row for row in named_rows() if row.rule.name == name), None)
    said = f"“{name}”已恢复默认：{rule_said(back.rule)}" if back else f"已删除“{name}”"
    messages.success(request, f"{said}。{FOLLOWS}")
    return redirect("duties:named_days")
