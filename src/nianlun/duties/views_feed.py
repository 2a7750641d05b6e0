"""日历订阅: a person's own calendar at a secret address, and the page that makes, shows and withdraws the address."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nianlun.duties.actions import feed as acts
from nianlun.duties.feed import feed
from nianlun.duties.personal import personal_calendar
from nianlun.kernel.clock import today
from nianlun.places.access import access_community, signed_in
from nianlun.places.policy import May


@never_cache
def settings(request: HttpRequest, community: str) -> HttpResponse:
    """One's own address, and how a phone or a computer takes it."""
    here = access_community(request, community, May.DO)
    secret = signed_in(request).feed_secret
    address = request.build_absolute_uri(reverse("duties:feed", args=[secret])) if secret else ""
    about = {
        "community": here,
        "address": address,
        "webcal": "webcal://" + address.partition("://")[2] if address else "",
        "nearby": request.get_host().partition(":")[0] in ("127.0.0.1", "localhost", "[::1]"),
    }
    return render(request, "duties/feed.html", about)


@require_POST
def make(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.DO)
    again = bool(signed_in(request).feed_secret)
    acts.make_address(acting_user=signed_in(request))
    messages.success(request, "已换新地址，旧地址已失效。" if again else "订阅地址已生成，可以添加到手机或电脑。")
    return redirect("duties:feed_settings", here.code)


@require_POST
def withdraw(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.DO)
    acts.withdraw_address(acting_user=signed_in(request))
    messages.success(request, "已停止订阅，原来的地址打不开了。")
    return redirect("duties:feed_settings", here.code)


@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar file; who has the address needs no sign-in, so the address is all there is to keep."""
    user = acts.user_of_secret(secret)
    if user is None:
        raise Http404
    found = personal_calendar(user, today(), request.build_absolute_uri)
    etag, changed = f'W/"{found.mark}"', int(found.changed_at.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        data = feed(found.name, found.entries, found.changed_at)
        response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="nianlun.ics"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


read.open_to_all = True  # type: ignore[attr-defined]
