"""Automation: rules of a trigger, a condition and actions, kept as records and run wherever changes are made."""
