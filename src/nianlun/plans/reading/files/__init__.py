"""Decodes uploaded plans: text in any of its encodings, Markdown, .docx and .pdf; every refusal is numbered."""

from nianlun.plans.reading.files.decode import PlanText, read_file
from nianlun.plans.reading.files.errors import MAX_BYTES, MAX_CHARACTERS, Fault, PlanFileError

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Fault", "PlanFileError", "PlanText", "read_file"]
