"""A disk without room: how the system says so, and how people are told."""

from __future__ import annotations

import errno

import psycopg

from nianlun.kernel.errors import UserError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFull(UserError):
    """What was sent found no room on the server's disk, and nothing of it was kept."""

    status = 507

    def __init__(self, what: str = "") -> None:
        super().__init__(
            f"服务器的磁盘满了，{what}没有保存。请告诉管理员清理磁盘，之后再试；页面先不要关，填好的内容还在。",
            code="disk_full",
        )


def no_room(error: BaseException) -> bool:
    """Whether an error says that the disk, or what somebody may use of it, is full; the database's disk too.

    What the database says comes wrapped in an error of Django's, as its cause.
    """
    if isinstance(error, OSError):
        return error.errno in FULL
    return any(isinstance(one, psycopg.errors.DiskFull) for one in (error, error.__cause__))
