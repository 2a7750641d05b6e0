"""Pages of signing in and out, one's own password, sessions and second factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import CHINA, now
from nianlun.kernel.errors import UserError
from nianlun.places.access import policy_of, signed_in
from nianlun.places.actions import accounts, second_factor, sessions, sign_in
from nianlun.places.forms_security import CodeForm, ConfirmForm, PasswordForm, SignInForm
from nianlun.places.models import User, UserSession
from nianlun.places.passwords import is_worn_out, password_policy

# Between the two steps of a sign-in a session knows whose password was right, when, and with which password.
HALF_WAY = ("factor_of", "factor_at", "factor_hash", "factor_next")
HALF_WAY_LASTS = timedelta(minutes=5)
ENDED_SHOWN = 10


@never_cache
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The sign-in; of a wrong name and a wrong password it says the same, locked or not, and takes the same time."""
    form = SignInForm(request.POST or None)
    after = request.POST.get("next", request.GET.get("next", ""))
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"]
        user = authenticate(request, username=username, password=form.cleaned_data["password"])
        if locked := sign_in.locked_until(username):
            form.add_error(None, _locked(locked))
        elif isinstance(user, User) and user.totp_since is not None:
            found = (str(user.pk), int(now().timestamp()), user.get_session_auth_hash(), after)
            request.session.update(dict(zip(HALF_WAY, found, strict=True)))
            return redirect("places:login_code")
        elif isinstance(user, User):
            return _enter(request, user, after)
        else:
            sign_in.failed_sign_in(username)
            policy = password_policy()
            form.add_error(
                None,
                f"登录名或密码不对，请重新输入。连续输错 {policy.attempts} 次会锁定 {policy.lock_minutes} 分钟。",
            )
    about = {
        "form": form,
        "next": after,
        "why": request.GET.get("why", "") if request.method == "GET" else "",
        "lost": "lost" in request.GET,
        "idle_minutes": password_policy().idle_minutes,
    }
    return render(request, "places/sign_in.html", about, status=200 if request.method == "GET" else 422)


def _locked(until: datetime) -> str:
    minutes = int((until - now()).total_seconds() // 60) + 1
    return f"输错次数太多，账号已锁定，请 {minutes} 分钟后再试，或请书记重置密码。"


def _enter(request: HttpRequest, user: User, after: str) -> HttpResponse:
    """Every factor was right: a session begins, under a new key."""
    sign_in.succeeded_sign_in(user)
    if request.user.is_authenticated:
        sessions.finish(request, "out")
    login(request, user)
    return redirect(after if url_has_allowed_host_and_scheme(after, {request.get_host()}) else "/")


@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in: the code of the phone, or a recovery code."""
    user = _half_way(request)
    if user is None:
        return redirect("places:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if locked := sign_in.locked_until(user.username):
            form.add_error("code", _locked(locked))
        elif second_factor.accept_code(user=user, code=form.cleaned_data["code"]):
            after = request.session["factor_next"]
            for key in HALF_WAY:
                del request.session[key]
            return _enter(request, user, after)
        else:
            sign_in.failed_sign_in(user.username)
            form.add_error("code", "验证码不对或已用过，请输入手机上新出现的 6 位数字。")
    return render(request, "places/sign_in_code.html", {"form": form}, status=422 if form.errors else 200)


def _half_way(request: HttpRequest) -> User | None:
    """Whose password was right a moment ago, as long as it is still their password."""
    if any(key not in request.session for key in HALF_WAY):
        return None
    pk, at, hashed, _ = (request.session[key] for key in HALF_WAY)
    if datetime.fromtimestamp(at, CHINA) + HALF_WAY_LASTS < now():
        return None
    user = User.objects.filter(pk=pk, is_active=True, totp_since__isnull=False).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), hashed) else None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.finish(request, "out")
    return redirect("places:login")


@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; the first one must be changed before anything else."""
    user = signed_in(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_own_password(acting_user=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sessions.keep_after_change(request, user)
            messages.success(request, "密码已修改，其他设备上的登录都已退出。")
            return redirect("/")
    about = {"form": form, "worn_out": is_worn_out(user), "lasts": password_policy().lasts}
    return render(request, "places/password.html", about, status=422 if form.errors else 200)


@never_cache
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and where one lately was."""
    user, moment = signed_in(request), sessions.wall()
    holding = user.sign_ins.filter(ended_at=None, seen_at__gt=moment - password_policy().idle)
    ended = list(user.sign_ins.exclude(pk__in=holding.values("pk"))[:ENDED_SHOWN])
    about = {
        "holding": list(holding.order_by("-seen_at")),
        "ended": [(row, _why(row)) for row in ended],
        "this": sessions.this_one(request),
        "idle_minutes": password_policy().idle_minutes,
    }
    return render(request, "places/sessions.html", about)


def _why(row: UserSession) -> str:
    return sessions.ENDINGS.get(row.ended_why or "idle", "")


@require_POST
def end_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not signed_in(request).sign_ins.filter(pk=pk).exists():
        raise Http404
    if pk == sessions.this_one(request):
        return sign_out(request)
    sessions.end_own(acting_user=signed_in(request), pk=pk)
    messages.success(request, "那台设备已退出登录。")
    return redirect("places:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_own_others(acting_user=signed_in(request), this=sessions.this_one(request))
    messages.success(request, f"已退出其他 {ended} 处登录。" if ended else "没有别的登录。")
    return redirect("places:sessions")


@never_cache
def factor(request: HttpRequest, form: ConfirmForm | CodeForm | None = None) -> HttpResponse:
    """One's second factor: off, being set up, or in use. `form` is what was sent and refused."""
    user = signed_in(request)
    setting_up = second_factor.setting_up(user)
    refused = {"code" if isinstance(form, CodeForm) else "confirm": form} if form else {}
    about: dict[str, object] = {
        "confirm": ConfirmForm(),
        "code": CodeForm(),
        **refused,
        "demanded": policy_of(request).demands_second_factor(),
        "in_use": user.totp_since,
        "codes_left": len(user.recovery_hashes),
        "setting_up": setting_up,
    }
    if setting_up is not None:
        drawn = segno.make(setting_up.provisioning_uri(), error="m").svg_inline(scale=5, border=2)
        about["qr"] = mark_safe(drawn)
        about["key"] = " ".join(setting_up.secret[at : at + 4] for at in range(0, len(setting_up.secret), 4))
    return render(request, "places/second_factor.html", about, status=422 if form else 200)


@require_POST
def begin_factor(request: HttpRequest) -> HttpResponse:
    """A fresh secret for the phone, after the password was given again."""
    if form := _unconfirmed(request):
        return factor(request, form)
    second_factor.begin_set_up(acting_user=signed_in(request))
    return redirect("places:second_factor")


@require_POST
@never_cache
def finish_factor(request: HttpRequest) -> HttpResponse:
    """The phone's first code; the recovery codes are shown this once."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return factor(request, form)
    try:
        codes = second_factor.finish_set_up(acting_user=signed_in(request), code=form.cleaned_data["code"])
    except UserError as error:
        form.add_error("code", error.message)
        return factor(request, form)
    return render(request, "places/recovery_codes.html", {"codes": codes})


@require_POST
def switch_off_factor(request: HttpRequest) -> HttpResponse:
    if form := _unconfirmed(request):
        return factor(request, form)
    second_factor.switch_off(acting_user=signed_in(request))
    messages.success(request, "两步验证已关闭。")
    return redirect("places:second_factor")


def _unconfirmed(request: HttpRequest) -> ConfirmForm | None:
    """The form with its errors, where the password given again is not right."""
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            accounts.confirm_own_password(acting_user=signed_in(request), given=form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
    return form if form.errors else None
