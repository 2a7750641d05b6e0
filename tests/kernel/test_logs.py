"""What a log may not hold does not reach it, by message, argument or traceback."""

from __future__ import annotations

import logging

import pytest

from nianlun.kernel.logs import Redact


def shown(message: str, *arguments: object) -> str:
    record = logging.LogRecord("nianlun", logging.INFO, "", 0, message, arguments, None)
    assert Redact().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("ID 33010219900101123X of row 7", "ID … of row 7"),
        ("call 13812345678,13912345678", "call …,…"),
        ("GET /feed/abcdefghijklmnopqrstuvwxyz", "GET /feed/…"),
        ("9133010612345678901234", "9133010612345678901234"),
        ("took 12345 ms at 1764064712", "took 12345 ms at 1764064712"),
    ],
)
def test_numbers_of_people_and_secret_addresses_are_left_out(said: str, left: str) -> None:
    assert shown(said) == left
    assert shown("%s", said) == left


def test_a_traceback_is_searched_too() -> None:
    try:
        raise ValueError("Key (phone)=(13812345678)")
    except ValueError as error:
        record = logging.LogRecord("n", logging.ERROR, "", 0, "wrong", (), (type(error), error, error.__traceback__))
    Redact().filter(record)
    assert "13812345678" not in logging.Formatter().format(record)
    assert "(phone)=(…)" in logging.Formatter().format(record)
