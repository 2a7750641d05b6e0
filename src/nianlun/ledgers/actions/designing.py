"""Writing local declarations: drafts, publishing them, retiring what was published, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.declarations.faults import Found
from nianlun.ledgers.declarations.source import LARGEST
from nianlun.ledgers.declarations.versions import digest_of
from nianlun.ledgers.designer.checking import check_draft, why_taken
from nianlun.ledgers.designer.document import as_version, read_document
from nianlun.ledgers.designer.owner import Owner
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.models import Subdistrict, User

TITLE_MOST = 40


class NotPublishable(UserError):
    """A draft that cannot stand yet, with everything that is wrong with it."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(f"还有 {len(found)} 处要改，没有发布。", code="invalid")
        self.found = found


@transaction.atomic
def begin_draft(*, acting_user: User, owner: Owner, kind: str, code: str, title: str, words: str) -> LedgerVersion:
    """A first draft, or a next one as a copy of what is published; there is one of a code at a time."""
    _hold(owner)
    own = owner.versions().filter(kind=kind, code=code)
    if draft := own.filter(standing=Standing.DRAFT).first():
        raise UserError(f"“{draft.title}”已有一份草稿，请接着改那一份。", code="draft_there")
    newest = own.order_by("-version").first()
    number = newest.version + 1 if newest else 1
    draft = LedgerVersion(
        kind=kind, code=code, version=number, title=title[:TITLE_MOST], subdistrict=owner.subdistrict,
        community=owner.community, words=as_version(words, number), made_by=acting_user,
    )  # fmt: skip
    if newest is None and kind != LedgerVersion.Kind.OVERLAY and (by := why_taken(owner, draft)):
        raise UserError(f"代码“{code}”已经被{by}用了，请换一个。", code="code")
    draft.save()
    _note("ledger.drafted", acting_user, draft)
    return draft


@transaction.atomic
def change_draft(*, acting_user: User, owner: Owner, pk: UUID, revision: int | None, words: str) -> LedgerVersion:
    """Other words for a draft; they need not stand yet. A stale revision is refused with both sides."""
    draft = _lock(owner, pk)
    if draft.standing != Standing.DRAFT:
        raise UserError("这一版已经发布，不能再改。请从它开始新的一版。")
    if revision is not None and draft.revision != revision:
        raise StaleRevision("别人刚刚改了这份草稿，请核对后再保存。", mine=words, theirs=draft.words)
    if len(words) > LARGEST:
        raise UserError(f"内容太长，最多 {LARGEST} 个字符。")
    if draft.words == words:
        return draft
    draft.words, draft.title = words, _title_in(words, draft)
    draft.revision += 1
    draft.save(update_fields=["words", "title", "revision"])
    _note("ledger.draft_changed", acting_user, draft)
    return draft


@transaction.atomic
def discard_draft(*, acting_user: User, owner: Owner, pk: UUID) -> None:
    """A draft that nobody wrote an entry under is taken away; what was published never is."""
    draft = _lock(owner, pk)
    if draft.standing != Standing.DRAFT:
        raise UserError("这一版已经发布，不能丢弃；不再用了可以停用。")
    _note("ledger.discarded", acting_user, draft)
    draft.delete()


@transaction.atomic
def publish_draft(*, acting_user: User, owner: Owner, pk: UUID, revision: int | None) -> LedgerVersion:
    """From now on new entries are written under it, and nothing of it ever changes."""
    _hold(owner)
    draft = _lock(owner, pk)
    if draft.standing != Standing.DRAFT:
        raise UserError("这一版已经发布过了。")
    if revision is not None and draft.revision != revision:
        raise StaleRevision("别人刚刚改了这份草稿，请看过再发布。", mine="", theirs=draft.words)
    checked = check_draft(owner, draft)
    if checked.declared is None:
        raise NotPublishable(checked.found)
    draft.body = checked.declared.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    draft.digest, draft.standing, draft.published_at = digest_of(draft.words), Standing.PUBLISHED, now()
    draft.revision += 1
    draft.save()
    _note("ledger.published", acting_user, draft)
    return draft


@transaction.atomic
def retire(*, acting_user: User, owner: Owner, pk: UUID) -> LedgerVersion:
    """It takes no new entries, or its fields are asked no longer; what was written stays and is finished."""
    version = _newest(owner, pk)
    if version.standing == Standing.RETIRED:
        return version
    version.standing, version.retired_at = Standing.RETIRED, now()
    version.save(update_fields=["standing", "retired_at"])
    _note("ledger.retired", acting_user, version)
    return version


@transaction.atomic
def restore(*, acting_user: User, owner: Owner, pk: UUID) -> LedgerVersion:
    """Undo of retiring."""
    _hold(owner)
    version = _newest(owner, pk)
    if version.standing != Standing.RETIRED:
        return version
    if version.kind != LedgerVersion.Kind.OVERLAY and (by := why_taken(owner, version)):
        raise UserError(f"代码“{version.code}”已经被{by}用了，不能恢复。")
    version.standing, version.retired_at = Standing.PUBLISHED, None
    version.save(update_fields=["standing", "retired_at"])
    _note("ledger.restored", acting_user, version)
    return version


def _hold(owner: Owner) -> None:
    """One at a time in a subdistrict, so that two cannot take the same code."""
    Subdistrict.objects.select_for_update(no_key=True).get(pk=owner.subdistrict.pk)


def _lock(owner: Owner, pk: UUID) -> LedgerVersion:
    found = owner.versions().select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise UserError("这份草稿已经被丢弃了。")
    return found


def _newest(owner: Owner, pk: UUID) -> LedgerVersion:
    version = _lock(owner, pk)
    later = owner.versions().filter(kind=version.kind, code=version.code, version__gt=version.version)
    if version.standing == Standing.DRAFT or later.exclude(standing=Standing.DRAFT).exists():
        raise UserError("只能停用或恢复最新发布的一版，请刷新后再试。")
    return version


def _title_in(words: str, draft: LedgerVersion) -> str:
    title = read_document(words).data.get("title")
    return title[:TITLE_MOST] if isinstance(title, str) and title.strip() else draft.title


def _note(action: str, user: User, version: LedgerVersion, **more: Any) -> None:
    detail: Mapping[str, Any] = {
        "kind": version.get_kind_display(), "code": version.code, "title": version.title, "version": version.version,
        **more,
    }  # fmt: skip
    audit.record(
        action, actor_id=user.pk, kind="ledger_version", record_id=version.pk,
        subdistrict_id=version.subdistrict_id, detail=detail,
    )  # fmt: skip
