"""What of plans the search box finds: their titles, and the sentences of the version that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from nianlun.places.policy import May
from nianlun.places.search.index import index, unindex
from nianlun.places.search.kinds import Described, Kind, Where, describe
from nianlun.places.search.pinyin import initials
from nianlun.plans.models import ItemText, Plan, PlanVersion, VersionStatus

SENTENCE = "sentence"


def describe_all() -> None:
    """Called once at start-up."""
    describe(Kind("plan", "工作计划", Plan, _plans, _plan_page, May.SEE))
    describe(Kind(SENTENCE, "计划原文", ItemText, _sentences, _sentence_page, May.SEE))


def index_standing(version: PlanVersion) -> None:
    """A version was adopted: its sentences are found from now on, and those of other versions no longer."""
    former = ItemText.objects.filter(version__plan=version.plan_id).exclude(version=version)
    unindex(SENTENCE, former.values_list("pk", flat=True))
    index(list(version.items.all()))


def _plan_page(community: str, pk: UUID) -> str:
    return reverse("plans:plan", args=[community, pk])


def _sentence_page(community: str, pk: UUID) -> str:
    return reverse("plans:sentence", args=[community, pk])


def _plans(records: Sequence[Plan]) -> Iterator[Described]:
    prefetch_related_objects(records, "community")
    for one in records:
        where = Where(one.pk, one.community.subdistrict_id, one.community_id)
        yield Described(where, one.title, f"{one.year} 年", texts=[str(one.year)], initials=[initials(one.title)])


def _sentences(records: Sequence[ItemText]) -> Iterator[Described]:
    """Those of adopted versions that were not dropped."""
    light = PlanVersion.objects.defer("source_bytes", "text").select_related("plan__community")
    prefetch_related_objects(records, Prefetch("version", light))
    for one in records:
        plan = one.version.plan
        if one.version.status == VersionStatus.ADOPTED and not one.dropped_reason:
            where = Where(one.pk, plan.community.subdistrict_id, plan.community_id)
            yield Described(where, one.text, plan.title, texts=[one.text])
