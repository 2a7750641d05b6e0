"""Plans, the sentences of the version that stands, and duties are found in the one box."""

from __future__ import annotations

import pytest
from django.test import Client

from nianlun.duties.models import Duty
from nianlun.places.models import Community, User
from nianlun.places.policy import Policy
from nianlun.places.search.find import find
from nianlun.plans.actions import adopt
from nianlun.plans.models import PlanVersion
from tests.places import make
from tests.plans import making


def found(user: User, typed: str) -> dict[str, list[str]]:
    return {group.kind.code: [hit.title for hit in group.hits] for group in find(Policy(user), typed)}


def test_a_plan_is_found_from_the_start_and_its_sentences_once_adopted(
    version: PlanVersion, community: Community, secretary: User, client: Client
) -> None:
    assert found(secretary, "松风里") == {"plan": ["松风里社区2027年工作计划"]}
    assert found(secretary, "sfl") == {"plan": ["松风里社区2027年工作计划"]}
    assert found(secretary, "敬老联欢") == {}
    adopt(acting_user=secretary, version=version, edits=version.edits)
    told = found(secretary, "敬老联欢")
    assert set(told) == {"sentence", "duty"} and len(told["sentence"]) == 1
    stranger = make.secretary("stranger", at=make.community("elsewhere", of=make.subdistrict("other")))
    assert found(stranger, "敬老联欢") == found(stranger, "松风里") == {}
    hit = find(Policy(secretary), "敬老联欢")[0].hits[0]
    client.force_login(secretary)
    page = client.get(hit.address, follow=True)
    assert page.status_code == 200 and page.redirect_chain[-1][0].endswith(f"#i-{hit.address.split('/')[-2]}")
    client.force_login(stranger)
    assert client.get(hit.address).status_code == 404


def test_sentences_of_a_version_that_is_superseded_are_found_no_longer(version: PlanVersion, secretary: User) -> None:
    adopt(acting_user=secretary, version=version, edits=version.edits)
    later = making.next_version(version.plan, secretary, making.TEXT.replace("敬老联欢会", "九九茶话会"))
    assert "sentence" in found(secretary, "敬老联欢")
    adopt(acting_user=secretary, version=later, edits=later.edits)
    assert "sentence" not in found(secretary, "敬老联欢")
    assert "sentence" in found(secretary, "九九茶话")


@pytest.mark.django_db
def test_a_duty_that_ended_stands_last(version: PlanVersion, secretary: User) -> None:
    adopt(acting_user=secretary, version=version, edits=version.edits)
    duty = Duty.objects.get(title__contains="敬老联欢会")
    duty.ended_on = duty.ends_on
    duty.save(update_fields=["ended_on"])
    hits = next(group.hits for group in find(Policy(secretary), "一次") if group.kind.code == "duty")
    assert [hit.gone for hit in hits][-1] and not hits[0].gone
