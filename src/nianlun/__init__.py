"""Nianlun reads a community's yearly plan and runs the year on it; the rooms stand in the order of the data."""
