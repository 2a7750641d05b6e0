"""Taking a part of the audit log away as a sheet, which is itself noted in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import xlsxwriter
from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import CHINA
from nianlun.kernel.errors import UserError
from nianlun.places.access_audit import Act
from nianlun.places.models import Subdistrict, User

MOST = 20_000  # rows of one sheet, which takes some five seconds
COLUMNS: tuple[tuple[str, int], ...] = (
    ("时间", 20), ("操作人", 12), ("操作", 18), ("对象种类", 12), ("对象", 24), ("社区", 16), ("说明", 80),
)  # fmt: skip


@transaction.atomic
def note_export(*, acting_user: User, of: Sequence[Subdistrict], filters: Mapping[str, str], count: int) -> None:
    """Note in each subdistrict's log that rows of it were taken away. Raises UserError for more than fit."""
    if count > MOST:
        raise UserError(f"符合条件的超过 {MOST} 条，请缩小日期范围后再导出。")
    for one in of:
        audit.record(
            "audit.exported",
            actor_id=acting_user.pk,
            kind="subdistrict",
            record_id=one.pk,
            subdistrict_id=one.pk,
            detail={"rows": count, **{key: value for key, value in filters.items() if value}},
        )


def log_sheet(acts: Iterable[Act], by: str) -> bytes:
    """The .xlsx of rows in words, with who took it in the footer; a cell is never a formula or a link."""
    target = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, plain) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        body = book.add_format({"valign": "top", "text_wrap": True})
        sheet = book.add_worksheet("审计日志")
        for at, (title, width) in enumerate(COLUMNS):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, head)
        for number, act in enumerate(acts, start=1):
            told = (f"{act.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}", act.who, act.action, act.kind, act.whom)
            for at, said in enumerate((*told, act.community, act.detail)):
                sheet.write_string(number, at, said, body)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{by.replace('&', '&&')} 导出&R第 &P 页")
    return target.getvalue()
