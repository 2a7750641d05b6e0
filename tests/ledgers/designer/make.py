"""Local declarations for tests, begun and published as people do."""

from __future__ import annotations

from typing import Any

from nianlun.ledgers.actions.designing import begin_draft, change_draft, publish_draft
from nianlun.ledgers.designer.document import read_document, written
from nianlun.ledgers.designer.owner import Owner
from nianlun.ledgers.designer.starting import blank_checklist, blank_ledger
from nianlun.ledgers.models import LedgerVersion
from nianlun.places.models import Community, User

KIND = LedgerVersion.Kind
PARTNER: dict[str, Any] = {"code": "x_pz", "title": "陪同人", "kind": "text", "most": 40}
SOURCE: dict[str, Any] = {"code": "x_ly", "title": "来源", "kind": "choice", "choices": {"wx": "微信群", "rx": "热线"}}


def of(community: Community) -> Owner:
    return Owner(community.subdistrict, community)


def office(community: Community) -> Owner:
    return Owner(community.subdistrict)


def overlay_words(*fields: dict[str, Any], ledger: str = "hazard", **more: Any) -> str:
    return written({"overlay": ledger, "version": 1, "fields": list(fields), **more})


def overlay_draft(
    by: User, owner: Owner, *fields: dict[str, Any], ledger: str = "hazard", **more: Any
) -> LedgerVersion:
    return begin_draft(
        acting_user=by, owner=owner, kind=KIND.OVERLAY, code=ledger, title="补充字段",
        words=overlay_words(*fields, ledger=ledger, **more),
    )  # fmt: skip


def ledger_draft(by: User, owner: Owner, code: str = "x_jy", title: str = "借用台账", **more: Any) -> LedgerVersion:
    words = written({**read_document(blank_ledger(code, title)).data, **more})
    return begin_draft(acting_user=by, owner=owner, kind=KIND.LEDGER, code=code, title=title, words=words)


def checklist_draft(by: User, owner: Owner, code: str = "x_jc", title: str = "自查表", **more: Any) -> LedgerVersion:
    words = written({**read_document(blank_checklist(code, title, "safety")).data, **more})
    return begin_draft(acting_user=by, owner=owner, kind=KIND.CHECKLIST, code=code, title=title, words=words)


def published(by: User, owner: Owner, draft: LedgerVersion) -> LedgerVersion:
    return publish_draft(acting_user=by, owner=owner, pk=draft.pk, revision=None)


def next_version(by: User, owner: Owner, before: LedgerVersion, words: str) -> LedgerVersion:
    """A later version of something published, published too."""
    draft = begin_draft(
        acting_user=by, owner=owner, kind=before.kind, code=before.code, title=before.title, words=before.words
    )
    said = words.replace("version: 1", f"version: {draft.version}", 1)
    change_draft(acting_user=by, owner=owner, pk=draft.pk, revision=None, words=said)
    return published(by, owner, draft)
