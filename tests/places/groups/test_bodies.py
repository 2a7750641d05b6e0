"""Bodies: rosters and their terms, elections, and whose rosters are seen by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.duties.assignment import Roster
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.actions.bodies import close_body, reopen_body
from nianlun.places.actions.members import Chosen, Who, add_member, begin_term, change_member, end_member
from nianlun.places.models import Body, BodyKind, Community, Findable, Member, Post, PostKind, User
from nianlun.places.registers.bodies import BodyRegister
from nianlun.places.roster import people_found, roster_of, tree_of
from nianlun.places.rules.terms import post_rank, term_state
from nianlun.places.viewing import CommunityViewer
from tests.places import make
from tests.places.people import make as people

pytestmark = pytest.mark.django_db
REGISTER = BodyRegister()
DAY = timedelta(days=1)


@pytest.fixture
def home() -> Iterator[Community]:
    yield people.ground()


@pytest.fixture
def viewer(home: Community) -> CommunityViewer:
    return people.viewer(home)


@pytest.fixture
def boss(viewer: CommunityViewer) -> User:
    return viewer.user


@pytest.fixture
def team(home: Community) -> Body:
    return Body.objects.create(community=home, name="巡逻队")


def branch(home: Community) -> Body:
    return Body.objects.create(community=home, name="第一党支部", kind=BodyKind.BRANCH)


def added(viewer: CommunityViewer, *rows: dict[str, str]) -> list[Body]:
    drafts = REGISTER.check(rows, viewer)
    assert all(draft.checked.good for draft in drafts), [draft.checked.errors for draft in drafts]
    return REGISTER.save(drafts, viewer, source="form")


def errors(viewer: CommunityViewer, row: dict[str, str], known: Body | None = None) -> dict[str, str]:
    return REGISTER.check([row], viewer, [known])[0].checked.errors


def worker(home: Community, username: str, *lines: str) -> CommunityViewer:
    user = make.worker(username, at=home)
    Post.objects.filter(user=user).update(lines=list(lines))
    return people.viewer(home, user)


def test_bodies_stand_under_one_another(viewer: CommunityViewer) -> None:
    (committee,) = added(viewer, {"name": "居民委员会", "kind": "委员会", "term_ends_on": "2020-01-01"})
    (team,) = added(viewer, {"name": "治安巡逻队", "parent": "居民委员会"})
    assert (team.kind, team.parent, team.initials) == ("team", committee, "zaxld")
    assert [(twig.body, [below.body for below in twig.below]) for twig in tree_of(viewer)] == [(committee, [team])]
    read = REGISTER.read(REGISTER.rows(viewer).get(pk=team.pk), viewer)
    assert (read["parent"], read["members"], read["state"]) == ("居民委员会", "0", "在册")
    assert errors(viewer, {"parent": "治安巡逻队"}, committee) == {"parent": "上级不能是它自己或它的下级。"}
    assert "parent" in errors(viewer, {"name": "新队", "parent": "没有的"})
    assert "name" in errors(viewer, {"name": "治安巡逻队"}, committee)
    assert "term_ends_on" in errors(
        viewer, {"name": "甲", "term_starts_on": "2020-02-01", "term_ends_on": "2020-01-01"}
    )
    with pytest.raises(UserError, match="治安巡逻队"):
        close_body(acting_user=viewer.user, body=committee, on=today())


def test_an_edit_that_changes_nothing_writes_nothing(viewer: CommunityViewer) -> None:
    added(viewer, {"name": "居民委员会"})
    added(viewer, {"name": "巡逻队", "parent": "居民委员会", "note": "夜里"})
    team = REGISTER.rows(viewer).get(name="巡逻队")
    drafts = REGISTER.check([REGISTER.read(team, viewer)], viewer, [team])
    assert drafts[0].checked.good
    (saved,) = REGISTER.save(drafts, viewer, source="form")
    assert saved.revision == 1 and not AuditRow.objects.filter(action="body.changed").exists()
    late = REGISTER.check([{"name": "夜巡队"}], viewer, [team])[0]
    late.revision = 1
    added_first = REGISTER.check([{"note": "白天"}], viewer, [team])
    REGISTER.save(added_first, viewer, source="form")
    with pytest.raises(StaleRevision):
        REGISTER.save([late], viewer, source="form")


def test_a_member_joins_changes_post_and_leaves(boss: User, home: Community, team: Body) -> None:
    neighbour = people.resident(home, "王芳")
    last_week = today() - 7 * DAY
    member = add_member(acting_user=boss, body=team, who=Who(resident_id=neighbour.pk), post="队员", on=last_week)
    with pytest.raises(UserError, match="已在册"):
        add_member(acting_user=boss, body=team, who=Who(resident_id=neighbour.pk), post="", on=today())
    with pytest.raises(UserError, match="晚于今天"):
        change_member(acting_user=boss, member=member, post="队长", on=today() + DAY)
    leader = change_member(acting_user=boss, member=member, post="队长", on=today() - DAY)
    spells = Member.objects.values_list("post", "starts_on", "ends_on")
    assert list(spells) == [("队员", last_week, today() - DAY), ("队长", today() - DAY, None)]
    change_member(acting_user=boss, member=leader, post="副队长", on=today() - DAY)  # it was written wrongly
    assert Member.objects.current().get().post == "副队长"
    end_member(acting_user=boss, member=leader, on=today())
    assert not Member.objects.current().exists() and Member.objects.count() == 2
    with pytest.raises(UserError, match="不在名册"):
        end_member(acting_user=boss, member=leader, on=today())
    again = add_member(acting_user=boss, body=team, who=Who(resident_id=neighbour.pk), post="", on=today())
    end_member(acting_user=boss, member=again, on=today())  # it was a mistake
    assert Member.objects.count() == 2
    assert not AuditRow.objects.filter(kind="body", detail__icontains="王芳").exists()


def test_only_people_of_the_community_are_members(boss: User, home: Community, team: Body) -> None:
    far = people.ground("far", of="other")
    others = (
        Who(user_id=make.worker("theirs", at=far).pk),
        Who(resident_id=people.resident(far, "远方").pk),
    )
    for who in others:
        with pytest.raises(UserError, match="重新查找"):
            add_member(acting_user=boss, body=team, who=who, post="", on=today())
    with pytest.raises(UserError, match="选中"):
        Who.parse("user:nobody")


def test_an_election_ends_the_old_roster_and_begins_the_new_in_one_step(
    boss: User, home: Community, viewer: CommunityViewer, team: Body
) -> None:
    one, two = make.worker("one", at=home), make.worker("two", at=home)
    three = people.resident(home, "王芳")
    for user in (one, two):
        add_member(acting_user=boss, body=team, who=Who(user_id=user.pk), post="队员", on=today() - 30 * DAY)
    chosen = [Chosen(Who(user_id=one.pk), "队长"), Chosen(Who(resident_id=three.pk), "队员")]
    day = today() - DAY
    begin_term(
        acting_user=boss, body=team, starts_on=day, ends_on=day + 365 * DAY, chosen=chosen, revision=team.revision
    )
    current = Member.objects.current()
    assert {(member.user or member.resident, member.post) for member in current} == {(one, "队长"), (three, "队员")}
    assert set(Member.objects.filter(ends_on=day).values_list("user", flat=True)) == {one.pk, two.pk}
    team.refresh_from_db()
    assert (team.term_starts_on, team.term_ends_on) == (day, day + 365 * DAY)
    assert Roster(home).members[team.pk] == [one.pk]  # whom the team's duties are with
    with pytest.raises(StaleRevision):
        begin_term(acting_user=boss, body=team, starts_on=today(), ends_on=None, chosen=chosen, revision=1)
    for wrong, said in (
        ({"starts_on": day}, "要晚于"),
        ({"starts_on": today() + DAY}, "晚于今天"),
        ({"ends_on": today()}, "届满日期"),
        ({"chosen": []}, "至少选"),
        ({"chosen": chosen[:1] * 2}, "两次"),
    ):
        given = {"starts_on": today(), "ends_on": None, "chosen": chosen, **wrong}
        with pytest.raises(UserError, match=said):
            begin_term(acting_user=boss, body=team, **given)  # type: ignore[arg-type]


def test_a_closed_body_has_no_members_and_its_duties_are_with_nobody(boss: User, home: Community, team: Body) -> None:
    one = make.worker("one", at=home)
    add_member(acting_user=boss, body=team, who=Who(user_id=one.pk), post="", on=today() - DAY)
    with pytest.raises(UserError, match="才加入"):
        close_body(acting_user=boss, body=team, on=today() - 2 * DAY)
    close_body(acting_user=boss, body=team, on=today())
    assert not Member.objects.current().exists() and team.pk not in Roster(home).members
    with pytest.raises(UserError, match="已撤销"):
        add_member(acting_user=boss, body=team, who=Who(user_id=one.pk), post="", on=today())
    assert Findable.objects.get(kind="body").gone
    assert reopen_body(acting_user=boss, body=team).closed_on is None


def test_a_branch_exists_only_for_the_secretary_and_for_its_line(home: Community, viewer: CommunityViewer) -> None:
    party, welfare = worker(home, "party", "party"), worker(home, "welfare", "welfare")
    cell = branch(home)
    member = people.resident(home, "王芳")
    add_member(acting_user=viewer.user, body=cell, who=Who(resident_id=member.pk), post="党员", on=today())
    clients = {}
    for one in (viewer, party, welfare):
        clients[one.user.username] = client = Client()
        client.force_login(one.user)
        sees = one is not welfare
        assert (cell in REGISTER.rows(one)) is sees
        page = client.get(f"/c/wutong/residents/{member.pk}/").content.decode()
        assert ("第一党支部" in page) is sees
        assert bool(tree_of(one)) is sees
        for page in ("", "edit/", "history/", "members/new/", "term/", f"members/{cell.members.get().pk}/"):
            answer = client.get(f"/c/wutong/bodies/{cell.pk}/{page}")
            assert answer.status_code == (200 if sees else 404), (one.user, page)
        for page in ("", "tree/", "?kind=team"):
            assert ("第一党支部" in client.get(f"/c/wutong/bodies/{page}").content.decode()) is (
                sees and page != "?kind=team"
            )
        assert client.get("/c/wutong/bodies/?kind=branch").status_code == (200 if sees else 422)
        assert client.get(f"/api/v1/c/wutong/bodies/{cell.pk}/").status_code == (200 if sees else 404)
    for act in ("close/", "reopen/", "members/find/"):
        assert clients["welfare"].post(f"/c/wutong/bodies/{cell.pk}/{act}", {"on": today()}).status_code == 404
    assert errors(welfare, {"name": "第二党支部", "kind": "党组织"}) == {
        "kind": "党组织由书记或负责党建条线的人员登记。"
    }
    assert "name" in errors(welfare, {"name": "第一党支部"})
    assert not errors(party, {"name": "第二党支部", "kind": "党组织"})
    section = make.officer("section", of=home.subdistrict)
    assert cell not in REGISTER.rows(people.viewer(home, section))
    Post.objects.filter(user=section).update(lines=["party"])
    seen = people.viewer(home, section)
    assert cell in REGISTER.rows(seen)
    assert [line.name for line in roster_of(cell, seen)["current"]] == ["王*"]  # figures, not people


def test_a_hidden_parent_is_neither_shown_nor_taken_away(home: Community, viewer: CommunityViewer) -> None:
    cell = branch(home)
    team = Body.objects.create(community=home, name="党员服务队", parent=cell)
    welfare = worker(home, "welfare", "welfare")
    row = REGISTER.rows(welfare).get(pk=team.pk)
    assert REGISTER.read(row, welfare)["parent"] == ""
    drafts = REGISTER.check([{**REGISTER.read(row, welfare), "note": "周六"}], welfare, [row])
    REGISTER.save(drafts, welfare, source="form")
    team.refresh_from_db()
    assert (team.parent, team.note) == (cell, "周六")


def test_the_picker_finds_colleagues_and_residents_within_reach(home: Community, viewer: CommunityViewer) -> None:
    make.worker("colleague", at=home)
    User.objects.filter(username="colleague").update(name="王强")
    people.residents(home, people.written("王芳"), people.written("王五", "101", 2))
    assert [one.name for one in people_found("王", viewer)] == ["王强", "王五", "王芳"]
    assert [one.name for one in people_found("wf", viewer)] == ["王芳"]
    assert [one.name for one in people_found("wq", viewer)] == ["王强"]
    walker = people.viewer(home, people.grid_worker(home, 1))
    assert [one.name for one in people_found("王", walker)] == ["王强", "王芳"]
    assert people_found(" ", viewer) == []


def test_terms_and_posts() -> None:
    day = date(2027, 3, 1)
    states = {
        None: "running",
        date(2027, 2, 28): "ended",
        day: "soon",
        date(2027, 4, 30): "soon",
        date(2027, 5, 1): "running",
    }
    assert {end: term_state(end, day).code for end in states} == states
    posts = ["队员", "", "队长", "顾问"]
    assert sorted(posts, key=lambda post: post_rank("team", post)) == ["队长", "队员", "顾问", ""]


def test_a_roster_asks_as_often_however_long(
    home: Community, viewer: CommunityViewer, team: Body, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    neighbours = people.residents(home, *(people.written(f"王{n}") for n in range(30)))
    client = Client()
    client.force_login(viewer.user)
    at = f"/c/wutong/bodies/{team.pk}/"
    client.get(at)
    Member.objects.bulk_create(Member(body=team, resident=one, starts_on=today()) for one in neighbours[:2])
    with django_assert_max_num_queries(24):
        client.get(at)
    Member.objects.bulk_create(Member(body=team, resident=one, starts_on=today()) for one in neighbours[2:])
    with django_assert_max_num_queries(24):
        assert client.get(at).content.decode().count("变更王") == 30


def test_pages_of_a_roster(home: Community, viewer: CommunityViewer) -> None:
    client = Client()
    client.force_login(viewer.user)
    neighbour = people.resident(home, "王芳", phone="13800138000")
    assert "还没有组织和队伍" in client.get("/c/wutong/bodies/tree/").content.decode()
    key = "0190b7a8-0000-7000-8000-000000000001"
    client.post("/c/wutong/bodies/new/", {"name": "巡逻队", "client_key": key})
    body = Body.objects.get()
    at = f"/c/wutong/bodies/{body.pk}/"
    found = client.post(f"{at}members/find/", {"q": "wf"}).content.decode()
    assert f"resident:{neighbour.pk}" in found and "13800138000" not in found
    assert client.post(f"{at}members/new/", {"q": "王", "look": "1"}).status_code == 200
    given = {"post": "队长", "on": today().isoformat(), "client_key": key.replace("1", "3")}
    missing = client.post(f"{at}members/new/", given)
    assert missing.status_code == 422 and "请先查找并选中" in missing.content.decode()
    given |= {"who": f"resident:{neighbour.pk}"}
    for _ in range(2):  # sent twice, done once
        assert client.post(f"{at}members/new/", given)["Location"] == at
    assert client.post(f"{at}members/new/", {**given, "client_key": key.replace("1", "2")}).status_code == 422
    page = client.get(at).content.decode()
    assert "王芳" in page and "队长" in page and "138****8000" in page
    member = body.members.get()
    assert client.post(f"{at}members/{member.pk}/", {"post": "队长", "on": today().isoformat()}).status_code == 422
    assert client.post(f"{at}members/{member.pk}/", {"post": "队员", "on": today().isoformat()}).status_code == 302
    term = {
        "starts_on": today().isoformat(),
        "ends_on": "",
        "revision": body.revision,
        "who": [f"resident:{neighbour.pk}"],
    }
    term[f"post-resident:{neighbour.pk}"] = "副队长"
    assert client.post(f"{at}term/", {**term, "who": []}).status_code == 422
    assert client.post(f"{at}term/", term).status_code == 302
    assert client.post(f"{at}term/", term).status_code == 409
    assert body.members.current().get().post == "副队长"
    member = body.members.current().get()
    end = {"end": "1", "end-on": today().isoformat()}
    assert client.post(f"{at}members/{member.pk}/", end).status_code == 302
    assert client.post(f"{at}close/", {"on": today().isoformat()}).status_code == 302
    assert client.post(f"{at}reopen/").status_code == 302
    history = client.get(f"{at}history/").content.decode()
    assert "换届" in history and "成员加入" in history and "撤销" in history
    walker, stranger = Client(), Client()
    walker.force_login(make.worker("walker", at=home, kind=PostKind.GRID_WORKER))
    stranger.force_login(make.secretary("stranger", at=make.community("far", of=make.subdistrict("other"))))
    assert walker.get(at).status_code == 200
    for page in ("members/new/", "term/"):
        assert (walker.get(at + page).status_code, stranger.get(at + page).status_code) == (403, 404)
    for act in ("close/", "reopen/", "members/find/"):
        assert (walker.post(at + act).status_code, stranger.post(at + act).status_code) == (403, 404)
    assert (walker.get("/c/wutong/bodies/tree/").status_code, stranger.get("/c/wutong/bodies/tree/").status_code) == (
        200,
        404,
    )
