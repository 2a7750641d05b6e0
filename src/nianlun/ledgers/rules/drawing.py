"""A ledger's flow as a drawing: states under each other in the order of their declaration, steps as numbered arrows.

Those to the next state run straight down, those further down at the right, those back up at the left; lengths are in
units of the drawing, which a page scales to its width.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nianlun.ledgers.declarations.model import Ledger, State

BOX_WIDTH, BOX_HEIGHT, GAP, LANE, MARGIN = 128, 34, 34, 18, 12
ROW = BOX_HEIGHT + GAP


@dataclass(frozen=True, slots=True)
class Box:
    """A state; `again` are the numbers of steps that lead from it to itself."""

    state: State
    x: int
    y: int
    start: bool
    again: str

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2

    @property
    def centre(self) -> int:
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path` is that of an SVG; the numbers of its steps stand at `x`, `y`, `wide` units wide."""

    path: str
    numbers: str
    x: int
    y: int

    @property
    def wide(self) -> int:
        return 10 + 7 * len(self.numbers)

    @property
    def half(self) -> float:
        return self.wide / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]


def drawing_of(ledger: Ledger) -> Drawing:
    """Steps are numbered from 1 in the order of their declaration; those between the same two states share an arrow."""
    order = {code: place for place, code in enumerate(ledger.flow.states)}
    between: dict[tuple[int, int], list[str]] = {}
    for number, step in enumerate(ledger.flow.steps, start=1):
        for code in step.source:
            between.setdefault((order[code], order[step.target]), []).append(str(number))
    right = _lanes(pair for pair in between if pair[1] > pair[0] + 1)
    left = _lanes(pair for pair in between if pair[1] < pair[0])
    x = MARGIN + LANE * (max(left.values(), default=-1) + 1)
    width = x + BOX_WIDTH + LANE * (max(right.values(), default=-1) + 1) + MARGIN
    boxes = [
        Box(state, x, MARGIN + ROW * place, code == ledger.flow.start, ",".join(between.get((place, place), [])))
        for place, (code, state) in enumerate(ledger.flow.states.items())
    ]
    arrows = []
    for (source, target), numbers in between.items():
        said = ",".join(numbers)
        if target == source + 1:
            centre, below = boxes[source].centre, boxes[source].y + BOX_HEIGHT
            arrows.append(Arrow(f"M{centre} {below}V{boxes[target].y - 2}", said, centre, below + GAP // 2 - 2))
        elif target > source:
            edge, lane = x + BOX_WIDTH, x + BOX_WIDTH + LANE * (right[source, target] + 1) - 4
            arrows.append(_around(edge, lane, boxes[source].middle + 7, boxes[target].middle - 7, said, inwards=1))
        elif target < source:
            lane = x - LANE * (left[source, target] + 1) + 4
            arrows.append(_around(x, lane, boxes[source].middle - 7, boxes[target].middle + 7, said, inwards=-1))
    return Drawing(width, MARGIN * 2 + ROW * len(boxes) - GAP, boxes, arrows)


def _around(edge: int, lane: int, begins: int, ends: int, numbers: str, *, inwards: int) -> Arrow:
    """Out of a box's side, along a lane, and back into the side of another."""
    towards = 1 if ends > begins else -1
    return Arrow(
        f"M{edge} {begins}H{lane}V{ends}H{edge + 2 * inwards}", numbers, lane, begins + towards * (ROW // 2 - 7)
    )


def _lanes(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Beside the boxes, so that no two arrows of a side run over each other: the shortest nearest."""
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[tuple[int, int], int] = {}
    for pair in sorted(pairs, key=lambda one: (abs(one[1] - one[0]), one)):
        low, high = min(pair), max(pair)
        lane = next(
            (place for place, there in enumerate(taken) if all(high < a or low > b for a, b in there)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        lanes[pair] = lane
    return lanes
