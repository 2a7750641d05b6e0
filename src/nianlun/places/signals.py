"""What rooms below are told of people, inside the transaction of the write."""

from __future__ import annotations

from django.dispatch import Signal

# Both send `kept` and `dropped`, residents, and `step`, an actions.people_step.Step: what a receiver changes through
# it is noted with the merge and goes back when the merge is undone.
residents_merged = Signal()
# Sends `kept` and `dropped` after everything that was noted went back.
residents_parted = Signal()
