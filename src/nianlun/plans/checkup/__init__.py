"""The check-up (体检): what is wrong with a plan as written; pure Python, without Django or database."""

from nianlun.plans.checkup.check import check_up
from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding, KnownPlan, Passage

__all__ = ["Code", "Finding", "KnownPlan", "Passage", "check_up"]
