"""Reads a plan's prose into commitments; pure Python, without Django, network or database."""

from nianlun.plans.reading.model import Heading, Item, Owner, Reading, Target, Timing
from nianlun.plans.reading.reader import read_plan

__all__ = ["Heading", "Item", "Owner", "Reading", "Target", "Timing", "read_plan"]
