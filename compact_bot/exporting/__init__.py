"""Deadlines and feedback as files that other programs open."""
