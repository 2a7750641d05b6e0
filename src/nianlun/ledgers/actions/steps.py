"""Steps of an entry's flow: by whom they may be made, what they need, and what they bring with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.ledgers.actions.booking import check_booked
from nianlun.ledgers.actions.papers import issue
from nianlun.ledgers.actions.writing import (
    Head,
    Refused,
    add_doer,
    differences,
    entry_changed,
    find_records,
    keep_digests,
    ledger_of,
    lock,
    save,
    take_files,
    taker,
    tell_at_once,
    write_values,
)
from nianlun.ledgers.declarations.model import Ledger, Transition
from nianlun.ledgers.handed_up import others_may
from nianlun.ledgers.models import Entry, EntryStep
from nianlun.ledgers.rights import actor_of
from nianlun.ledgers.rules.flow import due_of, enough, escalates, may_make, needed, offered, sends_back, step_of
from nianlun.ledgers.rules.stored import values_of
from nianlun.ledgers.rules.values import check_values
from nianlun.ledgers.working_days import WorkingDays
from nianlun.places.models import User
from nianlun.places.policy import Policy

NOTE_MOST = 500


@transaction.atomic
def make_step(
    *, acting_user: User, pk: UUID, revision: int | None, code: str, written: Mapping[str, object], note: str = ""
) -> Entry:
    """Make one step; raises Refused by field, PermissionDenied to the wrong post, UserError where it cannot be made."""
    entry = lock(pk, revision, {"step": code})
    ledger = ledger_of(entry)
    step = step_of(ledger, code)
    if step is None or entry.status not in step.source:
        raise UserError("这条记录的状态已经变了，请刷新后再办。")
    _must_be_offered(step, entry, ledger, acting_user)
    checked = check_values(
        ledger, {code: value for code, value in written.items() if code in needed(step)}, today=today(),
        before=values_of(ledger, entry.data, entry.sealed), needs=step.needs,
        take=taker(entry.community, values_of(ledger, entry.data)),
    )  # fmt: skip
    if step.note == "must" and len(note.strip()) < 2:
        checked.errors["note"] = "请写明原因。"
    check_booked(ledger, checked, entry.community, values_of(ledger, entry.data), entry.pk)
    find_records(ledger, checked, Head(entry.occurred_on), acting_user, entry.community)
    checked.errors = {code: said for code, said in checked.errors.items() if code in {*needed(step), "note"}}
    if checked.errors:
        raise Refused(checked.errors)
    changes = differences(ledger, values_of(ledger, entry.data, entry.sealed), checked.values)
    write_values(entry, ledger, checked.values)
    approvals = entry.steps.filter(step=step.code, target="", voided=False).values_list("by_id", flat=True)
    done, count = enough(step, approvals, actor_of(Policy(acting_user), entry))
    if not done and acting_user.pk in approvals:
        raise UserError("您已经同意过了，还需要其他人同意。")
    made = EntryStep.objects.create(
        entry=entry, step=step.code, title=step.title, source=entry.status, target=step.target if done else "",
        note=note.strip()[:NOTE_MOST], by=acting_user, at=now(),
    )  # fmt: skip
    if done:
        _arrive(entry, ledger, step, acting_user)
    save(entry)
    keep_digests(entry, ledger, checked.values)
    take_files(entry, ledger, acting_user)
    if done and step.paper:
        issue(entry=entry, code=step.paper, acting_user=acting_user)
    detail = {"step": step.title, "to": made.target, "approvals": count, "changes": changes}
    audit.record(
        "entry.step", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail=detail,
    )  # fmt: skip
    tell_at_once(entry, ledger, acting_user=acting_user)
    entry_changed.send(Entry, entry=entry, acting_user=acting_user)
    return entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry of a bulk step: done, or why not."""

    pk: UUID
    title: str
    why: str = ""


def make_steps(*, acting_user: User, chosen: Sequence[UUID], code: str, note: str = "") -> list[Outcome]:
    """The same step on many entries, each by itself: one that is refused does not hold up the others."""
    outcomes = []
    titles = dict(Entry.objects.filter(pk__in=chosen).values_list("pk", "title"))
    for pk in chosen:
        try:
            make_step(acting_user=acting_user, pk=pk, revision=None, code=code, written={}, note=note)
        except Refused as error:
            outcomes.append(Outcome(pk, titles.get(pk, ""), "；".join(error.errors.values())))
        except UserError as error:
            outcomes.append(Outcome(pk, titles.get(pk, ""), error.message))
        except PermissionDenied:
            outcomes.append(Outcome(pk, titles.get(pk, ""), "您的岗位不能办这一步。"))
        else:
            outcomes.append(Outcome(pk, titles.get(pk, "")))
    return outcomes


def _must_be_offered(step: Transition, entry: Entry, ledger: Ledger, user: User) -> None:
    actor = actor_of(Policy(user), entry)

    def others(one: Transition) -> bool:
        return others_may(one, entry, sensitive=ledger.sensitive)

    if not may_make(step, entry.doers, actor, others):
        raise PermissionDenied
    values = values_of(ledger, entry.data, entry.sealed)
    there = offered(ledger, entry.status, values, entry.doers, actor, today(), others)
    mine = next((one for one in there if one.step.code == step.code), None)
    if mine is None:
        raise UserError("现在还不能办这一步，请先核对记录。")
    if mine.why_not:
        raise UserError(mine.why_not)


def _arrive(entry: Entry, ledger: Ledger, step: Transition, user: User) -> None:
    """The entry is in its new state: its clock starts anew, and who sent it back is no doer of what follows."""
    entry.steps.filter(target="", voided=False).update(voided=True)
    returned = sends_back(ledger, step)
    entry.status = step.target
    if returned:
        entry.doers = []
    elif not step.second_person:
        add_doer(entry, user)
    final = ledger.flow.states[step.target].final
    entry.closed_on = today() if final else None
    values = values_of(ledger, entry.data, entry.sealed)
    if final or not escalates(ledger, {**values, "status": entry.status}, today()):
        entry.escalated_on = None
    entry.due_on = None if final else due_of(ledger, step.target, today(), values, WorkingDays())
