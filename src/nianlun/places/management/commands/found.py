"""`nianlun found`: the first subdistrict, its administrator and communities, in a database that is empty."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction

from nianlun.kernel.errors import UserError
from nianlun.places.actions.accounts import add_community, make_officer
from nianlun.places.models import PostKind, Subdistrict


class Command(BaseCommand):
    help = "Begin: a subdistrict, its administrator (whose first password is printed once) and its communities."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the subdistrict's code, for addresses: qinghe")
        parser.add_argument("name", help="its name: 清禾街道")
        parser.add_argument("--admin", default="admin", help="the administrator's sign-in")
        parser.add_argument("--admin-name", default="管理员", help="the administrator's name")
        parser.add_argument("--community", action="append", default=[], metavar="CODE=NAME", help="may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        named = [pair.partition("=") for pair in options["community"]]
        for code in (options["code"], *(code for code, _, _ in named)):
            validate_slug(code)
        if any(not name for _, _, name in named):
            raise CommandError("--community wants CODE=NAME")
        if Subdistrict.objects.filter(code=options["code"]).exists():
            raise CommandError(f"there is a subdistrict {options['code']} already")
        try:
            with transaction.atomic():
                subdistrict = Subdistrict.objects.create(code=options["code"], name=options["name"])
                for code, _, name in named:
                    add_community(acting_user=None, subdistrict=subdistrict, code=code, name=name)
                _, first = make_officer(
                    acting_user=None,
                    subdistrict=subdistrict,
                    username=options["admin"],
                    name=options["admin_name"],
                    kind=PostKind.ADMINISTRATOR,
                )
        except UserError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{options['admin']}  {first}   (to be changed at the first sign-in)")
