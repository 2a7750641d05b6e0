"""The same sheet through django-import-export in bulk mode; prints seconds and memory as JSON.

It does the same for each row as far as it can: the number checked, sealed and digested, known people looked up by
digest, the door looked up. With the word `held`, both look-ups are answered from tables held in memory, which is the
best it can have; without it they are made as it is told to by a declaration, by the database, row by row. It makes no
households, no residences, no preview and no search index.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from support.figures import peak_memory
from support.scratch import join

join()

import tablib  # noqa: E402 (Django is set up first)
from import_export import fields, resources, widgets  # noqa: E402
from import_export.instance_loaders import CachedInstanceLoader, ModelInstanceLoader  # noqa: E402

from nianlun.kernel.fields import Field  # noqa: E402
from nianlun.kernel.fields.secrets import parse_id_number, parse_phone  # noqa: E402
from nianlun.kernel.sealing.digest import digest  # noqa: E402
from nianlun.kernel.sealing.seal import seal  # noqa: E402
from nianlun.places.models import Community, Resident, Room, Sex  # noqa: E402

ID, PHONE = Field("id_number", "证件号码"), Field("phone", "手机")
HELD = "held" in sys.argv[2:]
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}


class Bytes(widgets.Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        return value


class Residents(resources.ModelResource):  # type: ignore[misc]
    """The usual declaration, told to write in bulk."""

    name = fields.Field("name", "姓名")
    relation = fields.Field("relation", "与户主关系")
    nationality = fields.Field("nationality", "民族")
    education = fields.Field("education", "文化程度")
    id_number_digest = fields.Field("id_number_digest", "digest", widget=Bytes())

    class Meta:
        model = Resident
        fields = ("name", "relation", "nationality", "education", "id_number_digest")
        import_id_fields = ("id_number_digest",)
        instance_loader_class = CachedInstanceLoader if HELD else ModelInstanceLoader
        use_bulk = True
        batch_size = 2_000
        skip_diff = True
        skip_html_diff = True

    def __init__(self) -> None:
        super().__init__()
        self.community = Community.objects.get(code="bench")
        self.all_rooms = Room.objects.select_related("building__estate", "unit")
        self.rooms = {self._door(one): one for one in self.all_rooms} if HELD else {}

    def _door(self, room: Room) -> tuple[str, str, str, str]:
        return room.building.estate.name, room.building.name, room.unit.name, room.number

    def room_of(self, estate: str, building: str, unit: str, number: str) -> Room:
        if HELD:
            return self.rooms[estate, building, unit, number]
        return self.all_rooms.get(
            building__estate__name=estate, building__name=building, unit__name=unit, number=number
        )

    def before_import(self, dataset: Any, **_: Any) -> None:
        dataset.append_col(
            lambda row: digest("id_number", str(row[dataset.headers.index("身份证号")])), header="digest"
        )

    def before_import_row(self, row: Any, **_: Any) -> None:
        row["id_number"] = parse_id_number(str(row["身份证号"]), ID)
        row["phone"] = parse_phone(str(row["手机"]), PHONE)

    def before_save_instance(self, instance: Resident, row: Any, **_: Any) -> None:
        room = self.room_of(row["小区"], row["楼栋"], row["单元"] or "", str(row["户室"]))
        instance.community = self.community
        instance.subdistrict_id = self.community.subdistrict_id
        instance.room, instance.building, instance.grid_id = room, room.building, room.building.grid_id
        instance.sex, instance.born_on = SEXES[row["性别"]], date.fromisoformat(str(row["出生日期"])[:10])
        instance.id_number_sealed = seal(row["id_number"])
        instance.phone_sealed = seal(row["phone"])
        instance.phone_digest = digest("phone", row["phone"])
        instance.phone_tail_digest = digest("phone_tail", row["phone"])


def main() -> None:
    before, computed = peak_memory(), time.process_time()
    started = time.perf_counter()
    dataset = tablib.Dataset().load(Path(sys.argv[1]).read_bytes(), format="xlsx")
    result = Residents().import_data(dataset, use_transactions=True, raise_errors=True)
    seconds = time.perf_counter() - started
    cpu = time.process_time() - computed
    told = {"rows": Resident.objects.count(), "seconds": seconds, "cpu": cpu, "before": before, "peak": peak_memory()}
    print(json.dumps({**told, "bad": len(result.row_errors())}))


main()
