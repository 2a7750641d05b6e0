"""Addresses of signing in, passwords, sessions and the second factor."""

from __future__ import annotations

from django.urls import path

from nianlun.places.views import security as views
from nianlun.places.views import watch as views_watch

urlpatterns = [
    path("login/", views.sign_in_page, name="login"),
    path("login/code/", views.sign_in_code, name="login_code"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.password, name="password"),
    path("sessions/", views.own_sessions, name="sessions"),
    path("sessions/<uuid:pk>/end/", views.end_session, name="end_session"),
    path("sessions/others/end/", views.end_other_sessions, name="end_other_sessions"),
    path("second-factor/", views.factor, name="second_factor"),
    path("second-factor/begin/", views.begin_factor, name="begin_factor"),
    path("second-factor/finish/", views.finish_factor, name="finish_factor"),
    path("second-factor/off/", views.switch_off_factor, name="switch_off_factor"),
    path("subdistrict/<slug:subdistrict>/security/", views_watch.watch, name="watch"),
    path("subdistrict/<slug:subdistrict>/security/<uuid:pk>/sessions/", views_watch.end_sessions, name="end_sessions"),
    path("subdistrict/<slug:subdistrict>/security/<uuid:pk>/factor/", views_watch.reset_factor, name="reset_factor"),
    path("subdistrict/<slug:subdistrict>/security/<uuid:pk>/unlock/", views_watch.unlock, name="unlock"),
]
