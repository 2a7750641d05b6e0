"""What goes wrong with backups, in words for whoever keeps the machine."""

from __future__ import annotations

import psycopg

from nianlun.kernel.disk import no_room
from nianlun.kernel.errors import UserError


class BackupError(UserError):
    """A backup or a restore cannot be done; what stood before still stands."""


def cause(error: OSError | psycopg.Error) -> str:
    """Why the disk or the database refused, as the end of a sentence and with what to do."""
    if isinstance(error, psycopg.Error):
        return f"数据库没有应答或拒绝了：{str(error).strip()}"
    if no_room(error):
        return "磁盘已满。请清理磁盘后再试一次。"
    where = "" if error.filename is None else f" {error.filename}"
    return f"读写不了{where}：{error.strerror}。请检查路径和权限。"
