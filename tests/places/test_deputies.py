"""Posts with terms and grids, deputies who hold what the post holds for a while, and what nobody holds together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from nianlun.duties.assignment import Roster
from nianlun.kernel import clock
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.posts import change_post, end_post, name_deputy, reopen_post
from nianlun.places.models import Community, Grid, GridDuty, Post, PostKind, User
from nianlun.places.policy import May, Policy
from tests.places import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community, client: Client) -> User:
    made = make.secretary(at=home)
    client.force_login(made)
    return made


@pytest.fixture
def walker(home: Community) -> Post:
    """A grid worker, who walks the first of two grids."""
    post = make.worker("walker", at=home, kind=PostKind.GRID_WORKER, title="网格员").posts.get()
    GridDuty.objects.create(grid=make.grid("g1", at=home), post=post)
    make.grid("g2", at=home)
    return post


def day(days: int) -> date:
    return today() + timedelta(days=days)


def grids(post: Post) -> set[str]:
    return {duty.grid.code for duty in post.grid_duties.filter(ends_on=None).select_related("grid")}


def fields(post: Post, **other: object) -> dict[str, object]:
    held = {"name": post.user.name, "kind": post.kind, "title": post.title, "lines": post.lines}
    return {**held, "starts_on": post.starts_on or "", "ends_on": post.ends_on or "", **other}


def deputise(boss: User, post: Post, user: User, starts: int = 0, ends: int = 9) -> Post:
    return name_deputy(acting_user=boss, post=post, user=user, starts_on=day(starts), ends_on=day(ends))


def test_a_grid_worker_is_given_grids_and_a_term_in_the_form(client: Client, boss: User, walker: Post) -> None:
    first, second = Grid.objects.order_by("code").values_list("pk", flat=True)
    page = f"/c/wutong/people/{walker.pk}/"
    assert f'value="{first}" class="form-check-input" id="id_grids_0" checked' in client.get(
        page
    ).content.decode().replace("\n", " ")
    client.post(page, fields(walker, grids=[second], ends_on=day(30)))
    walker.refresh_from_db()
    assert walker.ends_on == day(30)
    held = walker.grid_duties.exclude(ends_on=today())
    assert [(duty.grid.code, duty.ends_on) for duty in held] == [("g2", day(31))]
    assert "g2网格" in client.get("/c/wutong/people/").content.decode()
    assert client.post(page, fields(walker, ends_on="12月1日")).status_code == 422
    assert client.post(page, fields(walker, starts_on=day(3), ends_on=day(2))).status_code == 422
    assert client.post(page, fields(walker, ends_on=day(-1))).status_code == 422


def test_ending_and_reopening_a_post_ends_and_reopens_its_grids(boss: User, walker: Post) -> None:
    with clock.frozen(clock.now() + timedelta(days=1)):
        end_post(acting_user=boss, post=walker)
        assert grids(walker) == set()
        reopen_post(acting_user=boss, post=walker)
        assert grids(walker) == {"g1"}


def test_a_deputy_holds_what_the_post_holds_for_the_term(boss: User, walker: Post, home: Community) -> None:
    colleague = make.worker("colleague", at=home)
    deputy = deputise(boss, walker, colleague, starts=1, ends=3)
    assert not Policy(colleague).grids
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert set(Policy(colleague).grids) == {deputy.pk}
        assert {post.kind for post in Policy(colleague).posts} == {"worker", "grid_worker"}
        roster = Roster(home)
        assert roster.titles["网格员"] == [walker.user_id]
        assert roster.stand_in(walker.user_id, day(0)) == colleague.pk
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert {post.kind for post in Policy(colleague).posts} == {"worker"} and not Policy(colleague).grids
        assert Roster(home).stand_in(walker.user_id, day(0)) is None


def test_a_deputy_of_the_secretary_keeps_accounts_until_the_term_is_over(home: Community, client: Client) -> None:
    boss = make.secretary(at=home)
    make.officer("chief", of=home.subdistrict, kind=PostKind.ADMINISTRATOR)
    colleague = make.worker("colleague", at=home)
    chief = User.objects.get(username="chief")
    client.force_login(chief)
    given = {"user": colleague.pk, "starts_on": day(0), "ends_on": day(5)}
    assert client.post(f"/c/wutong/people/{boss.posts.get().pk}/deputy/", given).status_code == 302
    shown = client.get("/c/wutong/people/").content.decode()
    assert "代理secretary" in shown and "结束代理" in shown
    assert Policy(colleague).allows(May.ACCOUNTS, home)
    with clock.frozen(clock.now() + timedelta(days=6)):
        assert not Policy(colleague).allows(May.ACCOUNTS, home)


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [(5, 4, "止日早于起日"), (-9, -1, "代理期已过"), (0, 31, "任期之内"), (-20, 3, "任期之内")],
)
def test_a_deputy_does_not_outlive_the_post(
    boss: User, walker: Post, home: Community, starts: int, ends: int, told: str
) -> None:
    Post.objects.filter(pk=walker.pk).update(starts_on=day(-10), ends_on=day(30))
    walker.refresh_from_db()
    with pytest.raises(UserError, match=told):
        deputise(boss, walker, make.worker("colleague", at=home), starts, ends)


def test_who_may_not_be_a_deputy(boss: User, walker: Post, home: Community) -> None:
    other = make.worker("other", at=make.community("far"))
    for wrong in (walker.user, other, boss):
        with pytest.raises(UserError):
            deputise(boss, walker, wrong)
    colleague = make.worker("colleague", at=home)
    deputy = deputise(boss, walker, colleague)
    with pytest.raises(UserError, match="已有代理人"):
        deputise(boss, walker, make.worker("third", at=home))
    with pytest.raises(UserError, match="代理岗位不能再设代理人"):
        deputise(boss, deputy, make.worker("fourth", at=home))
    with pytest.raises(PermissionDenied):
        deputise(colleague, walker, make.worker("fifth", at=home))


def test_deputies_follow_the_post_and_end_with_it(boss: User, walker: Post, home: Community) -> None:
    colleague = make.worker("colleague", at=home)
    deputy = deputise(boss, walker, colleague, ends=20)
    change_post(
        acting_user=boss, post=walker, kind="worker", title="综合专干", lines=["grid"], name="w", ends_on=day(10)
    )
    deputy.refresh_from_db()
    assert (deputy.kind, deputy.title, deputy.lines, deputy.ends_on) == ("worker", "综合专干", ["grid"], day(10))
    end_post(acting_user=boss, post=walker)
    deputy.refresh_from_db()
    assert deputy.ends_on == day(-1)
    with pytest.raises(UserError):
        reopen_post(acting_user=boss, post=deputy)


def test_whoever_leaves_is_nobodys_deputy(boss: User, walker: Post, home: Community) -> None:
    colleague = make.worker("colleague", at=home)
    own = colleague.posts.get()
    deputise(boss, walker, colleague)
    end_post(acting_user=boss, post=own)
    colleague.refresh_from_db()
    assert not colleague.is_active and not Post.objects.current().filter(user=colleague).exists()


@pytest.mark.parametrize("alone", ["auditor", "system_admin", "security_admin", "audit_admin"])
def test_who_watches_holds_no_other_post(alone: str, home: Community) -> None:
    chief = make.officer("chief", of=home.subdistrict, kind=PostKind.ADMINISTRATOR)
    holder = make.officer("holder", of=home.subdistrict, kind=alone)
    second = Post.objects.create(user=holder, kind="subdistrict", subdistrict=home.subdistrict, ends_on=day(-1))
    with pytest.raises(UserError, match="须各由专人担任"):
        reopen_post(acting_user=chief, post=second)
    post = make.officer("two", of=home.subdistrict).posts.get()
    with pytest.raises(UserError, match="不设代理人"):
        deputise(chief, holder.posts.get(kind=alone), post.user)
    Post.objects.create(user=post.user, kind="secretary", subdistrict=home.subdistrict, community=home)
    with pytest.raises(UserError, match="须各由专人担任"):
        change_post(acting_user=chief, post=post, kind=alone, title="", lines=[], name="two")


def test_nobody_changes_their_own_kind_or_term(boss: User, client: Client) -> None:
    post = boss.posts.get()
    page = f"/c/wutong/people/{post.pk}/"
    assert client.post(page, fields(post, title="书记兼主任")).status_code == 302
    assert client.post(page, fields(post, kind="worker")).status_code == 422
    assert client.post(page, fields(post, ends_on=day(9))).status_code == 422


def test_a_separated_administrator_appoints_no_other(home: Community, client: Client) -> None:
    client.force_login(make.officer("system", of=home.subdistrict, kind=PostKind.SYSTEM_ADMIN))
    guard = make.officer("guard", of=home.subdistrict, kind=PostKind.SECURITY_ADMIN).posts.get()
    office = "/subdistrict/qinghe/officers"
    given = {"username": "new", "name": "新人", "kind": "security_admin"}
    assert client.post(f"{office}/new/", given).status_code == 422
    assert client.post(f"{office}/new/", {**given, "kind": "subdistrict"}).status_code == 200
    assert client.get(f"{office}/{guard.pk}/").status_code == 403
    assert client.post(f"{office}/{guard.pk}/end/").status_code == 403
    assert client.post(f"{office}/{guard.pk}/reset/").status_code == 422
    assert 'href="/subdistrict/qinghe/officers/new/"' in client.get("/subdistrict/qinghe/").content.decode()


def test_an_officers_post_has_lines_a_term_and_deputies(home: Community, client: Client) -> None:
    client.force_login(make.officer("chief", of=home.subdistrict, kind=PostKind.ADMINISTRATOR))
    post = make.officer("ke", of=home.subdistrict).posts.get()
    other = make.officer("other", of=home.subdistrict)
    page = f"/subdistrict/qinghe/officers/{post.pk}/"
    assert client.get(page).status_code == 200
    client.post(page, fields(post, lines=["welfare"], ends_on=day(60)))
    post.refresh_from_db()
    assert (post.lines, post.ends_on) == (["welfare"], day(60))
    assert client.post(f"{page}deputy/", {"user": other.pk, "starts_on": day(0)}).status_code == 422
    client.post(f"{page}deputy/", {"user": other.pk, "starts_on": day(0), "ends_on": day(5)})
    assert "other" in client.get(page).content.decode() and post.deputies.count() == 1


@pytest.mark.parametrize(
    ("kind", "led"), [("auditor", "/audit/"), ("audit_admin", "/audit/"), ("security_admin", "/overview/")]
)
def test_everyone_begins_where_their_work_is(home: Community, client: Client, kind: str, led: str) -> None:
    client.force_login(make.officer("holder", of=home.subdistrict, kind=kind))
    assert client.get("/")["Location"] == led


def test_nobody_lengthens_their_own_term_by_reopening_it(client: Client, boss: User, walker: Post) -> None:
    own = boss.posts.get()
    own.ends_on = day(9)
    own.save()
    assert client.post(f"/c/wutong/people/{own.pk}/reopen/").status_code == 422
    own.refresh_from_db()
    assert own.ends_on == day(9)
    walker.ends_on = day(3)
    walker.save()
    with pytest.raises(UserError, match="还在任期内"):
        reopen_post(acting_user=boss, post=walker)
