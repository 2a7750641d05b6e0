"""Addresses of the room `duties`."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.duties import (
    views_calendar,
    views_desk,
    views_duty,
    views_feed,
    views_handing_out,
    views_leave,
    views_occurrence,
    views_progress,
    views_tables,
)

app_name = "duties"
urlpatterns: list[URLPattern] = [
    path("c/<slug:community>/desk/", views_desk.desk, name="desk"),
    path("c/<slug:community>/desk/done/", views_desk.do_several, name="do_several"),
    path("c/<slug:community>/desk/week/", views_desk.week, name="week"),
    path("c/<slug:community>/calendar/", views_calendar.calendar, name="calendar"),
    path("c/<slug:community>/calendar/year.<slug:form>", views_calendar.year_file, name="year_file"),
    path("c/<slug:community>/feed/", views_feed.settings, name="feed_settings"),
    path("c/<slug:community>/feed/make/", views_feed.make, name="make_feed"),
    path("c/<slug:community>/feed/withdraw/", views_feed.withdraw, name="withdraw_feed"),
    path("feed/<slug:secret>.ics", views_feed.read, name="feed"),
    path("tables/holidays/", views_tables.holidays, name="holidays"),
    path("tables/holidays/new/", views_tables.new_holiday, name="new_holiday"),
    path("tables/holidays/<int:year>/confirm/", views_tables.confirm_year, name="confirm_year"),
    path("tables/holidays/<int:year>/reset/", views_tables.reset_year, name="reset_year"),
    path("tables/holidays/<slug:day>/", views_tables.holiday, name="holiday"),
    path("tables/holidays/<slug:day>/delete/", views_tables.delete_holiday, name="delete_holiday"),
    path("tables/days/", views_tables.named_days, name="named_days"),
    path("tables/days/new/", views_tables.new_named_day, name="new_named_day"),
    path("tables/days/named/<str:name>/", views_tables.named_day, name="named_day"),
    path("tables/days/named/<str:name>/reset/", views_tables.reset_named_day, name="reset_named_day"),
    path("c/<slug:community>/progress/", views_progress.progress, name="progress"),
    path("c/<slug:community>/progress/<slug:what>/", views_progress.behind, name="behind"),
    path("overview/", views_progress.overview, name="overview"),
    path("c/<slug:community>/undo/", views_desk.undo, name="undo"),
    path("c/<slug:community>/occurrences/<uuid:pk>/", views_occurrence.occurrence, name="occurrence"),
    path("c/<slug:community>/occurrences/<uuid:pk>/done/", views_occurrence.done, name="done"),
    path("c/<slug:community>/occurrences/<uuid:pk>/papers/", views_occurrence.add_papers, name="add_papers"),
    path("c/<slug:community>/occurrences/<uuid:pk>/take/", views_occurrence.take, name="take"),
    path("c/<slug:community>/occurrences/<uuid:pk>/hand-over/", views_occurrence.hand_over, name="hand_over"),
    path("c/<slug:community>/occurrences/<uuid:pk>/postpone/", views_occurrence.postpone, name="postpone"),
    path("c/<slug:community>/attachments/<uuid:pk>/", views_occurrence.attachment, name="attachment"),
    path(
        "c/<slug:community>/attachments/<uuid:pk>/remove/", views_occurrence.remove_attachment, name="remove_attachment"
    ),
    path("c/<slug:community>/handing-out/", views_handing_out.handing_out, name="handing_out"),
    path("c/<slug:community>/handing-out/hand-out/", views_handing_out.hand_out, name="hand_out"),
    path("c/<slug:community>/handing-out/words/", views_handing_out.map_word, name="map_word"),
    path("c/<slug:community>/leave/", views_leave.leave, name="leave"),
    path("c/<slug:community>/leave/<uuid:pk>/cancel/", views_leave.cancel, name="cancel_leave"),
    path("c/<slug:community>/leave/<uuid:pk>/restore/", views_leave.restore, name="restore_leave"),
    path("c/<slug:community>/duties/new/", views_duty.new_duty, name="new_duty"),
    path("c/<slug:community>/duties/<uuid:pk>/", views_duty.duty, name="duty"),
    path("c/<slug:community>/duties/<uuid:pk>/edit/", views_duty.edit_duty, name="edit_duty"),
    path("c/<slug:community>/duties/<uuid:pk>/daily/", views_duty.set_daily, name="set_daily"),
    path("c/<slug:community>/duties/<uuid:pk>/call-off/", views_duty.call_off, name="call_off"),
    path("c/<slug:community>/duties/<uuid:pk>/source/", views_duty.source, name="source"),
]
