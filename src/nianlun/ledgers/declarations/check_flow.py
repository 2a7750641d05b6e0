"""What must hold of a ledger's flow: every state is reached, owned and left, and the doer never verifies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nianlun.ledgers.declarations.check_fields import OF_EVERY_ENTRY, expression
from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import Ledger, Transition
from nianlun.ledgers.declarations.source import Source

OF_A_COMMUNITY = ("secretary", "worker", "grid_worker")  # who see its entries without being named in `sees`
DOER = "doer"  # whoever filed the entry, or it was handed to


def check_flow(ledger: Ledger, source: Source, posts: Mapping[str, str]) -> None:
    flow = ledger.flow
    fields = {field.code: field.kind for field in ledger.fields}
    if flow.start not in flow.states:
        source.fault(Fault.NO_START, ("flow", "start"), flow.start)
    seen: set[str] = set()
    for place, step in enumerate(flow.steps):
        path = ("flow", "steps", place)
        if step.code in seen:
            source.fault(Fault.TWICE, (*path, "code"), step.code)
        seen.add(step.code)
        _check_step(step, ledger, source, path, posts)
    for code, state in flow.states.items():
        limit = state.limit
        if limit is not None and limit.since != "entered" and fields.get(limit.since) != "date":
            source.fault(Fault.BAD_LIMIT, ("flow", "states", code, "limit"), state.title)
        leaves = any(code in step.source for step in flow.steps)
        if not leaves and not state.final:
            source.fault(Fault.DEAD_END, ("flow", "states", code), state.title)
    expression(flow.escalate_if, source, ("flow", "escalate_if"), {*fields, *OF_EVERY_ENTRY})
    for code in sorted(set(flow.states) - reachable(ledger)):
        source.fault(Fault.UNREACHABLE, ("flow", "states", code), flow.states[code].title)
    for key in ("files_by", "sees"):
        for place, post in enumerate(getattr(ledger, key)):
            if post not in posts:
                source.fault(Fault.UNKNOWN_POST, (key, place), post, "、".join(posts))


def _check_step(
    step: Transition, ledger: Ledger, source: Source, path: tuple[str | int, ...], posts: Mapping[str, str]
) -> None:
    codes = {field.code for field in ledger.fields}
    for state in (*step.source, step.target):
        if state not in ledger.flow.states:
            source.fault(Fault.UNKNOWN_STATE, path, state)
    if not step.who:
        source.fault(Fault.NO_OWNER, path, step.title)
    for post in step.who:
        if post != DOER and post not in posts:
            source.fault(Fault.UNKNOWN_POST, (*path, "who"), post, "、".join(posts))
        elif post != DOER and post not in {*OF_A_COMMUNITY, *ledger.sees}:
            source.fault(Fault.NOT_SEEN, (*path, "who"), step.title, posts[post])
    for key in ("needs", "asks"):
        for code in getattr(step, key):
            if code not in codes:
                source.fault(Fault.UNKNOWN_FIELD, (*path, key), code)
    if step.verifies and not step.second_person:
        source.fault(Fault.SAME_PERSON, path, step.title)
    expression(step.when, source, (*path, "when"), codes | OF_EVERY_ENTRY)


def reachable(
    ledger: Ledger, start: str = "", *, but: Collection[str] = (), steps: Iterable[Transition] | None = None
) -> set[str]:
    """The states that a row of steps (all, or these) leads to from the start or another one, none past `but`."""
    taken = ledger.flow.steps if steps is None else list(steps)
    found, waiting = set[str](), [start or ledger.flow.start]
    while waiting:
        state = waiting.pop()
        if state not in found and state not in but:
            found.add(state)
            waiting += [step.target for step in taken if state in step.source]
    return found
