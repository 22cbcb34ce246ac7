"""Deadlines that the agreement demands: what follows from a date, tracking it, and nudges that are never lost."""
