"""Handing out (分工): duties by line with whom they are with, and the words of ownership."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.duties.actions import hand_out as handing
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.forms import assignee_choices, people_choices
from nianlun.duties.models import Duty, Mode, OwnerWord
from nianlun.duties.viewing import chosen_rows, last_act, next_address, remember, rights
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_community, signed_in
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.plans.describe import say_schedule


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty with whom it is with."""

    duty: Duty
    schedule: str
    people: str
    unassigned: bool
    by_hand: bool
    words: list[tuple[str, bool]]  # each with whether it is mapped

    @property
    def chosen(self) -> str:
        return f"{self.duty.pk}:{self.duty.revision}"


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of ownership, how many duties it touches, and whom it means."""

    word: str
    count: int
    mapped: OwnerWord | None
    name: str
    vacant: bool = False  # what it means is no longer among the choices

    @property
    def value(self) -> str:
        return Whom.of(self.mapped).value if self.mapped else ""

    @property
    def mode(self) -> str:
        return self.mapped.mode if self.mapped else Mode.ANY


def handing_out(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.HAND_OUT)
    roster = Roster(here)
    hands = Hands.of_community(roster)
    duties = list(
        Duty.objects.filter(community=here, ended_on=None, ends_on__gte=today()).order_by(
            "year", "line", "created_at", "pk"
        )
    )
    mapped = {row.word: row for row in OwnerWord.objects.filter(community=here).select_related("user", "body")}
    years = sorted({duty.year for duty in duties})
    year = _year(request.GET.get("year", ""), years)
    everything = [_row(duty, hands, mapped) for duty in duties]
    rows = [row for row in everything if row.duty.year == year]
    line, who, query = request.GET.get("line", ""), request.GET.get("who", ""), request.GET.get("q", "").strip()
    shown = [row for row in rows if _wanted(row, hands, line, who, query)]
    lines = [(code, title, [row for row in shown if row.duty.line == code]) for code, title in LINE_TITLES.items()]
    words = _words(duties, mapped, roster)
    about = {
        "community": here,
        "lines": [entry for entry in lines if entry[2]],
        "line_choices": [
            (code, LINE_TITLES[code]) for code in LINE_TITLES if any(row.duty.line == code for row in rows)
        ],
        "people": people_choices(roster, "全部人员"),
        "assignees": assignee_choices(roster, "分给…"),
        "modes": Mode.choices,
        "words": words,
        "total": len(rows),
        "year": year,
        "years": [(one, sum(row.unassigned for row in everything if row.duty.year == one)) for one in years],
        "unmapped": sum(row.mapped is None for row in words),
        "unassigned": sum(row.unassigned for row in rows),
        "shown": len(shown),
        "line": line,
        "who": who,
        "q": query,
        "last_act": last_act(request),
        **rights(request, here),
    }
    return render(request, "duties/handing_out.html", about)


def _year(asked: str, years: list[int]) -> int:
    """The year asked for, else this year, else the next one that has duties."""
    otherwise = next((year for year in years if year >= today().year), years[-1] if years else today().year)
    return next((year for year in years if str(year) == asked), otherwise)


def _row(duty: Duty, hands: Hands, mapped: dict[str, OwnerWord]) -> DutyRow:
    held = hands.by_duty[duty.pk]
    return DutyRow(
        duty,
        "；".join(say_schedule(form) for form in duty.schedules) or "未写时限",
        hands.said(duty.pk),
        unassigned=not hands.people(duty.pk),
        by_hand=any(not one.word for one in held),
        words=[(word, word in mapped) for word in duty.owner_words],
    )


def _wanted(row: DutyRow, hands: Hands, line: str, who: str, query: str) -> bool:
    if line and row.duty.line != line:
        return False
    if who == "none" and not row.unassigned:
        return False
    if who and who != "none" and who not in {str(pk) for pk in hands.people(row.duty.pk)}:
        return False
    return not query or query in row.duty.title or any(query in word for word, _ in row.words)


def _words(duties: list[Duty], mapped: dict[str, OwnerWord], roster: Roster) -> list[WordRow]:
    counts = Counter(word for duty in duties for word in duty.owner_words)
    rows = [
        WordRow(
            word,
            count,
            mapped.get(word),
            roster.name_of(mapped[word]) if word in mapped else "",
            vacant=word in mapped and not roster.people_of(mapped[word]),
        )
        for word, count in counts.items()
    ]
    return sorted(rows, key=lambda row: (row.mapped is not None, -row.count, row.word))


@require_POST
def hand_out(request: HttpRequest, community: str) -> HttpResponse:
    """The ticked duties, or a whole line of them, to one assignee."""
    here = access_community(request, community, May.HAND_OUT)
    chosen = chosen_rows(request.POST.getlist("chosen"))
    user = signed_in(request)
    if request.POST.get("back_to_words"):
        rows = handing.back_to_words(acting_user=user, community=here, chosen=chosen)
        remember(request, f"{len(rows)} 项任务已恢复按计划的责任人分工。", rows)
    else:
        to = Whom.parse(request.POST.get("to", ""), request.POST.get("mode", ""))
        rows = handing.hand_out(acting_user=user, community=here, chosen=chosen, to=to)
        remember(request, f"已分出 {len(rows)} 项任务。", rows)
    return redirect(next_address(request, _home(here)))


@require_POST
def map_word(request: HttpRequest, community: str) -> HttpResponse:
    """Whom a word means; nothing chosen forgets it."""
    here = access_community(request, community, May.HAND_OUT)
    word, to = request.POST.get("word", "").strip(), request.POST.get("to", "")
    if not word or len(word) > 60:
        raise UserError("请选择要对应的责任人。")
    mode, seen = request.POST.get("mode", ""), request.POST.get("seen", "")
    whom = Whom.parse(to, mode) if to else None
    row = handing.map_word(
        acting_user=signed_in(request), community=here, word=word, to=whom,
        seen=Whom.parse(seen, request.POST.get("seen_mode", "")) if seen else None,
    )  # fmt: skip
    remember(request, f"“{word}”的对应已保存，相关任务已随之分工。" if whom else f"“{word}”不再对应任何人。", [row])
    return redirect(next_address(request, _home(here) + "#words"))


def _home(community: Community) -> str:
    return reverse("duties:handing_out", args=[community.code])
