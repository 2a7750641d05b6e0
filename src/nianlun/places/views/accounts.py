"""Pages of the people who work in a community: their accounts, posts and deputies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_community, policy_of, signed_in
from nianlun.places.actions import accounts as actions
from nianlun.places.actions import posts as actions_posts
from nianlun.places.forms_accounts import AccountForm, DeputyForm, PostForm
from nianlun.places.here import community_here
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community, GridDuty, Post, User
from nianlun.places.policy import May


def home(request: HttpRequest) -> HttpResponse:
    """A worker's day starts at the desk, the subdistrict's at the overview, who reads the log at the log."""
    policy = policy_of(request)
    if policy.subdistricts():
        return redirect("/overview/")
    here = community_here(request)
    if here is None and policy.allows_anywhere(May.AUDIT):
        return redirect("/audit/")
    return render(request, "places/no_post.html") if here is None else redirect(f"/c/{here.code}/desk/")


def people(request: HttpRequest, community: str) -> HttpResponse:
    """Who works in the community."""
    here = access_community(request, community, May.ACCOUNTS)
    day = today()
    running = GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("grid")
    posts = (
        here.posts.select_related("user", "deputy_for__user")
        .prefetch_related(Prefetch("grid_duties", running, to_attr="walked"))
        .order_by("kind", "user__name")
    )
    current = [post for post in posts if post.ends_on is None or post.ends_on >= day]
    ended = [post for post in posts if post not in current]
    about = {"community": here, "current": current, "ended": ended, "now": now(), "day": day}
    return render(request, "places/people.html", about)


def new_account(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    form = AccountForm(request.POST or None, lines=LINE_TITLES, community=here)
    if request.method == "POST" and form.is_valid():
        try:
            user, first = actions.make_account(acting_user=signed_in(request), community=here, **form.cleaned_data)
        except UserError as error:
            form.add_error("username" if error.code == "username" else None, error.message)
        else:
            return show_password(request, reverse("places:people", args=[here.code]), user, first)
    about = {"community": here, "form": form, "heading": "新建账号"}
    return render(request, "places/post.html", about, status=422 if form.errors else 200)


def post(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """A post: who holds it, until when, which grids it walks, and its deputies."""
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    if held.deputy_for_id is not None:
        return redirect("places:post", here.code, held.deputy_for_id)
    initial = {"grids": actions_posts.grids_walked(held), **initial_of(held)}
    form = PostForm(request.POST or None, initial=initial, lines=LINE_TITLES, community=here)
    if request.method == "POST" and form.is_valid():
        try:
            actions_posts.change_post(acting_user=signed_in(request), post=held, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已保存{held.user.name}的岗位。")
            return redirect("places:people", here.code)
    about = {
        "community": here,
        "form": form,
        "held": held,
        "heading": held.user.name,
        "deputies": deputies_of(held),
        "deputy_form": DeputyForm(colleagues=actions_posts.colleagues(held)),
    }
    return render(request, "places/post.html", about, status=422 if form.errors else 200)


def initial_of(held: Post) -> dict[str, object]:
    """A post as its form shows it."""
    return {
        "name": held.user.name,
        "kind": held.kind,
        "title": held.title,
        "lines": held.lines,
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
    }


def deputies_of(held: Post) -> list[Post]:
    """The deputies of a post, today's and coming ones."""
    return list(held.deputies.filter(ends_on__gte=today()).select_related("user").order_by("starts_on"))


@require_POST
def deputise(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """A colleague stands in for a post."""
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    named = name_deputy(request, held)
    messages.success(request, f"已设{named.user.name}代理{held.user.name}的岗位，到期自动结束。")
    return redirect("places:post", here.code, held.pk)


def name_deputy(request: HttpRequest, held: Post) -> Post:
    """What the form of a deputy asks for; what is missing in it is refused as a whole."""
    colleagues = actions_posts.colleagues(held)
    form = DeputyForm(request.POST, colleagues=colleagues)
    if not form.is_valid():
        raise UserError("请选代理人，并填写代理的起止日期。")
    chosen = next(user for user in colleagues if str(user.pk) == form.cleaned_data["user"])
    return actions_posts.name_deputy(
        acting_user=signed_in(request),
        post=held,
        user=chosen,
        starts_on=form.cleaned_data["starts_on"],
        ends_on=form.cleaned_data["ends_on"],
    )


@require_POST
def reset(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    first = actions.reset_password(acting_user=signed_in(request), post=held)
    return show_password(request, reverse("places:people", args=[here.code]), held.user, first)


@require_POST
def end(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    actions_posts.end_post(acting_user=signed_in(request), post=held)
    left = "的代理已结束。" if held.deputy_for_id else "已离岗。名下任务请到“分工”里转交；可在下方名单恢复。"
    messages.success(request, f"{held.user.name}{left}")
    return redirect("places:people", here.code)


@require_POST
def reopen(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    actions_posts.reopen_post(acting_user=signed_in(request), post=held)
    messages.success(request, f"已恢复{held.user.name}的岗位。")
    return redirect("places:people", here.code)


def _post(community: Community, pk: UUID) -> Post:
    held = Post.objects.filter(pk=pk, community=community).select_related("user", "community", "subdistrict").first()
    if held is None:
        raise Http404
    return held


@never_cache
def show_password(request: HttpRequest, back: str, user: User, first: str) -> HttpResponse:
    """The one time that a first password is shown."""
    about = {"back": back, "person": user, "first": first}
    return render(request, "places/first_password.html", about)
