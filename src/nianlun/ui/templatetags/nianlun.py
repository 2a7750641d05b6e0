"""Small words of the templates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from nianlun.kernel.ids import uuid7
from nianlun.kernel.weekdays import weekday
from nianlun.ui.submissions import KEY

register = template.Library()
register.filter("weekday", weekday)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the page's sprite; decorative, so hidden from screen readers."""
    return mark_safe(f'<svg class="icon {classes}" aria-hidden="true"><use href="#icon-{name}"/></svg>')


@register.filter
def short_day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


@register.simple_tag
def field(bound: BoundField, **attributes: Any) -> SafeString:
    """A form field with its label, help and errors, tied together for screen readers."""
    widget = bound.field.widget
    kind = (
        "form-check-input"
        if widget.__class__.__name__ == "CheckboxInput"
        else ("form-select" if "Select" in widget.__class__.__name__ else "form-control")
    )
    told = {**{key.replace("_", "-"): value for key, value in attributes.items()}}
    told["class"] = f"{kind} is-invalid" if bound.errors else kind
    described = [f"{bound.id_for_label}-help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-errors")
        told["aria-invalid"] = "true"
    if described:
        told["aria-describedby"] = " ".join(described)
    return render_to_string(
        "ui/parts/field.html",
        {"bound": bound, "input": bound.as_widget(attrs=told), "check": kind == "form-check-input"},
    )


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """This page's query with some values changed; an empty value leaves the key out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def client_key() -> SafeString:
    """A form's own key, by which it is done once even if it is sent twice."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, uuid7())
