"""The demo's done duties and the entries that were made for them, brought together by their secretaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel import audit
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.models import DutyEntry, Entry, ItemLedger
from nianlun.ledgers.registers.columns import in_words
from nianlun.places.models import Community, User
from nianlun.places.search.grams import pieces

AROUND = timedelta(days=5)  # how far an entry may lie from the day on which its duty was done


def load_ring(users: Mapping[str, User], secretaries: Mapping[str, str]) -> None:
    """After the year's entries: a done time gets the nearest entry of a ledger that its item is bound to."""
    for code, secretary in secretaries.items():
        community = Community.objects.get(code=code)
        links = _links(community, users[secretary])
        DutyEntry.objects.bulk_create(links)
        titles = {code: held.ledger.title for code, held in catalogue.ledgers_at(community).items()}
        for action, kind, told in (
            ("entry.linked", "entry", [(one.entry_id, {"occurrence": str(one.occurrence_id)}) for one in links]),
            (
                "occurrence.entry_linked", "occurrence",
                [
                    (one.occurrence_id, {"entry": str(one.entry_id), "ledger": titles[one.entry.ledger]})
                    for one in links
                ],
            ),
        ):  # fmt: skip
            audit.record_many(
                action, told, actor_id=users[secretary].pk, kind=kind, subdistrict_id=community.subdistrict_id
            )  # fmt: skip


def _links(community: Community, secretary: User) -> list[DutyEntry]:
    bound: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = ItemLedger.objects.filter(item__duty__community=community, refused=False)
    for item, ledger in rows.values_list("item_id", "ledger"):
        bound[item].add(ledger)
    free: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(community=community, withdrawn_at=None).order_by("occurred_on", "pk"):
        free[entry.ledger].append(entry)
    words = {entry.pk: _words(entry) for some in free.values() for entry in some}
    done = Occurrence.objects.filter(community=community, status=OccurrenceStatus.DONE, duty__item__isnull=False)
    links = []
    for one in done.select_related("duty").order_by("done_on", "pk"):
        if one.done_on is None or one.duty.item_id is None:
            continue
        near = [
            (abs(entry.occurred_on - one.done_on), entry)
            for ledger in sorted(bound[one.duty.item_id])
            for entry in free[ledger]
            if one.line in entry.lines and pieces(one.duty.title) & words[entry.pk]
        ]
        away, best = min(near, key=lambda pair: (pair[0], pair[1].pk), default=(AROUND * 2, None))
        if best is not None and away <= AROUND:
            free[best.ledger].remove(best)
            links.append(DutyEntry(occurrence=one, entry=best, linked_by=secretary))
    return links


def _words(entry: Entry) -> set[str]:
    """Pieces of its title and of what was chosen in it, such as 治安巡逻: a duty and its entry have one in common."""
    chosen = [spec for spec in ledger_of(entry).fields if spec.kind in {"choice", "choices"}]
    said = (in_words(spec, entry.data.get(spec.code), {}) for spec in chosen)
    return set().union(*(pieces(words) for words in (entry.title, *said)))
