"""The demo's year under way: plans handed out, work done, some of it late, somebody on leave, a charge from above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from nianlun.duties.actions import work
from nianlun.duties.actions.added import Charge, add_duty
from nianlun.duties.actions.hand_out import Whom, hand_out, map_word
from nianlun.duties.actions.leaves import make_leave
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.materialise import BACK, materialise
from nianlun.duties.models import Duty, Mode, Occurrence, OccurrenceStatus, Origin
from nianlun.kernel.clock import CHINA, frozen, now, today
from nianlun.kernel.errors import UserError
from nianlun.places.models import Community, Post, User
from nianlun.plans.models import PlanVersion, VersionStatus
from nianlun.plans.reading.schedule import Deadline, Point

UNDER_WAY = BACK - timedelta(days=5)  # how long ago the year's plan was adopted: as far back as its work is stored
# Words of the demo's plans that name nobody's post: whom they mean. Those left out stand under 待分工.
WORDS = {
    "wutong": {
        "社区党总支": "shuji", "安全专干": "zongzhi", "人民调解委员会": "zongzhi", "劳动保障协管员": "wangge2",
        "社区卫生服务站": "weijian", "家庭医生": "weijian", "文体队伍": "wenjiao",
    },
    "heying": {"支部书记": "heying", "消防专干": "heying3", "治安巡逻队": "heying3"},
}  # fmt: skip
EVERYBODY = {"wutong": "网格员"}  # each grid worker does their own grid
SECRETARIES = {"wutong": "shuji", "heying": "heying"}
LATE_EVERY, ENTERED_LATE_EVERY = 11, 6
NOTES = ("已办，情况正常。", "按计划完成，居民反映良好。", "完成，发现的问题已登记。", "")


def load_duties(users: Mapping[str, User]) -> None:
    """After the plans are adopted: the year runs as if people had worked on it until today."""
    for code, secretary in SECRETARIES.items():
        community = Community.objects.get(code=code)
        _adopt_some_time_ago(community)
        _hand_out(community, users, users[secretary])
        _work_until_today(community)
    _this_week(Community.objects.get(code="wutong"), users)


def _adopt_some_time_ago(community: Community) -> None:
    """A plan of a year that has begun was adopted weeks ago and not today, so that its year has a past."""
    for version in PlanVersion.objects.filter(plan__community=community, status=VersionStatus.ADOPTED):
        day = max(date(version.plan.year, 1, 4), today() - UNDER_WAY)
        if day < today():
            Duty.objects.filter(plan=version.plan).update(adopted_on=day)
            at = datetime.combine(day, time(10), CHINA)
            PlanVersion.objects.filter(pk=version.pk).update(adopted_at=at, created_at=at - timedelta(days=3))
    materialise(community)


def _hand_out(community: Community, users: Mapping[str, User], secretary: User) -> None:
    for word, username in WORDS[community.code].items():
        whom = Whom(user_id=users[username].pk)
        map_word(acting_user=secretary, community=community, word=word, to=whom)
    if word := EVERYBODY.get(community.code, ""):
        seen, to = Whom(post_title=word), Whom(post_title=word, mode=Mode.ALL)
        map_word(acting_user=secretary, community=community, word=word, to=to, seen=seen)
    hands = Hands.of_community(Roster(community))
    free = [duty for duty in Duty.objects.filter(community=community) if not hands.people(duty.pk)]
    for post in Post.objects.filter(community=community):
        chosen = [(duty.pk, duty.revision) for duty in free if duty.line in post.lines and not duty.owner_words]
        free = [duty for duty in free if (duty.pk, duty.revision) not in chosen]
        if chosen:
            hand_out(acting_user=secretary, community=community, chosen=chosen, to=Whom(user_id=post.user_id))


def _work_until_today(community: Community) -> None:
    """What fell due before today is done on its day, but for some that are late, and some that were entered late."""
    people = {user.pk: user for user in User.objects.filter(posts__community=community)}
    past = Occurrence.objects.filter(community=community, status=OccurrenceStatus.OPEN, act_on__lt=today())
    known = {pk: work.Known.of(user, community) for pk, user in people.items()}
    hands = Hands.of_community(Roster(community))
    for number, one in enumerate(past.order_by("act_on", "line", "key"), start=1):
        doers = [people[pk] for pk in hands.with_whom(one) if pk in people]
        if number % LATE_EVERY == 0 or not doers:
            continue
        done_on = max(one.window_start, one.act_on - timedelta(days=number % 3))
        entered = min(today(), one.act_on + timedelta(days=4)) if number % ENTERED_LATE_EVERY == 0 else done_on
        with frozen(min(now(), datetime.combine(entered, time(16, number % 60), CHINA))):
            for doer in _doers(one, hands, doers):
                work.do(
                    acting_user=doer, pk=one.pk, revision=None, done_on=done_on, note=NOTES[number % len(NOTES)],
                    known=known[doer.pk],
                )  # fmt: skip


def _doers(one: Occurrence, hands: Hands, doers: list[User]) -> Iterator[User]:
    """Everybody where everybody must, else the first of those it is with."""
    required = set(hands.required(one))
    yield from (doer for doer in doers if doer.pk in required) if required else doers[:1]


def _this_week(community: Community, users: Mapping[str, User]) -> None:
    """Something handed over, something postponed, a charge from the subdistrict, a colleague on leave."""
    day = today()
    coming = list(
        Occurrence.objects.filter(
            community=community, status=OccurrenceStatus.OPEN, act_on__gte=day, act_on__lte=day + timedelta(days=21),
            duty__assignments__user__isnull=False,
        ).distinct().order_by("act_on", "pk")
    )  # fmt: skip
    secretary = users["shuji"]
    for one, act in zip(coming[:2], ("hand_over", "postpone"), strict=False):
        try:
            if act == "hand_over":
                work.hand_over(
                    acting_user=secretary, pk=one.pk, revision=None, to=users["minzheng"], reason="这周请你一并办理"
                )
            else:
                later = one.due_on + timedelta(days=5)
                work.postpone(acting_user=secretary, pk=one.pk, revision=None, to=later, reason="场地在维修")
        except UserError:
            continue  # it is with that person already
    due = day + timedelta(days=3)
    charge = Charge(
        origin=Origin.CHARGED, title="报送冬春火灾防控排查情况表", line="safety",
        schedule=Deadline(Point(due.month, due.day, next_year=due.year > day.year)), starts_on=day, ends_on=due,
        source_title="关于做好冬春火灾防控工作的通知",
    )  # fmt: skip
    to = Whom(user_id=users["zongzhi"].pk)
    add_duty(acting_user=users["jiedao"], community=community, charge=charge, to=to)
    make_leave(
        acting_user=secretary, community=community, user=users["wenjiao"], stand_in=users["minzheng"],
        starts_on=day, ends_on=day + timedelta(days=6), reason="年休假",
    )  # fmt: skip
