"""The registers by sheets: what was exported and comes back unchanged changes nothing; residents in and out again."""

from __future__ import annotations

import io
from typing import Any

import pytest

from nianlun.kernel.sealing.seal import unseal
from nianlun.places.models import Resident
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import all_registers
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import ImportRun
from nianlun.ui.sheets.running import apply_run, check_run, undo_run
from nianlun.ui.sheets.writing.blank import write_blank
from nianlun.ui.sheets.writing.export import write_xlsx
from tests.places.people import make
from tests.ui.sheets.making import cells_of, kinds, xlsx

HEAD = ("序号", "姓名", "身份证号码", "联系电话", "小区名称", "楼号", "单元号", "房号", "与户主关系")
REGISTERS = {one.code: one for one in all_registers() if type(one).__module__.startswith("nianlun.places.")}


@pytest.fixture
def viewer(db: None) -> CommunityViewer:
    return make.viewer(make.ground())


def checked(viewer: CommunityViewer, register: Any, data: bytes) -> ImportRun:
    run = actions.upload(viewer=viewer, register=register, name="表.xlsx", data=data)
    actions.set_columns(viewer=viewer, run=run, register=register, columns=run.columns)
    check_run(str(run.pk))
    run.refresh_from_db()
    return run


def roster(number: str) -> list[Any]:
    return [
        HEAD,
        ["1", "单雄", number, "13800000001", "清风苑", "1号楼", "1单元", "101", "户主"],
        ["2", "仇英", make.id_number(male=False), "", "清风苑", "1号楼", "1单元", "101", "配偶"],
        ["3", "尉迟恭", make.id_number()[:-1] + "?", "138", "清风苑", "9号楼", "", "101", ""],
    ]


def applied(viewer: CommunityViewer, run: ImportRun) -> ImportRun:
    actions.start(viewer=viewer, run=run, only_good=True)
    apply_run(str(run.pk))
    run.refresh_from_db()
    return run


def test_a_roster_of_residents_goes_in_comes_back_and_goes_out(viewer: CommunityViewer) -> None:
    register, number = REGISTERS["residents"], make.id_number()
    run = checked(viewer, register, xlsx(roster(number)))
    assert kinds(run) == ["new", "new", "error"]
    run = applied(viewer, run)
    assert (run.written, run.left) == (2, 0), list(run.rows.values_list("why", flat=True))
    one = Resident.objects.get(name="单雄")
    assert unseal(one.id_number_sealed) == number and one.household is not None
    again = checked(viewer, register, xlsx(roster(number)[:3]))
    assert kinds(again)[0] == "same"
    moved = roster(number)[:2]
    moved[1][3] = "13900000009"
    change = checked(viewer, register, xlsx(moved))
    assert change.rows.get().differences == {"phone": ["138****0001", "139****0009"]}
    change = applied(viewer, change)
    one.refresh_from_db()
    assert unseal(one.phone_sealed) == "13900000009"
    for undone in (change, run):
        actions.undo(viewer=viewer, run=undone)
        undo_run(str(undone.pk))
    run.refresh_from_db()
    change.refresh_from_db()
    assert change.kept == 0


@pytest.mark.parametrize("code", sorted(REGISTERS))
def test_exported_and_imported_unchanged_it_is_the_same(viewer: CommunityViewer, code: str) -> None:
    residents = REGISTERS["residents"]
    applied(viewer, checked(viewer, residents, xlsx(roster(make.id_number()))))
    register = REGISTERS[code]
    file = io.BytesIO()
    count = write_xlsx(file, register, viewer, register.rows(viewer).order_by("pk"))
    if not count:
        return
    run = checked(viewer, register, file.getvalue())
    told = list(run.rows.exclude(kind="same").values_list("number", "kind", "differences", "problems"))
    assert told == []


@pytest.mark.parametrize("code", sorted(REGISTERS))
def test_its_blank_sheet_reads_as_its_own(viewer: CommunityViewer, code: str) -> None:
    register, file = REGISTERS[code], io.BytesIO()
    fields = register.written_fields(viewer, None)
    write_blank(file, register.title, fields)
    assert len(cells_of(file.getvalue())[0]) == len(fields)
    run = actions.upload(viewer=viewer, register=register, name="空表.xlsx", data=file.getvalue())
    assert run.columns == [one.code for one in fields]
