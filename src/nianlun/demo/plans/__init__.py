"""The demo's plans, written for it, put in, read and adopted by the same actions as anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nianlun.places.models import Community, User
from nianlun.plans.actions import adopt, start_plan
from nianlun.plans.models import PlanVersion
from nianlun.plans.store_reading import store_reading

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """`secretary` puts it in; one that is not adopted stays in review."""

    file: str
    community: str
    year: int
    secretary: str
    adopted: bool = True


PLANS = (
    DemoPlan("wutong-2026.txt", "wutong", 2026, "shuji"),
    DemoPlan("wutong-2027.txt", "wutong", 2027, "shuji"),
    DemoPlan("heying-2027.txt", "heying", 2027, "heying"),
    DemoPlan("shuiku-2027.txt", "shuiku", 2027, "shuiku", adopted=False),
)


def load_plans(users: Mapping[str, User]) -> None:
    """Every plan through upload, reading and adoption; the queued job finds it read and does nothing."""
    for plan in PLANS:
        secretary = users[plan.secretary]
        version = start_plan(
            acting_user=secretary,
            community=Community.objects.get(code=plan.community),
            year=plan.year,
            title="",
            name=plan.file,
            data=(FOLDER / plan.file).read_bytes(),
        )
        store_reading(str(version.pk))
        if plan.adopted:
            version = PlanVersion.objects.get(pk=version.pk)
            adopt(acting_user=secretary, version=version, edits=version.edits)
