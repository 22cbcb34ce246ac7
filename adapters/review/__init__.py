"""The yearly review as a page, a Word document and tables of numbers. Pure functions over the core's Review."""
