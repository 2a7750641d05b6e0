"""`nianlun backup`: one checked file with everything but the data keys."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from nianlun.kernel.backup.make import make_backup
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.keys import source


class Command(BaseCommand):
    help = "Make a backup below var/backups (the last 14 are kept), or in another folder."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="DIR", help="another folder; nothing in it is ever deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            made = make_backup(options["to"])
        except UserError as error:
            raise CommandError(error.message) from error
        files = len(made.manifest.members) - 1
        self.stdout.write(
            f"已备份并读回核对：{made.path}\n"
            f"{filesizeformat(made.size)}，{sum(made.manifest.contents.rows.values())} 行，{files} 个文件，"
            f"用时 {time.monotonic() - begun:.1f} 秒。\n"
            f"备份里没有数据密钥。请另外保存 {source()} 的内容：没有它，备份里的证件号码和电话永远打不开。"
        )
