"""Organisations closed and reopened; bodies as a tree, their rosters, and elections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import people_of
from nianlun.places.actions import bodies, members, organisations
from nianlun.places.actions.members import Chosen, Who
from nianlun.places.bodies_seen import bodies_of, sees_branches
from nianlun.places.forms_groups import DayForm, MemberForm, PostForm, TermForm
from nianlun.places.models import Body, BodyKind, Organisation
from nianlun.places.policy import May
from nianlun.places.roster import Found, line_of, people_found, posts_offered, roster_of, tree_of
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.submissions import sent_once


@require_POST
def close_organisation(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, one = _organisation(request, community, pk)
    organisations.close(acting_user=viewer.user, organisation=one, on=_day(request))
    messages.success(request, f"{one.name}已登记关停，可以恢复。")
    return redirect("registers:record", community, "organisations", one.pk)


@require_POST
def reopen_organisation(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, one = _organisation(request, community, pk)
    organisations.reopen(acting_user=viewer.user, organisation=one)
    messages.success(request, f"{one.name}已恢复。")
    return redirect("registers:record", community, "organisations", one.pk)


def tree(request: HttpRequest, community: str) -> HttpResponse:
    """The bodies of the community under one another, with their terms."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    may_change = viewer.policy.allows(May.GROUND_EDIT, viewer.community)
    about = {"community": viewer.community, "twigs": tree_of(viewer), "may_change": may_change}
    return render(request, "places/body_tree.html", about)


@require_POST
def close_body(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, body = _body(request, community, pk)
    bodies.close_body(acting_user=viewer.user, body=body, on=_day(request))
    messages.success(request, f"{body.name}已撤销，可以恢复；成员名册留作记录。")
    return redirect("registers:record", community, "bodies", body.pk)


@require_POST
def reopen_body(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, body = _body(request, community, pk)
    bodies.reopen_body(acting_user=viewer.user, body=body)
    messages.success(request, f"{body.name}已恢复，请重新登记成员。")
    return redirect("registers:record", community, "bodies", body.pk)


def add_member(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Find a colleague or a resident, and put them on the roster."""
    viewer, body = _body(request, community, pk)
    looking = request.method == "POST" and "look" in request.POST
    form = MemberForm(None if looking or request.method != "POST" else request.POST)
    found = people_found(request.POST.get("q", ""), viewer) if request.method == "POST" else []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data

        def act() -> str:
            who = Who.parse(given["who"])
            made = members.add_member(acting_user=viewer.user, body=body, who=who, post=given["post"], on=given["on"])
            return str(made.user or made.resident)

        try:
            name = sent_once(request, act, user_id=viewer.user_id)
        except UserError as error:
            form.add_error(error.code if error.code in form.fields else None, error.message)
        else:
            messages.success(request, f"{name}已加入{body.name}。")
            return redirect("registers:record", community, "bodies", body.pk)
    about = {
        "community": viewer.community,
        "body": body,
        "form": form,
        "found": found,
        "asked": request.POST.get("q", ""),
        "chosen": request.POST.get("who", ""),
        "posts": posts_offered(body),
    }
    return render(request, "places/body_add.html", about, status=422 if form.errors else 200)


@require_POST
def find_member(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Who the words in the picker's box mean, as choices to tick; for an election, as rows to add."""
    viewer, body = _body(request, community, pk)
    about = {
        "community": viewer.community,
        "body": body,
        "found": people_found(request.POST.get("q", ""), viewer),
        "asked": request.POST.get("q", ""),
        "posts": posts_offered(body),
    }
    part = "body_term_found" if "term" in request.POST else "body_found"
    return render(request, f"places/parts/{part}.html", about)


def change_member(request: HttpRequest, community: str, pk: UUID, member: UUID) -> HttpResponse:
    """Another post for somebody on the roster, or the end of their membership."""
    viewer, body = _body(request, community, pk)
    there = body.members.select_related("user", "resident", "body").filter(pk=member).first()
    if there is None:
        raise Http404
    line = line_of(there, viewer, [user.pk for user in people_of(viewer.community)])
    ending = request.method == "POST" and "end" in request.POST
    moving = request.POST if request.method == "POST" and not ending else None
    post_form = PostForm(moving, initial={"post": there.post})
    end_form = DayForm(request.POST if ending else None, prefix="end")
    form: PostForm | DayForm = end_form if ending else post_form
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if ending:
                members.end_member(acting_user=viewer.user, member=there, on=on)
            else:
                members.change_member(acting_user=viewer.user, member=there, post=form.cleaned_data["post"], on=on)
        except UserError as error:
            form.add_error(error.code if error.code in form.fields else None, error.message)
        else:
            messages.success(request, f"{line.name}{'已离任。' if ending else '的职务已登记。'}")
            return redirect("registers:record", community, "bodies", body.pk)
    about = {
        "community": viewer.community,
        "body": body,
        "line": line,
        "post_form": post_form,
        "end_form": end_form,
        "posts": posts_offered(body),
    }
    return render(request, "places/body_member.html", about, status=422 if form.errors else 200)


def new_term(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """An election in one step: who is on the new roster, in which posts, from when until when."""
    viewer, body = _body(request, community, pk)
    rows = {line.member.pk: line for line in roster_of(body, viewer)["current"] if not line.left}
    candidates = [(Found(Who.of(line.member).value, line.name, line.about), line.member.post) for line in rows.values()]
    posted = request.POST if request.method == "POST" else None
    form = TermForm(posted, initial={"starts_on": today(), "revision": body.revision})
    if posted is not None:
        candidates = _with_added(posted, candidates, viewer)
        if form.is_valid():
            given = form.cleaned_data
            try:
                chosen = [
                    Chosen(Who.parse(said), posted.get(f"post-{said}", "").strip()[:20])
                    for said in dict.fromkeys(posted.getlist("who"))
                ]
                members.begin_term(
                    acting_user=viewer.user, body=body, starts_on=given["starts_on"], ends_on=given["ends_on"],
                    chosen=chosen, revision=given["revision"],
                )  # fmt: skip
            except StaleRevision:
                raise
            except UserError as error:
                form.add_error(error.code if error.code in form.fields else None, error.message)
            else:
                messages.success(request, f"{body.name}的换届已登记，共 {len(chosen)} 人。")
                return redirect("registers:record", community, "bodies", body.pk)
    about = {
        "community": viewer.community,
        "body": body,
        "form": form,
        "candidates": candidates,
        "ticked": posted.getlist("who") if posted is not None else [one.value for one, _ in candidates],
        "posts": posts_offered(body),
    }
    return render(request, "places/body_term.html", about, status=422 if form.errors else 200)


def _with_added(
    posted: QueryDict, candidates: Sequence[tuple[Found, str]], viewer: CommunityViewer
) -> list[tuple[Found, str]]:
    """The rows of the form as they came back: those of the roster, then those that were added, with their posts."""
    shown = [(one, posted.get(f"post-{one.value}", post)) for one, post in candidates]
    there = {one.value for one, _ in candidates}
    added = [said for said in dict.fromkeys(posted.getlist("who")) if said not in there]
    names = {said: posted.get(f"name-{said}", "")[:60] for said in added}
    return shown + [(Found(said, names[said] or "新选的人", ""), posted.get(f"post-{said}", "")) for said in added]


def _day(request: HttpRequest) -> date:
    try:
        day = parse_date(request.POST.get("on", ""))
    except ValueError:
        day = None
    if day is None:
        raise UserError("请填日期，如 2027-01-31。")
    return day


def _organisation(request: HttpRequest, community: str, pk: UUID) -> tuple[CommunityViewer, Organisation]:
    viewer = CommunityViewer.of(request, community, May.GROUND_EDIT)
    one = Organisation.objects.filter(community=viewer.community, pk=pk).select_related("community").first()
    if one is None:
        raise Http404
    return viewer, one


def _body(request: HttpRequest, community: str, pk: UUID) -> tuple[CommunityViewer, Body]:
    """For writing: a branch is nobody's whom its roster is kept from."""
    viewer = CommunityViewer.of(request, community, May.GROUND_EDIT)
    body = bodies_of(viewer.community, viewer.policy).select_related("community").filter(pk=pk).first()
    if body is None:
        raise Http404
    if body.kind == BodyKind.BRANCH and not sees_branches(viewer.community, viewer.policy, May.GROUND_EDIT):
        raise PermissionDenied
    return viewer, body
