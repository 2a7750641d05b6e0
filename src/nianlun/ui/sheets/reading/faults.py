"""Why a file cannot be read as a sheet: what is wrong, and what to do about it. The codes are stable."""

from __future__ import annotations

from enum import Enum

from nianlun.kernel.errors import UserError


class Fault(Enum):
    """Every reason for which a file is refused: its cause and its remedy, as the reader is told."""

    EMPTY = ("S101", "文件里没有内容", "请检查是否选错了文件，或者工作表是空的")
    TOO_BIG = ("S102", "文件超过 30 MB", "请删去图片和用不到的工作表，或拆成几个文件")
    TOO_MANY_ROWS = ("S103", "一张工作表超过 20 万行", "请拆成几个文件分别导入；若只有前面有内容，请删去后面的空行")
    TOO_WIDE = ("S104", "一张工作表超过 200 列", "请删去用不到的列；若只有前面有内容，请删去右边的空列")
    TOO_MANY_CELLS = ("S105", "表格的格子超过 800 万个", "请删去用不到的列，或拆成几个文件")
    TOO_HEAVY = ("S106", "没能在限定的时间和内存里读完", "请把内容复制到一张新的工作表，另存为 .xlsx 再上传")
    ENCRYPTED = ("S110", "文件加了打开密码", "请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 再上传")
    BROKEN = ("S111", "文件已损坏，打不开", "请用 Excel 或 WPS 打开修复，另存为 .xlsx 再上传")
    BOMB = ("S112", "文件解压后大得不正常", "请不要使用这个文件；确是表格的，请把内容复制到新表再上传")
    WEB_PAGE = ("S113", "这是网页，只是文件名像表格", "请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传")
    XML = ("S114", "这是 XML 文件，不是表格", "请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传")
    DOCUMENT = ("S115", "这是文档或演示文稿，不是表格", "请把里面的表格复制到 Excel 或 WPS 表格，另存为 .xlsx 再上传")
    ARCHIVE = ("S116", "这是压缩包", "请先解压，再上传里面的表格")
    PICTURE = ("S117", "这是图片或 PDF，不是表格", "请上传原来的电子表格")
    ODS = ("S118", "这种表格格式不能读", "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传")
    ENCODING = ("S119", "认不出文字的编码", "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传")
    NOT_TEXT = ("S120", "里面不是表格", "请上传 .xlsx、.xls 或 .csv 格式的表格")
    PROGRAM = ("S121", "这是一个程序，不是表格", "请不要打开它，换成表格再上传")
    NO_SUCH_SHEET = ("S122", "文件里没有这张工作表", "请重新上传，再选一次")


class SheetRefused(UserError):
    """A file that cannot be read as a sheet."""

    def __init__(self, fault: Fault, name: str = "") -> None:
        code, cause, remedy = fault.value
        super().__init__(f"{f'《{name}》：' if name else ''}{cause}。{remedy}。", code=code)
        self.fault = fault
