"""Schedules, the year's calendar, occurrences, assignment and the desk."""
