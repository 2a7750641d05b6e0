"""A full disk of the database: said to the person who uploads, kept as the import's end, and nothing is half there."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from nianlun.kernel.disk import DiskFull
from nianlun.places.models import Estate
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.jobs import apply_sheet, check_sheet
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import ImportPart, ImportRow, ImportRun, Status
from nianlun.ui.sheets.running import NO_ROOM
from tests.ui.sheets.making import checked, stall_rows, uploaded, xlsx
from tests.ui.sheets.stalls import Stalls

MESSAGE = DiskFull().message


def fill_up(table: str) -> None:
    """From now on the server answers every write into the table as it does when its disk is full (SQLSTATE 53100)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION pg_temp.full()")


def test_an_upload_is_refused_with_what_to_do_and_leaves_nothing(at_desk: Client) -> None:
    fill_up(ImportPart._meta.db_table)
    file = SimpleUploadedFile("摊位.xlsx", xlsx(stall_rows(3)))
    answer = at_desk.post("/c/wutong/stalls/import/", {"file": file})
    assert answer.status_code == 507
    assert MESSAGE in answer.content.decode()
    assert not ImportRun.objects.exists() and not ImportPart.objects.exists()


def test_a_check_ends_and_does_not_blame_the_file(viewer: CommunityViewer) -> None:
    run = uploaded(viewer, xlsx(stall_rows(3)))
    actions.set_columns(viewer=viewer, run=run, register=Stalls(), columns=run.columns)
    fill_up(ImportRow._meta.db_table)
    check_sheet(str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.failure) == (Status.FAILED, NO_ROOM)


def test_an_import_that_was_being_written_stops_and_tells_why(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(3)))
    actions.start(viewer=viewer, run=run, only_good=True)
    fill_up(Estate._meta.db_table)
    apply_sheet(str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.written, run.failure) == (Status.FAILED, 0, NO_ROOM)
    assert not Estate.objects.exists()


def test_a_program_is_told_too(at_desk: Client) -> None:
    fill_up(Estate._meta.db_table)
    values = {"code": "A1", "name": "甲"}
    answer = at_desk.post("/api/v1/c/wutong/stalls/", {"values": values}, content_type="application/json")
    assert answer.status_code == 507
    assert answer.json()["errors"] == [{"code": "disk_full", "field": "", "message": MESSAGE}]
