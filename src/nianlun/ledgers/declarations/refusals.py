"""What no ledger may ask, whoever wants it: a declaration that does is not loaded, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from unicodedata import normalize

import yaml

from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.source import Path, Source

TABLE = FilePath(__file__).with_name("refusals.yaml")


def _rules() -> list[tuple[re.Pattern[str], re.Pattern[str] | None, str]]:
    read = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        (re.compile(rule["asks"]), re.compile(rule["unless"]) if rule.get("unless") else None, rule["why"])
        for rule in read
    ]


RULES = _rules()
ANY = re.compile("|".join(f"(?:{asks.pattern})" for asks, _, _ in RULES))
GAPS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·・•]+")
UNREAD = frozenset({"words", "examples", "bad_examples"})


def check_refusals(ledger: Ledger, source: Source) -> None:
    """All that is said in it is read for what decision-makers above like to ask and nobody may."""
    refuse(said_in(ledger.model_dump(by_alias=True, exclude_defaults=True)), source)


def said_in(part: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a declaration with the path where it stands, but words of plans and values of examples."""
    if isinstance(part, dict):
        for key, inner in part.items():
            if path or key not in UNREAD:
                yield from said_in(inner, (*path, key))
    elif isinstance(part, list):
        for place, inner in enumerate(part):
            yield from said_in(inner, (*path, place))
    elif isinstance(part, str) and not part.isascii():
        yield path, part


def refuse(words: Iterable[tuple[Path, str]], source: Source) -> None:
    """Note what may not be asked among words and the paths where they stand.

    Gaps and other forms of letters hide nothing, nor does a lawful sense beside an unlawful one.
    """
    for path, said in words:
        plain = GAPS.sub("", normalize("NFKC", said))
        if not ANY.search(plain):
            continue
        for asks, unless, why in RULES:
            if asks.search(unless.sub("", plain) if unless else plain):
                source.fault(Fault.REFUSED, path, said, why)
                break
