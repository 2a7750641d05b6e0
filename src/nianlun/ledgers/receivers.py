"""What this room does when something happens elsewhere: the database was brought to this version."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate

from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.models import LedgerVersion


def connect(app: AppConfig) -> None:
    """Called once at start-up."""
    post_migrate.connect(_migrated, sender=app, dispatch_uid="ledgers.publish")


def _migrated(sender: Any, **_: Any) -> None:
    """Shipped declarations are published with the tables that hold them."""
    catalogue.forget()
    if LedgerVersion._meta.db_table in connection.introspection.table_names():  # else only other rooms were migrated
        publish_shipped()
