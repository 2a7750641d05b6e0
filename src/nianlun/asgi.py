"""The web application for an ASGI server."""

import os

from django.core.asgi import get_asgi_application

from nianlun.kernel.limits import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
application = BodyLimit(get_asgi_application())
