"""Nudges by e-mail: whose address it is, and that its owner wants them, is asked for first."""
