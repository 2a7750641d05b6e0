"""Entries that an entry opens: by itself when it is filed, or by a button; the link is kept both ways."""

from __future__ import annotations

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import unseal
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.writing import Head, Refused, ledger_of
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.model import FollowOn
from nianlun.ledgers.models import Entry, EntryLink
from nianlun.ledgers.rules.following import Names, filled, parts_of, secret_fills
from nianlun.ledgers.rules.standing import defaults
from nianlun.ledgers.rules.stored import secret_codes, values_of
from nianlun.places.models import User


@transaction.atomic
def open_automatic(*, acting_user: User, entry: Entry) -> list[Entry]:
    """Open what is to be opened and is not yet: a later change of the entry opens only what came with it."""
    ledger = ledger_of(entry)
    automatic = [follow for follow in ledger.follow_ons if follow.automatic and follow.opens != "duty"]
    if not automatic or entry.withdrawn_at is not None:
        return []
    values = values_of(ledger, entry.data, entry.sealed)
    if not any(values.get(follow.each) for follow in automatic if follow.each) and all(one.each for one in automatic):
        return []
    checklists = catalogue.checklists_for(entry.community, values.values())
    held = catalogue.ledgers_at(entry.community)
    links = EntryLink.objects.filter(source=entry).values_list("target__ledger", "part")
    there = set(links)  # by point, not by title: a point that is now grave has its hazard already
    made = []
    for follow in automatic:
        for part, names in parts_of(ledger, follow, values, checklists, today()).items():
            if (follow.opens, part) not in there and follow.opens in held:
                made.append(_open(acting_user, entry, follow, part, names, held[follow.opens]))
                there.add((follow.opens, part))
    return made


def _open(user: User, entry: Entry, follow: FollowOn, part: str, names: Names, held: Held) -> Entry:
    secret = frozenset(entry.sealed)
    must = {spec.code for spec in held.ledger.fields if spec.required}
    written = {code: value for code, value in defaults(held.ledger, today()).items() if code in must}
    written |= filled(follow, names, secret_codes(ledger_of(entry)) | secret, today())
    written.update({code: unseal(entry.sealed[name]) for code, name in secret_fills(follow, secret).items()})
    fits = entry.subject_kind in held.ledger.about
    late = (today() - entry.occurred_on).days > held.ledger.late_after
    head = Head(
        entry.occurred_on, entry.subject_kind if fits else "", str(entry.subject_id) if fits else "",
        entry.building_id, entry.grid_id, late_reason=(entry.late_reason or f"由{entry.title}引出") if late else "",
    )  # fmt: skip
    try:
        opened = file_entry(acting_user=user, community=entry.community, held=held, head=head, written=written)
    except Refused as error:
        said = "；".join(error.errors.values())
        raise UserError(f"要同时登记“{follow.title}”，但还缺内容：{said}") from error
    link_opened(acting_user=user, source=entry, target=opened, follow=follow.title, part=part)
    return opened


@transaction.atomic
def link_opened(*, acting_user: User, source: Entry, target: Entry, follow: str, part: str = "") -> EntryLink:
    """Keep that one entry opened the other."""
    link, fresh = EntryLink.objects.get_or_create(
        source=source, target=target, follow_on=follow[:40], part=part[:60]
    )  # fmt: skip
    if fresh:
        audit.record(
            "entry.opened", actor_id=acting_user.pk, kind="entry", record_id=source.pk,
            subdistrict_id=source.subdistrict_id, detail={"ledger": target.ledger, "target": str(target.pk)},
        )  # fmt: skip
    return link
