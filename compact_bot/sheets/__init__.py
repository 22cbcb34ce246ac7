"""Spreadsheets as people keep them: a file to rows of values, and rows of values to a file."""
