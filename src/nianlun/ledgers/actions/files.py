"""Files of entries: only real pictures, papers and office files; pictures are made anew, so nothing hides in them."""

from __future__ import annotations

import warnings
from datetime import timedelta
from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, ImageOps

from nianlun.duties.actions.files import OFFICE, check_file, ending
from nianlun.kernel.clock import now
from nianlun.kernel.disk import DiskFull, no_room
from nianlun.kernel.errors import UserError
from nianlun.kernel.ids import uuid7
from nianlun.ledgers.models import EntryFile
from nianlun.places.models import Community, User

LARGEST = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
QUALITY = 82
PICTURES = {"JPEG", "PNG", "WEBP", "GIF"}
PAPERS = OFFICE | {"pdf", "doc", "xls", "ppt"}
SMALL = (320, 320)
UNFILED = timedelta(days=7)


@transaction.atomic
def keep_file(*, acting_user: User, community: Community, given: UploadedFile[bytes], kind: str) -> EntryFile:
    """A file for an entry that is not filed yet; `kind` is that of the field: photos, files or signature.

    Pictures lose everything but their pixels: the position and the camera that a phone writes into them too.
    """
    if not any(post.community_id in {None, community.pk} for post in acting_user.posts.current()):
        raise PermissionDenied
    name = PurePath(given.name or "").name[-200:] or "照片.jpg"
    if not given.size:
        raise UserError(f"“{name}”是空文件，请重新选择。")
    if given.size > LARGEST:
        raise UserError(f"“{name}”有 {given.size / 1024 / 1024:.0f} MB，超过 15 MB；请压缩后再传。")
    if kind == "files" and ending(name) in PAPERS:
        check_file(given)
        content, media, stored = given.read(), "application/octet-stream", f"{uuid7()}.{ending(name)}"
        if ending(name) == "pdf":
            media = "application/pdf"
    else:
        content, media = picture(given, name, transparent=kind == "signature")
        stored = f"{uuid7()}.{media.removeprefix('image/')}"
    made = EntryFile(community=community, name=name, kind=media, size=len(content), added_by=acting_user)
    _store(made, stored, content)
    try:
        made.save()
    except BaseException:
        made.file.delete(save=False)
        raise
    return made


def _store(made: EntryFile, stored: str, content: bytes) -> None:
    """Write the content; where there is no room for it, what was written of it goes again."""
    try:
        made.file.save(stored, ContentFile(content), save=False)
    except OSError as error:
        made.file.storage.delete(made.file.field.generate_filename(made, stored))
        if no_room(error):
            raise DiskFull(f"“{made.name}”") from error
        raise


def picture(given: UploadedFile[bytes], name: str, *, transparent: bool = False) -> tuple[bytes, str]:
    """The picture made anew, no side longer than 1600 pixels, and its media type; raises UserError where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(given, formats=sorted(PICTURES))
        if opened.width * opened.height > MOST_PIXELS:
            raise UserError(f"“{name}”的尺寸太大，请用手机拍照的普通尺寸。")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read at the size that is kept
        turned = ImageOps.exif_transpose(opened)
        turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        into = BytesIO()
        if transparent:
            turned.convert("RGBA").save(into, "PNG", optimize=True)
            return into.getvalue(), "image/png"
        plain = Image.new("RGB", turned.size, "white")
        clear = turned.convert("RGBA")
        plain.paste(clear, mask=clear.getchannel("A"))
        plain.save(into, "JPEG", quality=QUALITY, optimize=True)
    except UserError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UserError(f"“{name}”的尺寸太大，请用手机拍照的普通尺寸。") from None
    except Exception:  # whatever a broken or hostile file makes a decoder raise
        raise UserError(f"“{name}”不是能打开的图片，请重新拍或另选一张。") from None
    return into.getvalue(), "image/jpeg"


def small(kept: EntryFile) -> bytes:
    """A picture at the size of a preview, as JPEG or PNG like itself."""
    with kept.file.open("rb") as source, Image.open(source) as opened:
        made = "PNG" if kept.kind == "image/png" else "JPEG"
        opened.draft("RGB", SMALL)
        opened.thumbnail(SMALL)
        into = BytesIO()
        opened.save(into, made)
    return into.getvalue()


def forget_unfiled() -> int:
    """Files that were sent for an entry which was then never filed go after a week; gives how many."""
    gone = 0
    for kept in EntryFile.objects.filter(entry=None, added_at__lt=now() - UNFILED):
        kept.file.delete(save=False)
        kept.delete()
        gone += 1
    return gone
