"""What goes wrong with backups, in words for whoever keeps the machine."""

from __future__ import annotations

from nianlun.kernel.errors import UserError


class BackupError(UserError):
    """A backup or a restore cannot be done; what stood before still stands."""
