"""Why a file cannot be read as a plan: numbered faults that name the place, the cause and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class FaultText:
    """One fault as the user meets it: its number, what is wrong, and what to do about it."""

    code: str
    cause: str
    remedy: str


class Fault(Enum):
    """Every reason for which a file is refused; the numbers are stable, the words may improve."""

    EMPTY = FaultText("F101", "文件是空的，没有任何文字", "请检查是否选错了文件，或者重新保存后再上传")
    TOO_BIG = FaultText("F102", "文件超过 20 MB", "请删去图片或拆成几个文件后再上传")
    TOO_LONG = FaultText("F103", "文字超过 50 万字", "请只上传工作计划本身，或拆成几个文件")
    NOT_FOUND = FaultText("F104", "找不到或打不开这个文件", "请检查文件名、所在文件夹和读取权限")
    NOT_WRITTEN = FaultText("F105", "结果写不进去", "请检查文件夹是否存在、是否有写入权限、磁盘是否已满")
    PROGRAM = FaultText("F110", "这是一个程序，不是文档", "请不要打开它，换成工作计划的文档再上传")
    NOT_TEXT = FaultText("F111", "里面不是文字（含有大量控制字符）", "请上传 .docx、.pdf、.txt 或 .md 格式的计划")
    ENCODING = FaultText("F112", "认不出文字的编码", "请用记事本打开，另存为 UTF-8 编码后再上传")
    MIXED_ENCODING = FaultText(
        "F113", "同一文件里混用了几种编码", "请用记事本或 WPS 打开，改正乱码的地方，另存为 UTF-8 编码后再上传"
    )
    OLD_WORD = FaultText(
        "F120", "这是旧版 Word（.doc）或 WPS 文字（.wps）文件", "请用 Word 或 WPS 打开，另存为 .docx 后再上传"
    )
    ENCRYPTED_OFFICE = FaultText("F121", "文档加了打开密码", "请打开文档，去掉密码保护，另存为 .docx 后再上传")
    BROKEN_DOCX = FaultText("F122", "Word 文档已损坏，打不开", "请用 Word 或 WPS 打开修复，另存为 .docx 后再上传")
    ZIP_BOMB = FaultText("F123", "文档解压后大得不正常", "请不要使用这个文件；如果确是计划，请复制文字粘贴上传")
    ARCHIVE = FaultText("F124", "这是压缩包", "请先解压，再上传里面的文档")
    SPREADSHEET = FaultText("F125", "这是电子表格", "请把计划正文复制到 Word，保存为 .docx 后再上传")
    SLIDES = FaultText("F126", "这是演示文稿", "请把计划正文复制到 Word，保存为 .docx 后再上传")
    RICH_TEXT = FaultText("F127", "这是 RTF 文档", "请用 Word 或 WPS 打开，另存为 .docx 后再上传")
    WEB_PAGE = FaultText("F128", "这是网页或 XML 文件", "请用浏览器打开，复制正文粘贴上传")
    IMAGE = FaultText("F129", "这是图片，没有可读的文字", "请上传文字版，或先用识别软件转成文字并校对")
    OTHER_OFFICE = FaultText("F130", "这种文档格式暂不能读", "请打开后另存为 .docx 或导出为 .pdf 再上传")
    ENCRYPTED_PDF = FaultText("F140", "PDF 加了打开密码", "请去掉密码后再上传，或上传 .docx 原稿")
    BROKEN_PDF = FaultText("F141", "PDF 已损坏，打不开", "请重新导出 PDF，或上传 .docx 原稿")
    SCAN = FaultText("F142", "PDF 是扫描件，没有可读的文字", "请上传 .docx 原稿，或先用识别软件转成文字并校对")
    HEAVY_PDF = FaultText("F143", "PDF 过于复杂，没能在限定的时间和内存里读完", "请上传 .docx 原稿，或只导出计划正文")
    GARBLED_PDF = FaultText("F144", "PDF 里的字体没有对应的文字，读出来是乱码", "请上传 .docx 原稿，或重新导出 PDF")
    UNREADABLE = FaultText("F199", "文件读不出来", "请另存为 .docx 或 UTF-8 编码的 .txt 后再上传")


class PlanFileError(Exception):
    """A file that cannot be read as a plan; `message` is what the user is told, the place first."""

    def __init__(self, fault: Fault, name: str, detail: str = "") -> None:
        self.fault = fault
        self.name = name
        self.detail = detail
        self.code = fault.value.code
        place = f"《{name}》" + (f"（{detail}）" if detail else "")
        self.message = f"{place}：{fault.value.cause}。{fault.value.remedy}。"
        super().__init__(f"{self.code} {self.message}")
