"""How a line of work is called on pages."""

from __future__ import annotations

from django import template

from nianlun.places.lines import LINE_TITLES

register = template.Library()


@register.filter
def line_title(code: str) -> str:
    return LINE_TITLES.get(code, code)
