"""Which room answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("nianlun.places.urls")),
    path("", include("nianlun.plans.urls")),
    path("", include("nianlun.duties.urls")),
    path("", include("nianlun.ui.registers.urls")),  # last: rooms draw some of these pages themselves
]
