"""Addresses of the room `plans`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from nianlun.plans import views, views_compare, views_review, views_table, views_version

app_name = "plans"

item: list[URLPattern] = [
    path("", views_review.card, name="card"),
    path("edit/", views_review.edit, name="edit"),
    path("drop/", views_review.drop, name="drop"),
    path("restore/", views_review.restore, name="restore"),
    path("split/", views_review.split, name="split"),
]
version: list[URLPattern | URLResolver] = [
    path("", views_version.version_page, name="version"),
    path("progress/", views_version.progress, name="progress"),
    path("again/", views_version.read_again, name="read_again"),
    path("keep/", views_version.keep, name="keep"),
    path("discard/", views_version.throw_away, name="throw_away"),
    path("withdraw/", views_version.withdraw, name="withdraw"),
    path("reopen/", views_version.reopen, name="reopen"),
    path("adopt/", views_version.adopt, name="adopt"),
    path("panes/", views_review.panes, name="panes"),
    path("here/", views_review.here, name="here"),
    path("items/add/", views_review.add, name="add"),
    path("items/merge/", views_review.merge, name="merge"),
    path("items/<uuid:pk>/", include(item)),
    path("undo/<uuid:pk>/", views_review.undo, name="undo"),
    path("checkup/", views_compare.checkup, name="checkup"),
    path("difference/", views_compare.difference, name="difference"),
    path("pairs/", views_compare.pairs, name="pairs"),
    path("table.<slug:form>", views_table.table, name="table"),
    path("original/", views_version.original, name="original"),
    path("text/", views_version.decoded, name="text"),
]
urlpatterns = [
    path("c/<slug:community>/plans/", views.plan_list, name="list"),
    path("c/<slug:community>/plans/new/", views.new_plan, name="new"),
    path("c/<slug:community>/plans/say/", views_review.say, name="say"),
    path("c/<slug:community>/plans/sentences/<uuid:pk>/", views_version.sentence, name="sentence"),
    path("c/<slug:community>/plans/<uuid:plan>/", views.plan_page, name="plan"),
    path("c/<slug:community>/plans/<uuid:plan>/new/", views.new_version, name="new_version"),
    path("c/<slug:community>/plans/<uuid:plan>/copy/", views.copy_version, name="copy"),
    path("c/<slug:community>/plans/<uuid:plan>/v/<int:number>/", include(version)),
]
