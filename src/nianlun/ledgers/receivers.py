"""What this room does when something happens elsewhere: the database was brought to this version, a plan adopted."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate, post_save
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.ledgers import catalogue, findable
from nianlun.ledgers.actions.bind import bind_suggested
from nianlun.ledgers.actions.follow_ons import open_automatic
from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.actions.writing import entry_changed
from nianlun.ledgers.jobs import queue_tend_entry_indexes
from nianlun.ledgers.models import Entry, LedgerVersion, Standing
from nianlun.places.models import User
from nianlun.plans.models import PlanVersion
from nianlun.plans.signals import version_adopted


def connect(app: AppConfig) -> None:
    """Called once at start-up."""
    post_migrate.connect(_migrated, sender=app, dispatch_uid="ledgers.publish")
    post_save.connect(_version_saved, sender=LedgerVersion, dispatch_uid="ledgers.indexes")
    entry_changed.connect(_changed, sender=Entry, dispatch_uid="ledgers.follow_ons")
    entry_changed.connect(findable.changed, sender=Entry, dispatch_uid="ledgers.findable")
    version_adopted.connect(_adopted, dispatch_uid="ledgers.adopted")


def _changed(sender: Any, *, entry: Entry, acting_user: User, **_: Any) -> None:
    """What an entry opens by itself is there when the write is done, or the write is not."""
    open_automatic(acting_user=acting_user, entry=entry)


def _version_saved(sender: Any, *, instance: LedgerVersion, **_: Any) -> None:
    """What is published may ask for indexes, what is retired leaves some that nobody asks for."""
    if instance.standing != Standing.DRAFT:
        queue_tend_entry_indexes()


def _adopted(sender: Any, *, version: PlanVersion, acting_user: User, **_: Any) -> None:
    bind_suggested(acting_user=acting_user, version=version)


def _migrated(sender: Any, **_: Any) -> None:
    """Shipped declarations are published with the tables that hold them."""
    catalogue.forget()
    there = connection.introspection.table_names()
    if LedgerVersion._meta.db_table not in there:  # only other rooms were migrated
        return
    if publish_shipped() and ProcrastinateJob._meta.db_table in there:
        queue_tend_entry_indexes()
