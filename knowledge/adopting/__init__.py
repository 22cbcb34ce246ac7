"""Taking an agreement in: a council's own file -> a folder that can be served, with a preview for the officer.

convert -> lines -> units (one label, heading, bullet or paragraph each) -> clauses with numbers, headings and sides.
What was read is written out in full (`folder.py`), so that a served agreement never changes with this code.
"""
