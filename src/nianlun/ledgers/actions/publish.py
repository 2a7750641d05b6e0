"""Publishing declarations: a version once published is kept whole, and nothing of it ever changes."""

from __future__ import annotations

from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault, Found
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers
from nianlun.ledgers.declarations.source import Source
from nianlun.ledgers.declarations.versions import check_successor, digest_of
from nianlun.ledgers.models import LedgerVersion, Standing


@transaction.atomic
def publish_shipped() -> int:
    """Bring the database to the shipped declarations; gives how many versions were new.

    A file that was changed without a higher version is refused, and so is one that takes from older entries what
    they were written under.
    """
    stored: dict[tuple[str, str], list[LedgerVersion]] = {}
    for version in LedgerVersion.objects.filter(subdistrict=None).order_by("-version"):
        stored.setdefault((version.kind, version.code), []).append(version)
    wrong: list[Found] = []
    fresh: list[LedgerVersion] = []
    for code, one in shipped_ledgers().items():
        before = stored.get((LedgerVersion.Kind.LEDGER, code), [])
        if _is_news(str(one.path.name), one.words, one.ledger.version, before, wrong):
            if before:
                source = Source(one.path.name)
                check_successor(Ledger.model_validate(before[0].body), one.ledger, source)
                wrong += source.found
            body = one.ledger.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            fresh.append(
                _version(LedgerVersion.Kind.LEDGER, code, one.ledger.version, one.ledger.title, one.words, body)
            )
    for code, listed in shipped_checklists().items():
        before = stored.get((LedgerVersion.Kind.CHECKLIST, code), [])
        checklist = listed.checklist
        if _is_news(str(listed.path.name), listed.words, checklist.version, before, wrong):
            body = checklist.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            fresh.append(
                _version(LedgerVersion.Kind.CHECKLIST, code, checklist.version, checklist.title, listed.words, body)
            )
    if wrong:
        raise BadDeclaration(wrong)
    LedgerVersion.objects.bulk_create(fresh)
    return len(fresh)


def _is_news(file: str, words: str, version: int, before: list[LedgerVersion], wrong: list[Found]) -> bool:
    """Whether this version is not stored yet; notes a fault where it is stored with other words."""
    same = next((stored for stored in before if stored.version == version), None)
    if same is None:
        return True
    if same.digest != digest_of(words):
        wrong.append(Found(Fault.CHANGED_IN_PLACE, file, 2, str(version)))
    return False


def _version(kind: str, code: str, version: int, title: str, words: str, body: dict[str, object]) -> LedgerVersion:
    return LedgerVersion(
        kind=kind, code=code, version=version, title=title, words=words, body=body, digest=digest_of(words),
        standing=Standing.PUBLISHED, published_at=now(),
    )  # fmt: skip
