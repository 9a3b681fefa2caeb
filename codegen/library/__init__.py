"""Reference of the hand-written library: read its source, and write a page for each part from docstrings."""
