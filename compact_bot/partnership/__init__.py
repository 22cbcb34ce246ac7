"""Organisations that share their deadlines, feedback and review, on whichever platforms they are."""
