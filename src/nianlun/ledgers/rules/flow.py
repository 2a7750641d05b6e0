"""How an entry moves: which steps are offered to whom, when its state is overdue, when enough people approved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from nianlun.ledgers.declarations.check_flow import DOER, reachable
from nianlun.ledgers.declarations.model import FieldSpec, Ledger, State, Transition
from nianlun.ledgers.rules.values import expression_of

IsWorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: their id, and the kinds of post they hold over the entry's place."""

    user_id: UUID
    posts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that somebody's post may make; `why_not` is not empty where something else stands against it."""

    step: Transition
    why_not: str = ""


def groups_of_steps(ledger: Ledger) -> frozenset[str]:
    """Headings under which steps alone ask something (复查, 审核): the form of a new entry leaves them out.

    One that stands first, or has something required, belongs to the filing.
    """
    of_steps = {code for step in ledger.flow.steps for code in needed(step)}
    groups: dict[str, list[FieldSpec]] = {}
    for spec in ledger.fields:
        groups.setdefault(spec.group, []).append(spec)
    first = ledger.fields[0].group
    return frozenset(
        title
        for title, specs in groups.items()
        if title != first
        and all(one.code in of_steps or one.kind == "computed" for one in specs)
        and not any(one.required or one.required_if for one in specs)
    )


def state_of(ledger: Ledger, status: str) -> State:
    return ledger.flow.states[status]


def step_of(ledger: Ledger, code: str) -> Transition | None:
    return next((step for step in ledger.flow.steps if step.code == code), None)


def offered(
    ledger: Ledger, status: str, values: Mapping[str, object], doers: Collection[UUID], actor: Actor, today: date,
    others_may: Callable[[Transition], bool] = lambda step: True,
) -> list[Offered]:  # fmt: skip
    """The steps out of a state that the actor's posts make, in the order of the declaration.

    `others_may` says whether anybody else in the community could make a step; where nobody can, the subdistrict does.
    """
    found = []
    for step in ledger.flow.steps:
        if status not in step.source or not may_make(step, doers, actor, others_may):
            continue
        if step.when and not expression_of(step.when).holds({**values, "status": status}, today):
            continue
        found.append(Offered(step, _why_not(step, doers, actor)))
    return found


def may_make(step: Transition, doers: Collection[UUID], actor: Actor, others_may: Callable[[Transition], bool]) -> bool:
    """Whether a post of the actor's is among those of the step."""
    if actor.posts & set(step.who) or (DOER in step.who and actor.user_id in doers):
        return True
    return step.second_person and "subdistrict" in actor.posts and not others_may(step)


def _why_not(step: Transition, doers: Collection[UUID], actor: Actor) -> str:
    if step.second_person and actor.user_id in doers:
        return "经办过这条记录的人不能自己核验，请另一位同事来办。"
    return ""


def enough(step: Transition, approved_by: Iterable[UUID], actor: Actor) -> tuple[bool, int]:
    """Whether the actor's approval is the last one needed, and how many distinct people there are with it."""
    count = len({*approved_by, actor.user_id})
    return count >= step.approvals, count


def due_of(
    ledger: Ledger, status: str, entered_on: date, values: Mapping[str, object], is_working: IsWorkingDay
) -> date | None:
    """By when the state asks to be left; None where it has no limit, or the day it counts from is not known."""
    limit = state_of(ledger, status).limit
    if limit is None:
        return None
    since = entered_on if limit.since == "entered" else values.get(limit.since)
    if not isinstance(since, date):
        return None
    return after(since, limit.days, is_working) if limit.working else since + timedelta(days=limit.days)


def after(day: date, days: int, is_working: IsWorkingDay) -> date:
    """So many working days after a day."""
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def escalates(ledger: Ledger, values: Mapping[str, object], today: date) -> bool:
    """Whether the subdistrict is to know of such an entry at once, in time or not."""
    return bool(ledger.flow.escalate_if) and expression_of(ledger.flow.escalate_if).holds(values, today)


def sends_back(ledger: Ledger, step: Transition) -> bool:
    """Whether a second person has the work done anew: nobody confirms it before it comes by the same state again.

    A step that leads on to where others confirm it sends nothing back.
    """
    if not step.second_person or step.verifies or state_of(ledger, step.target).final:
        return False
    ahead = reachable(ledger, step.target, but=step.source)
    return not any(_confirms(ledger, one) and ahead & {*one.source} for one in ledger.flow.steps)


def _confirms(ledger: Ledger, step: Transition) -> bool:
    return step.second_person and (step.verifies or state_of(ledger, step.target).final)


def stands_verified(ledger: Ledger, status: str) -> bool:
    """Whether a state is an end that only a second person leads to: what such an entry says stays."""
    unverified = reachable(ledger, steps=[step for step in ledger.flow.steps if not step.verifies])
    return state_of(ledger, status).final and status not in unverified


def diagram(ledger: Ledger) -> str:
    """The flow as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {ledger.flow.start}"]
    lines += [f"    {code}: {state.title}" for code, state in ledger.flow.states.items()]
    lines += [f"    {source} --> {step.target}: {step.title}" for step in ledger.flow.steps for source in step.source]
    lines += [f"    {code} --> [*]" for code, state in ledger.flow.states.items() if state.final]
    return "\n".join(lines)


def needed(step: Transition) -> Sequence[str]:
    """Fields that the step's form shows: what it needs first, then what it asks besides."""
    return [*step.needs, *(code for code in step.asks if code not in step.needs)]
