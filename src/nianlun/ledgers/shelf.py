"""A community's ledgers as a shelf: by line of work, with what is open and overdue in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import may_file, may_see_any, sees_list, visible
from nianlun.places.lines import LINE_TITLES
from nianlun.places.viewing import CommunityViewer

ALL_LINES = "各条线通用"
RECENT, LOOKED_BACK = 4, 60


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger on the shelf; the counts are of what the viewer may see."""

    ledger: Ledger
    may_file: bool
    open: int = 0
    overdue: int = 0
    lasting: int = 0  # neither: in a good state that goes on, such as a lamp in use or a rule in force
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    recent: list[Book]
    by_line: dict[str, list[Book]]  # line's code ("" for ledgers of all lines): in the order of the lines


def shelf(viewer: CommunityViewer) -> Shelf:
    """As many queries as there are kinds of rights among the ledgers, however many entries they hold."""
    held = catalogue.readable_at(viewer.community)
    ledgers = {
        code: one.ledger for code, one in held.items() if may_see_any(viewer.policy, one.ledger, viewer.community)
    }
    counts = _counts(viewer, ledgers)
    books = {
        code: Book(
            ledger, not held[code].retired and may_file(viewer.policy, ledger, viewer.community),
            *counts.get(code, (0, 0, 0)), retired=held[code].retired,
        )
        for code, ledger in ledgers.items()
        if code in counts or sees_list(viewer.policy, ledger, viewer.community)
    }  # fmt: skip
    by_line: dict[str, list[Book]] = {line: [] for line in ("", *LINE_TITLES)}
    for book in books.values():
        by_line[_line_of(book.ledger)].append(book)
    recent = [books[code] for code in _used_by(viewer) if code in books][:RECENT]
    return Shelf(recent, {line: some for line, some in by_line.items() if some})


def by_lines(ledgers: Iterable[Ledger]) -> list[tuple[str, list[Ledger]]]:
    """For a list to choose from: (title of the line, its ledgers), those of all lines first."""
    found: dict[str, list[Ledger]] = {line: [] for line in ("", *LINE_TITLES)}
    for ledger in ledgers:
        found[_line_of(ledger)].append(ledger)
    return [(LINE_TITLES.get(line, ALL_LINES), some) for line, some in found.items() if some]


def _line_of(ledger: Ledger) -> str:
    return ledger.lines[0] if ledger.lines and ledger.lines[0] in LINE_TITLES else ""


def _counts(viewer: CommunityViewer, ledgers: dict[str, Ledger]) -> dict[str, tuple[int, int, int]]:
    """By code, how many entries wait for something, how many are overdue, and how many go on in a good state."""
    alike: defaultdict[tuple[bool, frozenset[str]], list[Ledger]] = defaultdict(list)
    for ledger in ledgers.values():
        alike[ledger.sensitive, frozenset(ledger.sees)].append(ledger)
    found: dict[str, tuple[int, int, int]] = {}
    for some in alike.values():
        entries: QuerySet[Entry] = Entry.objects.filter(
            community=viewer.community, ledger__in=[one.ledger for one in some], closed_on=None, withdrawn_at=None
        )
        counted = (
            visible(viewer.policy, some[0], entries)
            .order_by()
            .values("ledger", "status")
            .annotate(there=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today())))
        )
        for row in counted:
            state = ledgers[row["ledger"]].flow.states.get(row["status"])
            well = row["there"] - row["late"] if state is not None and state.tone == "good" else 0
            waiting, overdue, lasting = found.get(row["ledger"], (0, 0, 0))
            found[row["ledger"]] = waiting + row["there"] - well, overdue + row["late"], lasting + well
    return found


def _used_by(viewer: CommunityViewer) -> list[str]:
    """Codes of the ledgers that the user filed into last, the latest first."""
    mine = Entry.objects.filter(community=viewer.community, recorded_by=viewer.user).order_by("-pk")
    return list(dict.fromkeys(mine.values_list("ledger", flat=True)[:LOOKED_BACK]))
