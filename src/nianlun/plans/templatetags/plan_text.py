"""How a plan's text, and the small fields of an item's form, are written as HTML."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.checkup import Passage
from nianlun.plans.page_text import Paragraph, Piece

register = template.Library()


@register.simple_tag
def show_paragraph(paragraph: Paragraph) -> SafeString:
    """One line of the text; every piece says at which character it begins, so that a selection can be told."""
    level = min(paragraph.level, 4) if paragraph.whole else 0
    tag = format_html('<p class="nl-h nl-h{}">', level) if level else mark_safe("<p>")
    return format_html("{}{}</p>", tag, format_html_join("", "{}", ((_piece(piece),) for piece in paragraph.pieces)))


def _piece(piece: Piece) -> SafeString:
    row = piece.item
    if row is None:
        return format_html('<span data-at="{}">{}</span>', piece.start, piece.text)
    return format_html(
        '<mark class="nl-mark nl-l-{}{}" data-of="{}" data-at="{}" data-line-title="{}"{}>{}</mark>',
        row.line,
        " is-dropped" if row.dropped_reason else "",
        row.pk,
        piece.start,
        LINE_TITLES.get(row.line, row.line),
        " data-first" if piece.start == row.start else "",
        piece.text,
    )


@register.simple_tag
def small_field(bound: BoundField, classes: str = "", **attributes: Any) -> SafeString:
    """A field in a row of a form: its label small above it, its errors under it."""
    select = "Select" in bound.field.widget.__class__.__name__
    told = {**attributes, "class": "form-select form-select-sm" if select else "form-control form-control-sm"}
    if bound.errors:
        told |= {"class": f"{told['class']} is-invalid", "aria-invalid": "true"}
    errors = format_html_join("", '<span class="nl-said-wrong">{}</span>', ((error,) for error in bound.errors))
    return format_html(
        '<label class="nl-small {}"><span>{}</span>{}{}</label>',
        classes,
        bound.label,
        bound.as_widget(attrs=told),
        errors,
    )


@register.simple_tag
def passage_words(text: str, passage: Passage) -> str:
    """The words of a passage, cut to what fits a line or two."""
    words = text[passage.start : passage.end].replace("\n", " ")
    return words if len(words) <= 90 else words[:89] + "…"
