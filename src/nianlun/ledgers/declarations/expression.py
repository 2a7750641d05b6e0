"""Safe expressions of declarations: conditions and sums over an entry's values, in a small part of Python's grammar."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

LONGEST = 500
MOST_PLACES = 10  # to which is rounded
Values = Mapping[str, object]


class ExpressionError(ValueError):
    """The expression says something that no declaration may; the message names it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its words, its tree, and the names of fields that it asks for."""

    words: str
    tree: ast.expr
    names: frozenset[str]

    def value(self, values: Values, today: date) -> object:
        """Its value for an entry's values by field code; None where something that it needs is missing."""
        return _value(self.tree, values, today)

    def holds(self, values: Values, today: date) -> bool:
        """Whether it is true of an entry; a comparison with something missing is not."""
        return bool(self.value(values, today))


COMPARE: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,  # type: ignore[dict-item]
    ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,  # type: ignore[operator]
}  # fmt: skip


def _divide(left: Any, right: Any) -> object:
    """Of whole numbers a decimal too, never a binary fraction: shares are rounded as people round them."""
    return Decimal(left) / right if isinstance(left, int) else left / right


def _multiply(left: Any, right: Any) -> object:
    """Of numbers alone: a word or a list times a number could fill the memory."""
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return left * right
    raise TypeError


ARITHMETIC: dict[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: _multiply, ast.Div: _divide,
}  # fmt: skip
FUNCTIONS = {
    "today": 0,  # the day of asking
    "days": 2,  # whole days from the second day to the first
    "count": 1,  # rows of a table, choices made, files added
    "total": 2,  # of a table, the sum of a column: total(goods, 'price')
    "round": 2,
    "filled": 1,  # whether something was written
    "results": 2,  # of a checklist as taken, how many points came out so: results(points, 'failed')
    "score": 1,  # of a checklist as taken, the points met of a hundred
}


def read_expression(words: str) -> Expression:
    """Check an expression; raises ExpressionError."""
    if len(words) > LONGEST:
        raise ExpressionError(f"longer than {LONGEST} characters")
    try:
        tree = ast.parse(words.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("cannot be parsed") from error
    names: set[str] = set()
    _check(tree, names)
    return Expression(words, tree, frozenset(names))


def _check(node: ast.expr, names: set[str]) -> None:
    """Walk the tree: only what is named here may stand in it."""
    match node:
        case ast.Name():
            names.add(node.id)
        case ast.Constant() if isinstance(node.value, str | int | float | bool) or node.value is None:
            pass
        case ast.List() | ast.Tuple():
            for part in node.elts:
                _check(part, names)
        case ast.BoolOp():
            for part in node.values:
                _check(part, names)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            _check(node.operand, names)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            _check(node.left, names)
            _check(node.right, names)
        case ast.Compare() if all(type(op) in COMPARE for op in node.ops):
            for part in (node.left, *node.comparators):
                _check(part, names)
        case ast.Call(func=ast.Name(id=function)) if function in FUNCTIONS and not node.keywords:
            if len(node.args) != FUNCTIONS[function]:
                raise ExpressionError(f"{function} takes {FUNCTIONS[function]} values")
            for part in node.args:
                _check(part, names)
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r} may not stand in an expression")


def _value(node: ast.expr, values: Values, today: date) -> object:
    match node:
        case ast.Name():
            return values.get(node.id)
        case ast.Constant():
            return Decimal(str(node.value)) if isinstance(node.value, float) else node.value
        case ast.List() | ast.Tuple():
            return [_value(part, values, today) for part in node.elts]
        case ast.BoolOp(op=ast.And()):
            return all(_value(part, values, today) for part in node.values)
        case ast.BoolOp():
            return any(_value(part, values, today) for part in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, values, today)
        case ast.UnaryOp():
            return _quiet(operator.neg, _value(node.operand, values, today))
        case ast.BinOp():
            left, right = _value(node.left, values, today), _value(node.right, values, today)
            return _quiet(ARITHMETIC[type(node.op)], left, right)
        case ast.Compare():
            return _compared(node, values, today)
        case ast.Call(func=ast.Name(id=function)):
            return _called(function, [_value(part, values, today) for part in node.args], today)
    raise ExpressionError(ast.unparse(node))


def _compared(node: ast.Compare, values: Values, today: date) -> bool:
    left = _value(node.left, values, today)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, values, today)
        equality = isinstance(op, ast.Eq | ast.NotEq)
        if not (COMPARE[type(op)](left, right) if equality else _quiet(COMPARE[type(op)], left, right)):
            return False
        left = right
    return True


def _called(function: str, given: list[object], today: date) -> object:
    match function, given:
        case "today", []:
            return today
        case "days", [date() as later, date() as earlier]:
            return (later - earlier).days
        case "count", [list() | tuple() | dict() as many]:
            return len(many)
        case "total", [list() as rows, str() as column]:
            found = [row.get(column) for row in rows if isinstance(row, dict)]
            return sum(value for value in found if isinstance(value, int | Decimal))
        case "round", [int() | Decimal() as number, int() as places] if abs(places) <= MOST_PLACES:
            return round(number, places)
        case "filled", [value]:
            return value not in (None, "", [], {})
        case "results", [{"points": dict() as points}, str() as result]:
            return sum(isinstance(taken, dict) and taken.get("result") == result for taken in points.values())
        case "score", [{"score": int() as score}]:
            return score
    return 0 if function in {"count", "total", "results"} else None


def _quiet(act: Callable[..., object], *given: object) -> object:
    """What an operator gives; None where a value is missing or of another kind."""
    if any(value is None for value in given):
        return None
    try:
        return act(*given)
    except (TypeError, DivisionByZero, ZeroDivisionError, InvalidOperation, OverflowError):
        return None
