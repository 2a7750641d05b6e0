"""Files that people add to their work: what they are is told by their content, and how large they may be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from nianlun.duties.models import Attachment, Occurrence
from nianlun.kernel import audit
from nianlun.kernel.errors import UserError
from nianlun.kernel.ids import uuid7
from nianlun.places.models import User
from nianlun.places.policy import May, Policy

LARGEST = 20 * 1024 * 1024
MOST = 20
OFFICE = frozenset({"docx", "xlsx", "pptx", "wps", "et", "dps", "odt", "ods"})
# What a name's ending promises, and how such a file begins.
STARTS: dict[str, tuple[bytes, ...]] = {
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "pdf": (b"%PDF-",),
    **dict.fromkeys(OFFICE, (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    **dict.fromkeys(("doc", "xls", "ppt"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
}
TEXT = frozenset({"txt", "csv", "md"})
ALLOWED = "图片（jpg、png、gif、webp）、PDF、Word、Excel、PPT、WPS 文件和文本"


def ending(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def check_file(given: UploadedFile[bytes]) -> None:
    """Refuse a file that is empty, too large, of no kind that work needs, or not what its name says."""
    name, size = given.name or "", given.size or 0
    if size == 0:
        raise UserError(f"“{name}”是空文件，请重新选择。")
    if size > LARGEST:
        raise UserError(f"“{name}”有 {size / 1024 / 1024:.0f} MB，超过 20 MB；请压缩或拆分后再传。")
    kind = ending(name)
    head = given.read(4096)
    given.seek(0)
    if kind in TEXT:
        if b"\0" in head:
            raise UserError(f"“{name}”不是文本文件，请检查后再传。")
    elif kind not in STARTS:
        raise UserError(f"“{name}”的类型不能上传。可以上传：{ALLOWED}。")
    elif not head.startswith(STARTS[kind]):
        raise UserError(f"“{name}”的内容与扩展名 .{kind} 不符，请检查后再传。")


def add_files(one: Occurrence, files: Iterable[UploadedFile[bytes]], user: User) -> list[str]:
    """Check all, then keep all; gives their names. They are stored under names of our own."""
    given = list(files)
    if len(given) > MOST:
        raise UserError(f"一次最多上传 {MOST} 个文件。")
    for file in given:
        check_file(file)
    names = []
    for file in given:
        name = PurePath(file.name or "").name[-200:]
        file.name = f"{uuid7()}.{ending(name)}"
        Attachment.objects.create(occurrence=one, name=name, size=file.size or 0, file=file, added_by=user)
        names.append(name)
    return names


def may_remove(user: User, attachment: Attachment) -> bool:
    """Whoever added it, or the secretary."""
    policy, community = Policy(user), attachment.occurrence.community
    return policy.allows(May.HAND_OUT, community) or (
        attachment.added_by_id == user.pk and policy.allows(May.DO, community)
    )


@transaction.atomic
def remove_file(*, acting_user: User, attachment: Attachment) -> None:
    """A file added by mistake goes for good; that it was there, and its name, stay in the history."""
    one = attachment.occurrence
    if not may_remove(acting_user, attachment):
        raise PermissionDenied
    audit.record(
        "occurrence.file_removed", actor_id=acting_user.pk, kind="occurrence", record_id=one.pk,
        subdistrict_id=one.duty.subdistrict_id, detail={"name": attachment.name},
    )  # fmt: skip
    stored = attachment.file
    transaction.on_commit(lambda: stored.storage.delete(str(stored.name)))
    attachment.delete()
