"""Addresses of this room; the list, the record and the history of a ledger are those of every register."""

from __future__ import annotations

from django.urls import path

from nianlun.ledgers import converters  # noqa: F401 (makes the converter known)
from nianlun.ledgers.designer import urls as designer
from nianlun.ledgers.views import (
    binding,
    bulk,
    duty,
    entry,
    fan_out,
    files,
    form,
    helpers,
    home,
    overdue,
    printing,
    reveal,
    serving,
    sources,
    step,
)

LEDGER = "c/<slug:community>/<ledger:ledger>/"
PLAN = "c/<slug:community>/plans/<uuid:plan>/"

app_name = "ledgers"
urlpatterns = [
    path("ledgers/overdue/", overdue.show, name="overdue"),
    path("c/<slug:community>/ledgers/", home.show, name="home"),
    path("c/<slug:community>/entries/<uuid:pk>/", entry.show, name="entry"),
    *designer.urlpatterns,
    path("c/<slug:community>/occurrences/<uuid:pk>/entries/", serving.gather, name="gather"),
    path(f"{PLAN}ledgers/", binding.show, name="plan"),
    path(f"{PLAN}ledgers/take/", binding.take, name="take"),
    path(f"{PLAN}v/<int:number>/ledgers/undo/", binding.undo, name="undo_binding"),
    path(f"{PLAN}v/<int:number>/items/<uuid:pk>/ledgers/", binding.item, name="item"),
    path(f"{LEDGER}plan/", sources.show, name="sources"),
    path("c/<slug:community>/occurrences/<uuid:pk>/places/", fan_out.places, name="places"),
    path("c/<slug:community>/duties/<uuid:pk>/places/", fan_out.fan_out, name="fan_out"),
    path(f"{LEDGER}new/", form.new, name="new"),
    path(f"{LEDGER}<uuid:pk>/edit/", form.edit, name="edit"),
    path(f"{LEDGER}<uuid:pk>/step/<slug:step>/", step.show, name="step"),
    path(f"{LEDGER}<uuid:pk>/withdraw/", step.withdraw, name="withdraw"),
    path(f"{LEDGER}<uuid:pk>/restore/", step.restore, name="restore"),
    path(f"{LEDGER}<uuid:pk>/duty/", duty.make, name="open_duty"),
    path(f"{LEDGER}<uuid:pk>/duties/", serving.serve, name="serve"),
    path(f"{LEDGER}<uuid:pk>/duties/<uuid:link>/remove/", serving.unserve, name="unserve"),
    path(f"{LEDGER}<uuid:pk>/reveal/<slug:field>/", reveal.show, name="reveal"),
    path(f"{LEDGER}<uuid:pk>/print/", printing.filled, name="filled"),
    path(f"{LEDGER}<uuid:pk>/paper/<uuid:paper>/", printing.paper, name="paper"),
    path(f"{LEDGER}<uuid:pk>/hand-out/", printing.hand_out, name="hand_out"),
    path(f"{LEDGER}blank/", printing.blank, name="blank"),
    path(f"{LEDGER}about/", printing.about, name="about"),
    path(f"{LEDGER}steps/", bulk.make, name="steps"),
    path(f"{LEDGER}files/", files.add, name="add_file"),
    path(f"{LEDGER}files/<uuid:pk>/", files.show, name="file"),
    path(f"{LEDGER}pick/", helpers.pick, name="pick"),
    path(f"{LEDGER}stand/", helpers.stand, name="stand"),
    path(f"{LEDGER}points/", helpers.points, name="points"),
]
