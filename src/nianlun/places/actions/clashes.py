"""What the database refuses of the register, because somebody was quicker or days overlap, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from nianlun.kernel.errors import UserError

TOLD = {
    "resident_id_number_once": ("taken", "这个证件号码刚刚被登记，请刷新后核对再保存。"),
    "household_code_once": ("taken", "这个户编号刚刚被使用，请重新提交。"),
    "resident_lives_in_one_place_a_day": ("overlap", "这段时间已登记住在别处，请核对日期。"),
    "residence_ends_after_it_starts": ("order", "日期早于入住日期，请核对。"),
    "tag_once_from_a_day": ("taken", "这个标签从这一天起已经登记过了。"),
    "relationship_once": ("taken", "这种关系已经登记过了。"),
    "credit_code_once": ("taken", "这个统一社会信用代码刚刚被登记，请刷新后核对再保存。"),
    "body_name_once": ("taken", "这个名称刚刚被使用，请换一个名称再保存。"),
    "colleague_is_a_member_once": ("taken", "这位同事已经在这个组织里了。"),
    "resident_is_a_member_once": ("taken", "这位居民已经在这个组织里了。"),
}


@contextmanager
def clashes_told() -> Iterator[None]:
    """Writes within, in a savepoint of their own: what breaks a constraint of the list is a UserError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for constraint, (code, message) in TOLD.items():
            if constraint in str(error):
                raise UserError(message, code=code) from error
        raise
