"""`nianlun restore`: puts a backup in the place of what is there, which is kept under another name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nianlun.kernel.backup.address import address_here
from nianlun.kernel.backup.replace import drop, kept_before
from nianlun.kernel.backup.restore import Restored, nobody_serves, restore
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.errors import KeyRingError


class Command(BaseCommand):
    help = "Restore a backup. It is checked and made ready beside first: when it fails, what was there still stands."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a file made by nianlun backup")
        parser.add_argument("--force", action="store_true", help="even where there is something; it is kept beside")
        parser.add_argument("--without-keys", action="store_true", help="give up secret values whose keys are lost")
        parser.add_argument("--drop-replaced", action="store_true", help="delete what earlier restores kept beside")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) != options["drop_replaced"]:
            raise CommandError("请给出备份文件：nianlun restore FILE；或用 --drop-replaced 删除以前替换下来的内容。")
        try:
            if options["drop_replaced"]:
                self.drop_replaced()
            else:
                self.tell(restore(options["file"], force=options["force"], without_keys=options["without_keys"]))
        except KeyRingError as error:
            raise CommandError(error.console) from error
        except UserError as error:
            raise CommandError(error.message) from error

    def tell(self, done: Restored) -> None:
        self.stdout.write(
            f"已恢复 {done.manifest.made_at} 的备份：{sum(done.manifest.contents.rows.values())} 行，"
            f"{done.files} 个文件。所有人需要重新登录。"
        )
        if done.without:
            self.stdout.write(f"没有密钥 {'、'.join(mark.id for mark in done.without)}：用它们加密的内容无法解密。")
        if done.kept is not None:
            for what in (done.kept.database, done.kept.files):
                if what is not None:
                    self.stdout.write(f"原来的内容保留在 {what}")
            self.stdout.write("确认无误后，用 nianlun restore --drop-replaced 删除。")

    def drop_replaced(self) -> None:
        address = address_here()
        with nobody_serves():
            for kept in kept_before(address):
                drop(address, kept)
                self.stdout.write(f"已删除 {kept.database or kept.files}")
