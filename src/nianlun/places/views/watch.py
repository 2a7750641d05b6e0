"""What whoever watches over sign-ins keeps: which posts need a second factor, who is signed in, who is locked out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import now
from nianlun.places.access import access_subdistrict, signed_in
from nianlun.places.actions import second_factor, sessions, sign_in
from nianlun.places.forms_security import DemandForm
from nianlun.places.models import Post, Subdistrict, User
from nianlun.places.passwords import password_policy
from nianlun.places.policy import May

PAGE = 50


def watch(request: HttpRequest, subdistrict: str) -> HttpResponse:
    """Everybody with a post in the subdistrict: how their sign-in stands, and where they are signed in."""
    here = access_subdistrict(request, subdistrict, May.SECURITY)
    form = DemandForm(request.POST or None, initial={"kinds": here.second_factor_for})
    if request.method == "POST" and form.is_valid():
        second_factor.demand_of(acting_user=signed_in(request), subdistrict=here, kinds=form.cleaned_data["kinds"])
        messages.success(request, "已保存。这些岗位的人下次打开页面时，须先设置两步验证。")
        return redirect("places:watch", here.code)
    policy, moment = password_policy(), sessions.wall()
    posts = Post.objects.current().filter(subdistrict=here).select_related("community")
    holding = Q(sign_ins__ended_at=None, sign_ins__seen_at__gt=moment - policy.idle)
    people = (
        User.objects.filter(posts__in=posts)
        .prefetch_related(Prefetch("posts", posts, to_attr="held"))
        .annotate(sessions=Count("sign_ins", filter=holding, distinct=True), seen_at=Max("sign_ins__seen_at"))
        .order_by("name", "pk")
    )
    wanted = request.GET.get("name", "").strip()
    if wanted:
        people = people.filter(Q(name__icontains=wanted) | Q(username__icontains=wanted))
    if after := _after(request, here):
        people = people.filter(Q(name__gt=after.name) | Q(name=after.name, pk__gt=after.pk))
    shown = list(people[: PAGE + 1])
    about = {
        "wanted": wanted,
        "first": after is None,
        "next": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "subdistrict": here,
        "form": form,
        "people": shown[:PAGE],
        "now": now(),
        "policy": policy,
        "hours": sessions.longest_hours(),
    }
    return render(request, "places/watch.html", about, status=422 if form.errors else 200)


def _after(request: HttpRequest, subdistrict: Subdistrict) -> User | None:
    """The last person of the page before; None on the first."""
    try:
        return _user(subdistrict, UUID(request.GET.get("after", "")))
    except (ValueError, Http404):
        return None


@require_POST
def end_sessions(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.SECURITY)
    user = _user(here, pk)
    ended = sessions.end_of(acting_user=signed_in(request), user=user, subdistrict_id=here.pk)
    messages.success(request, f"已结束{user.name}的 {ended} 处登录。")
    return redirect("places:watch", here.code)


@require_POST
def reset_factor(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.SECURITY)
    user = _user(here, pk)
    second_factor.reset_factor(acting_user=signed_in(request), user=user, subdistrict=here)
    messages.success(request, f"已重置{user.name}的两步验证，请本人重新登录后再设置。")
    return redirect("places:watch", here.code)


@require_POST
def unlock(request: HttpRequest, subdistrict: str, pk: UUID) -> HttpResponse:
    here = access_subdistrict(request, subdistrict, May.SECURITY)
    user = _user(here, pk)
    sign_in.unlock(acting_user=signed_in(request), user=user, subdistrict=here)
    messages.success(request, f"已解除{user.name}的锁定。")
    return redirect("places:watch", here.code)


def _user(subdistrict: Subdistrict, pk: UUID) -> User:
    user = User.objects.filter(pk=pk, posts__subdistrict=subdistrict).distinct().first()
    if user is None:
        raise Http404
    return user
