"""Django's settings: everything comes from the environment, with defaults that are safe on one's own desk."""

from __future__ import annotations

import os
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from nianlun.kernel.paths import STATIC_BUILD, var_folder
from nianlun.kernel.secret import secret_key

VAR = var_folder()
SECRET_KEY = secret_key(VAR)
DEBUG = os.environ.get("NIANLUN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("NIANLUN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("NIANLUN_ORIGINS", "").split(",") if origin]

# Under ASGI every request has a thread of its own, so that a connection kept by its thread would serve one request:
# the web process, which says so, keeps a pool of them.
POOLED = os.environ.get("NIANLUN_POOL") == "1"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql://localhost/nianlun"),
        conn_max_age=0 if POOLED else 60,
        conn_health_checks=True,
    )
}
if POOLED:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 2, "max_size": 16, "timeout": 20}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_vite",
    "csp",
    "procrastinate.contrib.django",
    "nianlun.kernel",
    "nianlun.ui",
    "nianlun.places",
    "nianlun.plans",
    "nianlun.duties",
    "nianlun.ledgers",
    "nianlun.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nianlun.ui.registers.api.door.ApiDoorMiddleware",
    "nianlun.places.middleware.SignedInMiddleware",
    "nianlun.ui.registers.middleware.RegisterMiddleware",
    "nianlun.ui.middleware.UserErrorMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "nianlun.ui.context.shell",
            ],
            "builtins": ["nianlun.ui.templatetags.nianlun", "nianlun.places.templatetags.lines"],
        },
    }
]
ROOT_URLCONF = "nianlun.urls"
ASGI_APPLICATION = "nianlun.asgi.application"

AUTH_USER_MODEL = "places.User"
LOGIN_URL = "places:login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "nianlun.places.passwords.ByPolicy"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# asvs or dengbao: places/passwords.py says what each asks, how long a lock lasts and when an idle session ends.
NIANLUN_PASSWORD_POLICY = os.environ.get("NIANLUN_PASSWORD_POLICY", "asvs")
# However busy a session is, it ends after this.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("NIANLUN_HTTPS") == "1"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The picture below the map of grids: an address with {z}, {x} and {y}, and after a | whose it is; none by default.
NIANLUN_TILES = os.environ.get("NIANLUN_TILES", "")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/assets/.+-[\w-]{8}\."
DJANGO_VITE = {
    "default": {"dev_mode": False, "static_url_prefix": "build", "manifest_path": STATIC_BUILD / "manifest.json"}
}

MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "nianlun.kernel.logs.Redact"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"nianlun": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}, "django": {"handlers": []}},
}
