"""Addresses of organisations and bodies."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
