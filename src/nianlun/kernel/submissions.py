"""What is sent twice is done once: it carries a key of the sender's, and the second gets the first's answer."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import Submission

KEPT = timedelta(days=7)


class SentOtherwise(UserError):
    """A key came back with other content: somebody went back to a form that is saved, changed it and sent it again."""

    def __init__(self) -> None:
        super().__init__(
            "这张表刚才已经保存过，现在的内容和那次不一样，没有再保存。请打开已保存的记录修改，或重新打开空白表填写。",
            code="key_used",
        )


@transaction.atomic
def once(key: UUID, *, user_id: UUID, content: str, act: Callable[[], str]) -> str:
    """Do `act` in this transaction and keep its answer (an address, an id) under the sender's key.

    The same key and content again give that answer without doing anything, and where both come at the same moment the
    second waits for the first. An act that fails leaves no trace: the key can be sent again. The key with other content
    raises SentOtherwise.
    """
    mark = hmac.new(settings.SECRET_KEY.encode(), content.encode(), sha256).digest()
    sent = Submission(user_id=user_id, key=key, content=mark)
    # A conflicting row of an open transaction is waited for; the row is there afterwards unless that one failed.
    Submission.objects.bulk_create([sent], ignore_conflicts=True)
    kept = Submission.objects.select_for_update().get(user_id=user_id, key=key)
    if not hmac.compare_digest(bytes(kept.content), mark):
        raise SentOtherwise
    if not kept.answer:
        kept.answer = act()
        kept.save(update_fields=["answer"])
    return kept.answer


def forget_old() -> int:
    """Drop the keys of more than a week ago; gives how many."""
    return Submission.objects.filter(at__lt=now() - KEPT).delete()[0]
