"""What happens to plans, for rooms below to act on inside the same transaction."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with version: PlanVersion and acting_user: User, after the version stands adopted. A receiver's error undoes all.
version_adopted = Signal()
