"""Which secret fields can be revealed, and what a stated purpose must be like."""

from __future__ import annotations

import re

from nianlun.kernel.errors import UserError
from nianlun.kernel.logs import NUMBERS_OF_PEOPLE

# kind of record -> field -> title; a field's value lies in `<field>_sealed`, and its name is the kind of its mask
TITLES: dict[str, dict[str, str]] = {
    "resident": {"id_number": "证件号码", "phone": "电话"},
    "organisation": {"credit_code": "统一社会信用代码", "phone": "电话"},
}
SHORTEST, LONGEST = 5, 200  # characters of a purpose
SECONDS = 60  # that a revealed value stays on the page


def checked_purpose(said: str) -> str:
    """The purpose without blanks around it. Raises UserError where it says too little, too much, or a number itself."""
    purpose = said.strip()
    if len(purpose) < SHORTEST:
        raise UserError(f"请写明查看用途，至少 {SHORTEST} 个字，如“联系本人核对低保材料”。", code="purpose")
    if len(purpose) > LONGEST:
        raise UserError(f"查看用途最多 {LONGEST} 个字，现在有 {len(purpose)} 个字，请写短一些。", code="purpose")
    if re.search(NUMBERS_OF_PEOPLE, purpose):
        raise UserError("查看用途会记入审计日志，请不要写证件号码或电话号码。", code="purpose")
    return purpose
