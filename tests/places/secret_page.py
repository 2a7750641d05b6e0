"""A page with a secret field and nothing else, for the browser tests of revealing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import RequestContext, Template
from django.urls import path

from nianlun.places.models import Resident
from nianlun.urls import urlpatterns as all_urls

PAGE = Template(
    '{% extends "ui/base.html" %}{% load secrets %}{% block title %}张三丰{% endblock %}'
    '{% block heading %}张三丰{% endblock %}{% block content %}<p>电话：{% secret resident "phone" %}</p>'
    '<p>证件号码：{% secret resident "id_number" %}</p>{% endblock %}'
)


def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return HttpResponse(PAGE.render(RequestContext(request, {"resident": get_object_or_404(Resident, pk=pk)})))


urlpatterns = [*all_urls, path("secret-page/<uuid:pk>/", show)]
