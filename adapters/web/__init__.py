"""The local chat page and the agreement's full text, on this machine only."""
