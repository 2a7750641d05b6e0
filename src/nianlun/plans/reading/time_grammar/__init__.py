"""The language of time in plans: rules, what each looks like and means, and how their findings settle."""

from nianlun.plans.reading.time_grammar.resolve import Stated, find_stated
from nianlun.plans.reading.time_grammar.squeeze import Squeezed, squeeze
from nianlun.plans.reading.time_grammar.words import Frame

__all__ = ["Frame", "Squeezed", "Stated", "find_stated", "squeeze"]
