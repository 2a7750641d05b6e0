"""Fields of records: what may be written into each, read alike from a form, a sheet and the API."""

from nianlun.kernel.fields.check import Checked, check
from nianlun.kernel.fields.field import Field, FieldError
from nianlun.kernel.fields.kinds import KINDS, show

__all__ = ["KINDS", "Checked", "Field", "FieldError", "check", "show"]
