"""Nudges and the digest: planned, claimed, sent, recorded."""
