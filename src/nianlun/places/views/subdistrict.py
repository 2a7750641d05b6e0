"""What an administrator keeps: the subdistrict's communities, and the accounts of its office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_subdistrict, policy_of, signed_in
from nianlun.places.actions import accounts as actions
from nianlun.places.actions import posts as actions_posts
from nianlun.places.forms_accounts import CommunityForm, DeputyForm, OfficePostForm, OfficerForm
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Post, Subdistrict
from nianlun.places.policy import May
from nianlun.places.views.accounts import deputies_of, initial_of, name_deputy, show_password


def office(request: HttpRequest, subdistrict: str) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.ACCOUNTS)
    found = here.posts.filter(community=None).select_related("user", "deputy_for__user")
    posts = list(found.order_by("kind", "user__name"))
    current = [post for post in posts if post.ends_on is None or post.ends_on >= today()]
    about = {
        "subdistrict": here,
        "communities": here.communities.all(),
        "current": current,
        "ended": [post for post in posts if post not in current],
        "now": now(),
        "day": today(),
        "keeps": policy_of(request).appoints(here, None),
    }
    return render(request, "places/office.html", about)


def new_community(request: HttpRequest, subdistrict: str) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.ACCOUNTS)
    form = CommunityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_community(acting_user=signed_in(request), subdistrict=here, **form.cleaned_data)
        except UserError as error:
            form.add_error("code", error.message)
        else:
            messages.success(request, f"已添加{made.name}。请为它新建社区书记的账号。")
            return redirect("places:new_account", made.code)
    about = {"subdistrict": here, "form": form, "heading": "添加社区"}
    return render(request, "places/office_form.html", about, status=422 if form.errors else 200)


def new_officer(request: HttpRequest, subdistrict: str) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.ACCOUNTS)
    appoints = policy_of(request).appoints(here, None)
    form = OfficerForm(request.POST or None, lines=LINE_TITLES, appoints=appoints)
    if request.method == "POST" and form.is_valid():
        try:
            made, first = actions.make_officer(acting_user=signed_in(request), subdistrict=here, **form.cleaned_data)
        except UserError as error:
            form.add_error("username" if error.code == "username" else None, error.message)
        else:
            return show_password(request, reverse("places:office", args=[here.code]), made, first)
    about = {"subdistrict": here, "form": form, "heading": "新建街道账号"}
    return render(request, "places/office_form.html", about, status=422 if form.errors else 200)


def officer(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    """A post of the office: who holds it, until when, and its deputies."""
    here = access_subdistrict(request, subdistrict, May.ACCOUNTS)
    held = _post(here, pk)
    policy = policy_of(request)
    if not policy.keeps(held):
        raise PermissionDenied
    if held.deputy_for_id is not None:
        return redirect("places:officer", here.code, held.deputy_for_id)
    form = OfficePostForm(
        request.POST or None, initial=initial_of(held), lines=LINE_TITLES, appoints=policy.appoints(here, None)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions_posts.change_post(acting_user=signed_in(request), post=held, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已保存{held.user.name}的岗位。")
            return redirect("places:office", here.code)
    about = {
        "subdistrict": here,
        "form": form,
        "held": held,
        "heading": held.user.name,
        "deputies": deputies_of(held),
        "deputy_form": DeputyForm(colleagues=actions_posts.colleagues(held)),
    }
    return render(request, "places/office_form.html", about, status=422 if form.errors else 200)


@require_POST
def deputise(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    """A colleague of the office stands in for a post."""
    here = access_subdistrict(request, subdistrict, May.ACCOUNTS)
    held = _post(here, pk)
    named = name_deputy(request, held)
    messages.success(request, f"已设{named.user.name}代理{held.user.name}的岗位，到期自动结束。")
    return redirect("places:officer", here.code, held.pk)


@require_POST
def reset(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    held = _post(access_subdistrict(request, subdistrict, May.ACCOUNTS), pk)
    first = actions.reset_password(acting_user=signed_in(request), post=held)
    return show_password(request, reverse("places:office", args=[subdistrict]), held.user, first)


@require_POST
def end(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    held = _post(access_subdistrict(request, subdistrict, May.ACCOUNTS), pk)
    actions_posts.end_post(acting_user=signed_in(request), post=held)
    left = "的代理已结束。" if held.deputy_for_id else "已离岗，可在下方名单恢复。"
    messages.success(request, f"{held.user.name}{left}")
    return redirect("places:office", subdistrict)


@require_POST
def reopen(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    held = _post(access_subdistrict(request, subdistrict, May.ACCOUNTS), pk)
    actions_posts.reopen_post(acting_user=signed_in(request), post=held)
    messages.success(request, f"已恢复{held.user.name}的岗位。")
    return redirect("places:office", subdistrict)


def _post(subdistrict: Subdistrict, pk: UUID) -> Post:
    held = (
        Post.objects.filter(pk=pk, subdistrict=subdistrict, community=None)
        .select_related("user", "subdistrict")
        .first()
    )
    if held is None:
        raise Http404
    return held
