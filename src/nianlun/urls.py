"""Which room answers which address."""

from django.urls import include, path

from nianlun.ui.registers.api.routes import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("nianlun.places.urls")),
    path("", include("nianlun.plans.urls")),
    path("", include("nianlun.duties.urls")),
    path("", include("nianlun.ledgers.urls")),
    path("", include("nianlun.ui.sheets.urls")),
    path("", include("nianlun.ui.registers.urls")),  # last: rooms draw some of these pages themselves
]
