"""The form of an entry: every kind of field comes back as it was written, and nothing typed is lost."""

from __future__ import annotations

import errno
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from nianlun.kernel.clock import today
from nianlun.ledgers.models import Entry, EntryFile, EntryLink
from nianlun.places.models import Organisation
from tests.ledgers.make import Yard, hazard, yard
from tests.ledgers.views.test_home import client_of

pytestmark = pytest.mark.django_db
DAY = today().isoformat()
POINTS = ["hose", "alarm"]


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> Yard:
    settings.MEDIA_ROOT = tmp_path
    return yard()


def sent(**values: object) -> dict[str, object]:
    return {"client_key": str(uuid4()), "occurred_on": DAY, **values}


def photo(size: tuple[int, int] = (400, 300), *, placed: bool = False) -> SimpleUploadedFile:
    into, exif = BytesIO(), Image.Exif()
    if placed:
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010F] = "Maker"
    Image.new("RGB", size, "red").save(into, "JPEG", exif=exif)
    return SimpleUploadedFile("door.jpg", into.getvalue(), "image/jpeg")


def gas(client: Client, **more: object) -> dict[str, object]:
    """An inspection by the checklist of gas in which the hose has failed and nothing else applies."""
    page = client.post(
        "/c/wutong/inspection/points/", {"points": "gas", "field": "points", "occurred_on": DAY}
    ).content.decode()
    names = {part.split('"')[0] for part in page.split('name="')[1:] if ".remark" not in part.split('"')[0]}
    points = dict.fromkeys(names, "absent") | {"points.hose": "failed", "points.hose.remark": "软管开裂"}
    return sent(
        target="老街小吃店", kind="festival", inspectors="安全专干", conclusion="failed", deadline=DAY, points="gas",
        contact_phone="13800138000", **points, **more,
    )  # fmt: skip


def test_a_form_shows_every_ledger_and_files_an_entry(world: Yard) -> None:
    client = client_of(world.one)
    for code in ("hazard", "inspection", "visit", "meeting", "benefit", "request", "activity", "needs_assessment"):
        page = client.get(f"/c/wutong/{code}/new/")
        assert page.status_code == 200 and "data-ledger-form" in page.content.decode(), code
    shop = Organisation.objects.create(
        subdistrict=world.home.subdistrict, community=world.home, kind="shop", name="面馆", contact="老王"
    )
    answer = client.post("/c/wutong/hazard/new/", sent(
        subject=f"organisation:{shop.pk}", found="楼道堆物", category="fire", severity="minor", party=str(shop.pk),
    ))  # fmt: skip
    entry = Entry.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/c/wutong/hazard/{entry.pk}/"
    assert (entry.subject_kind, entry.subject_name, entry.data["party"]) == ("organisation", "面馆", str(shop.pk))
    assert "面馆" in client.get(f"/c/wutong/hazard/{entry.pk}/edit/").content.decode()


def test_fields_of_later_steps_wait_for_them(world: Yard) -> None:
    page = client_of(world.one).get("/c/wutong/hazard/new/").content.decode()
    assert 'name="deadline"' in page and 'name="recheck"' not in page and 'name="measures"' not in page


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(world: Yard) -> None:
    answer = client_of(world.one).post("/c/wutong/hazard/new/", sent(found="井盖破损", severity="grave"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "井盖破损" in page
    assert 'id="f-category-error"' in page and 'id="f-deadline-error"' in page


def test_the_same_form_twice_is_one_entry(world: Yard) -> None:
    client, form = client_of(world.one), sent(found="楼道堆物", category="fire", severity="minor")
    first, second = (client.post("/c/wutong/hazard/new/", form) for _ in range(2))
    assert first["Location"] == second["Location"] and Entry.objects.count() == 1


def test_late_work_is_entered_with_a_reason(world: Yard) -> None:
    client = client_of(world.one)
    form = sent(found="楼道堆物", category="fire", severity="minor")
    form["occurred_on"] = (today() - timedelta(days=10)).isoformat()
    refused = client.post("/c/wutong/hazard/new/", form)
    assert refused.status_code == 422 and 'id="f-late_reason-error"' in refused.content.decode()
    assert client.post("/c/wutong/hazard/new/", {**form, "late_reason": "下片区没带手机"}).status_code == 302


def test_choices_tables_and_times_come_back_as_written(world: Yard) -> None:
    client = client_of(world.one)
    rows = {"decisions.0.what": "公示七天", "decisions.0.due_on": DAY, "decisions.7.what": "更换电梯",
            "decisions.7.in_favour": "22"}  # fmt: skip
    client.post("/c/wutong/meeting/new/", sent(
        topic="老旧电梯更换", kind="routine", chair="主任", present="26", minutes="讨论", starts_at="14:00", **rows,
    ))  # fmt: skip
    meeting = Entry.objects.get(ledger="meeting")
    assert [row["what"] for row in meeting.data["decisions"]] == ["公示七天", "更换电梯"]
    assert meeting.data["decisions"][1]["in_favour"] == 22
    page = client.get(f"/c/wutong/meeting/{meeting.pk}/edit/").content.decode()
    assert 'value="更换电梯"' in page and 'value="14:00"' in page
    client.post("/c/wutong/visit/new/", sent(purposes=["care", "safety"], manner="door", met="self", gist="都好"))
    visit = Entry.objects.get(ledger="visit")
    assert visit.data["purposes"] == ["care", "safety"] and visit.closed_on == today()


def test_a_failed_point_opens_a_hazard_once(world: Yard) -> None:
    client = client_of(world.one)
    form = gas(client)
    answer = client.post("/c/wutong/inspection/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    inspection, made = Entry.objects.get(ledger="inspection"), Entry.objects.get(ledger="hazard")
    assert inspection.data["score"] == 0 and inspection.data["failed"] == 1
    assert "软管开裂" in made.data["found"] and made.data["category"] == "gas" and "party_phone" in made.sealed
    assert EntryLink.objects.get().part == "hose"
    edited = {**form, "client_key": str(uuid4()), "revision": 1, "inspectors": "安全专干、网格员"}
    edited["contact_phone"] = "138****8000"
    assert client.post(f"/c/wutong/inspection/{inspection.pk}/edit/", edited).status_code == 302
    assert Entry.objects.filter(ledger="hazard").count() == 1


def test_an_unanswered_point_is_named(world: Yard) -> None:
    client = client_of(world.one)
    form = {key: value for key, value in gas(client).items() if not key.startswith("points.") or "hose" in key}
    answer = client.post("/c/wutong/inspection/new/", form)
    assert answer.status_code == 422 and "没有填" in answer.content.decode() and "软管开裂" in answer.content.decode()


def test_what_stands_follows_what_is_written(world: Yard) -> None:
    client = client_of(world.one)
    shop = Organisation.objects.create(
        subdistrict=world.home.subdistrict, community=world.home, kind="shop", name="面馆", contact="老王"
    )
    now = client.post("/c/wutong/inspection/stand/", {**gas(client), "subject": f"organisation:{shop.pk}"}).json()
    assert "joint_with" not in now["shown"] and "deadline" in now["required"]
    assert now["computed"] == {"score": "0", "failed": "1"} and now["known"]["contact"]["said"] == "老王"


def test_a_picker_finds_what_the_user_may_see(world: Yard) -> None:
    Organisation.objects.create(subdistrict=world.home.subdistrict, community=world.home, kind="shop", name="面馆")
    find = {"kind": "subject", "q": "面"}
    found = client_of(world.one).post("/c/wutong/hazard/pick/", find).json()["found"]
    assert [one["title"] for one in found] == ["面馆"] and found[0]["value"].startswith("organisation:")
    assert client_of(world.stranger).post("/c/wutong/hazard/pick/", find).status_code == 404


def test_without_scripts_a_record_is_searched_and_chosen(world: Yard) -> None:
    Organisation.objects.create(subdistrict=world.home.subdistrict, community=world.home, kind="shop", name="面馆")
    form = sent(found="楼道堆物", find="subject", **{"subject.words": "面"})
    page = client_of(world.one).post("/c/wutong/hazard/new/", form).content.decode()
    assert 'value="organisation:' in page and "楼道堆物" in page and not Entry.objects.exists()


def test_two_editors_see_both_sides(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    address = f"/c/wutong/hazard/{entry.pk}/edit/"
    one, two = client_of(world.one), client_of(world.two)
    shown = two.get(address).context["shown"]
    base = {"found": "楼道堆放杂物", "category": "fire", "severity": "minor", "revision": 1}
    assert one.post(address, {**sent(), **base, "where": "一层"}).status_code == 302
    clash = two.post(address, {**sent(), **base, "where": "二层", "shown": shown})
    page = clash.content.decode()
    assert clash.status_code == 409 and "一层" in page and 'value="二层"' in page
    settled = {**sent(), **base, "where": "二层", "revision": 2, "side-where": "theirs"}
    assert two.post(address, settled).status_code == 302
    entry.refresh_from_db()
    assert entry.data["where"] == "一层"


def test_a_secret_comes_back_as_its_mask_and_stays(world: Yard) -> None:
    entry = hazard(world.one, world.home, party_phone="13800138000")
    client = client_of(world.one)
    page = client.get(f"/c/wutong/hazard/{entry.pk}/edit/").content.decode()
    assert "138****8000" in page and "13800138000" not in page
    form = sent(found="另一处", category="fire", severity="minor", party_phone="138****8000", revision=1)
    client.post(f"/c/wutong/hazard/{entry.pk}/edit/", form)
    kept = entry.sealed
    entry.refresh_from_db()
    assert entry.data["found"] == "另一处" and entry.sealed == kept


def test_the_last_one_is_copied_without_what_is_secret(world: Yard) -> None:
    hazard(world.one, world.home, party_phone="13800138000", party_name="面馆")
    page = client_of(world.one).get("/c/wutong/hazard/new/?like=last").content.decode()
    assert 'value="面馆"' in page and "138****8000" not in page


def test_photos_lose_their_position_and_are_shown_to_who_sees_the_entry(world: Yard) -> None:
    client = client_of(world.one)
    kept = client.post("/c/wutong/hazard/files/", {"kind": "photos", "file": photo((2400, 1200), placed=True)}).json()
    assert kept["picture"] and client_of(world.two).get(kept["address"]).status_code == 404  # not filed yet: one's own
    form = sent(found="楼道堆物", category="fire", severity="minor", photos=kept["id"])
    client.post("/c/wutong/hazard/new/", {**form, "photos.new": photo()})
    entry = Entry.objects.get()
    assert len(entry.data["photos"]) == 2 and entry.files.count() == 2
    seen = client_of(world.two).get(kept["address"])
    with Image.open(BytesIO(b"".join(seen))) as picture:
        assert picture.size == (1600, 800) and not picture.getexif()
    assert client_of(world.two).get(kept["address"] + "?small=1").status_code == 200
    assert client_of(world.stranger).get(kept["address"]).status_code == 404


def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up in the middle of a file: half of what is written arrives."""

    def half(file: FieldFile, name: str, content: ContentFile[bytes], save: bool = True) -> None:
        kept = Path(file.storage.path(file.field.generate_filename(file.instance, name)))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(content.read()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FieldFile, "save", half)


def test_on_a_full_disk_nothing_is_half_kept_and_nothing_typed_is_lost(
    world: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_room(monkeypatch)
    client = client_of(world.one)
    alone = client.post("/c/wutong/hazard/files/", {"kind": "photos", "file": photo()})
    assert alone.status_code == 507 and "磁盘满了" in alone.json()["refused"]
    form = sent(found="楼道堆物", category="fire", severity="minor")
    with_form = client.post("/c/wutong/hazard/new/", {**form, "photos.new": photo()})
    page = with_form.content.decode()
    assert with_form.status_code == 507 and "磁盘满了" in page and "楼道堆物" in page
    assert not EntryFile.objects.exists() and not Entry.objects.exists()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []
    monkeypatch.undo()
    assert client.post("/c/wutong/hazard/new/", {**form, "photos.new": photo()}).status_code == 302
    assert Entry.objects.get().files.count() == 1


def test_a_file_whose_row_is_refused_does_not_stay(
    world: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(EntryFile, "save", refuse)
    answer = client_of(world.one).post("/c/wutong/hazard/files/", {"kind": "photos", "file": photo()})
    assert answer.status_code == 507 and "磁盘满了" in answer.content.decode()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def bomb() -> SimpleUploadedFile:
    into = BytesIO()
    Image.new("1", (20_000, 20_000)).save(into, "PNG", optimize=True)
    return SimpleUploadedFile("bomb.png", into.getvalue(), "image/png")


@pytest.mark.parametrize("given", [
    bomb(), SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken"), SimpleUploadedFile("a.svg", b"<svg/>"),
    SimpleUploadedFile("a.jpg", b""),
])  # fmt: skip
def test_what_is_no_honest_picture_is_refused(world: Yard, given: SimpleUploadedFile) -> None:
    answer = client_of(world.one).post("/c/wutong/hazard/files/", {"kind": "photos", "file": given})
    assert answer.status_code == 422 and answer.json()["refused"] and not EntryFile.objects.exists()


def test_a_refused_file_loses_nothing_of_the_form(world: Yard) -> None:
    form = sent(found="楼道堆物", category="fire", severity="minor")
    answer = client_of(world.one).post("/c/wutong/hazard/new/", {**form, "photos.new": bomb()})
    assert answer.status_code == 422 and "楼道堆物" in answer.content.decode()


def test_strangers_find_no_form_and_other_posts_are_refused(world: Yard) -> None:
    assert client_of(world.stranger).get("/c/wutong/hazard/new/").status_code == 404
    assert json.loads(client_of(world.one).post("/c/wutong/hazard/stand/", {}).content)["late"] is False


def test_choices_stand_in_the_order_of_the_declaration(world: Yard) -> None:
    page = client_of(world.one).get("/c/wutong/inspection/new/").content.decode()
    assert page.index("日常检查") < page.index("专项检查") < page.index("联合检查") < page.index("交办检查")


def test_an_id_that_is_none_is_told_beside_its_field(world: Yard) -> None:
    client = client_of(world.one)
    assert client.get("/c/wutong/hazard/new/?party=abc").status_code == 200
    form = sent(found="楼道堆物", category="fire", severity="minor", party="abc", mended_photos=["abc"], photos=["abc"])
    answer = client.post("/c/wutong/hazard/new/", form)
    assert answer.status_code == 422 and 'id="f-party-error"' in answer.content.decode()
