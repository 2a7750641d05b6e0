"""A grid is not closed while an entry waits in it."""

from __future__ import annotations

import pytest

from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import file_entry, withdraw_entry
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.grid_work import open_entries
from nianlun.ledgers.models import Entry, LedgerVersion, Standing
from nianlun.places.models import Building, Grid
from tests.ledgers.make import HAZARD, Yard, yard
from tests.places.ground import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Yard:
    return yard()


def found_at(place: Grid | Building, world: Yard) -> Entry:
    head = Head(today(), grid_id=place.pk) if isinstance(place, Grid) else Head(today(), building_id=place.pk)
    held = ledgers_at(world.home)["hazard"]
    return file_entry(acting_user=world.one, community=world.home, held=held, head=head, written=HAZARD)


def test_what_waits_is_counted_by_ledger_with_the_way_to_it(world: Yard) -> None:
    grid = make.grid(at=world.home)
    assert open_entries(grid) is None
    entry = found_at(grid, world)
    hanging = open_entries(grid)
    assert str(hanging) == "未办结的台账记录（隐患整改台账1） 1 条"
    assert hanging is not None and hanging.address.startswith(f"/c/wutong/hazard/?grid={grid.pk}")
    withdraw_entry(acting_user=world.one, pk=entry.pk, revision=entry.revision, reason="记错了地方")
    assert open_entries(grid) is None


def test_what_is_about_a_building_goes_with_the_building(world: Yard) -> None:
    old, new = make.grid("一", at=world.home), make.grid("二", at=world.home)
    house = make.building(at=world.home, grid=old)
    found_at(house, world)
    assert open_entries(old) is not None
    Building.objects.filter(pk=house.pk).update(grid=new)
    assert open_entries(old) is None


def test_of_what_is_sensitive_no_more_is_told_than_that_it_waits(world: Yard) -> None:
    grid = make.grid(at=world.home)
    Entry.objects.filter(pk=found_at(grid, world).pk).update(ledger="benefit")
    hanging = open_entries(grid)
    assert str(hanging) == "未办结的台账记录 1 条"
    assert hanging is not None and hanging.address == "/c/wutong/ledgers/"


def test_what_a_retired_ledger_left_open_is_called_by_its_name(world: Yard) -> None:
    grid = make.grid(at=world.home)
    found_at(grid, world)
    LedgerVersion.objects.filter(code="hazard").update(standing=Standing.RETIRED)
    assert "隐患整改台账1" in str(open_entries(grid))
