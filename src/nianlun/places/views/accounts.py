"""Pages of signing in, one's password, and the people of a community."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import access_community, policy_of, signed_in
from nianlun.places.actions import accounts as actions
from nianlun.places.forms import AccountForm, BodyForm, PasswordForm, PostForm, SignInForm
from nianlun.places.here import community_here
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Body, Community, Member, Post, User
from nianlun.places.policy import May


def home(request: HttpRequest) -> HttpResponse:
    """A worker's day starts at the desk, the subdistrict's at the overview."""
    if policy_of(request).subdistricts():
        return redirect("/overview/")
    here = community_here(request)
    return render(request, "places/no_post.html") if here is None else redirect(f"/c/{here.code}/desk/")


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in; it says the same of a wrong name and a wrong password, and takes the same time."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, given = form.cleaned_data["username"], form.cleaned_data["password"]
        known = User.objects.filter(username=username).first()
        user = authenticate(request, username=username, password=given)
        if known is not None and known.locked_until and known.locked_until > now():
            minutes = int((known.locked_until - now()).total_seconds() // 60) + 1
            form.add_error(None, f"输错次数太多，账号已锁定，请 {minutes} 分钟后再试，或请书记重置密码。")
        elif isinstance(user, User):
            actions.succeeded_sign_in(user)
            login(request, user)
            after = request.POST.get("next", "")
            return redirect(after if url_has_allowed_host_and_scheme(after, {request.get_host()}) else "/")
        else:
            actions.failed_sign_in(username)
            form.add_error(None, "登录名或密码不对，请重新输入。连续输错 5 次会锁定 15 分钟。")
    status = 200 if request.method == "GET" else 422
    return render(request, "places/sign_in.html", {"form": form, "next": request.GET.get("next", "")}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("places:login")


def password(request: HttpRequest) -> HttpResponse:
    """One's own password; the first one must be changed before anything else."""
    user = signed_in(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_password(acting_user=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改。")
            return redirect("/")
    return render(request, "places/password.html", {"form": form}, status=422 if form.errors else 200)


def people(request: HttpRequest, community: str) -> HttpResponse:
    """Who works in the community, and its groups."""
    here = access_community(request, community, May.ACCOUNTS)
    posts = here.posts.select_related("user").order_by("kind", "user__name")
    day = today()
    current = [post for post in posts if post.ends_on is None or post.ends_on >= day]
    ended = [post for post in posts if post not in current]
    bodies = here.bodies.prefetch_related(Prefetch("members", Member.objects.current().select_related("user")))
    about = {"community": here, "current": current, "ended": ended, "bodies": bodies, "now": now()}
    return render(request, "places/people.html", about)


def new_account(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    form = AccountForm(request.POST or None, lines=LINE_TITLES)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user, first = actions.make_account(
                acting_user=signed_in(request),
                community=here,
                username=given["username"],
                name=given["name"],
                kind=given["kind"],
                title=given["title"],
                lines=given["lines"],
            )
        except UserError as error:
            form.add_error("username", error.message)
        else:
            return show_password(request, reverse("places:people", args=[here.code]), user, first)
    about = {"community": here, "form": form, "heading": "新建账号"}
    return render(request, "places/post.html", about, status=422 if form.errors else 200)


def post(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    initial = {"name": held.user.name, "kind": held.kind, "title": held.title, "lines": held.lines}
    form = PostForm(request.POST or None, initial=initial, lines=LINE_TITLES)
    if request.method == "POST" and form.is_valid():
        actions.change_post(acting_user=signed_in(request), post=held, **form.cleaned_data)
        messages.success(request, f"已保存{held.user.name}的岗位。")
        return redirect("places:people", here.code)
    about = {"community": here, "form": form, "held": held, "heading": held.user.name}
    return render(request, "places/post.html", about, status=422 if form.errors else 200)


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
    actions.end_post(acting_user=signed_in(request), post=held)
    messages.success(request, f"{held.user.name}已离岗。名下任务请到“分工”里转交；可在下方名单恢复。")
    return redirect("places:people", here.code)


@require_POST
def reopen(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    here = access_community(request, community, May.ACCOUNTS)
    held = _post(here, pk)
    actions.reopen_post(acting_user=signed_in(request), post=held)
    messages.success(request, f"已恢复{held.user.name}的岗位。")
    return redirect("places:people", here.code)


def body(request: HttpRequest, community: str, pk: UUID | None = None) -> HttpResponse:
    """A group of the community and its members."""
    here = access_community(request, community, May.ACCOUNTS)
    group = get_object_or_404(Body, pk=pk, community=here) if pk else None
    initial = (
        {
            "name": group.name,
            "members": group.members.current().values_list("user_id", flat=True),
            "revision": group.revision,
        }
        if group
        else {}
    )
    form = BodyForm(request.POST or None, initial=initial, community=here)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_body(acting_user=signed_in(request), community=here, body=group, **form.cleaned_data)
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, "队伍已保存。")
            return redirect("places:people", here.code)
    about = {"community": here, "form": form, "body": group}
    return render(request, "places/body.html", about, status=422 if form.errors else 200)


def _post(community: Community, pk: UUID) -> Post:
    held = Post.objects.filter(pk=pk, community=community).select_related("user").first()
    if held is None:
        raise Http404
    return held


@never_cache
def show_password(request: HttpRequest, back: str, user: User, first: str) -> HttpResponse:
    """The one time that a first password is shown."""
    about = {"back": back, "person": user, "first": first}
    return render(request, "places/first_password.html", about)
