"""One duty of the demo that is done shop by shop: some have been inspected in this period, others wait."""

from __future__ import annotations

from collections.abc import Mapping

from nianlun.duties.models import Duty, OccurrenceStatus
from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.fan_out import list_places, set_fan_out
from nianlun.ledgers.actions.serve import link
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Over
from nianlun.places.models import Community, Organisation, OrganisationKind, User

COMMUNITY, WORDS, SECRETARY, INSPECTOR = "wutong", "九小场所", "shuji", "zongzhi"
SHOPS, INSPECTED = 12, 5


def load_place_by_place(users: Mapping[str, User]) -> None:
    """After plan and register; a plan whose year has no such sentence is passed over."""
    at = Community.objects.get(code=COMMUNITY)
    shops = list(Organisation.objects.filter(community=at, kind=OrganisationKind.SHOP, closed_on=None)[:SHOPS])
    for duty in Duty.objects.filter(community=at, title__contains=WORDS, ended_on=None):
        set_fan_out(acting_user=users[SECRETARY], duty=duty.pk, revision=0, over=Over.LISTED.value)
        listed = [("organisation", shop.pk) for shop in shops]
        list_places(acting_user=users[SECRETARY], duty=duty.pk, places=listed)
        on = duty.occurrences.filter(status=OccurrenceStatus.OPEN, window_start__lte=today()).order_by("act_on").last()
        for shop in shops[:INSPECTED] if on is not None else ():
            written = {
                "target": shop.name, "kind": "special", "inspectors": "安全专干、网格员", "conclusion": "passed",
            }  # fmt: skip
            head = Head(today(), "organisation", str(shop.pk))
            entry = file_entry(
                acting_user=users[INSPECTOR], community=at, held=ledgers_at(at)["inspection"], head=head,
                written=written,
            )  # fmt: skip
            link(acting_user=users[INSPECTOR], pk=entry.pk, occurrences=[on.pk] if on else [])
