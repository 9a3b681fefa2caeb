"""Build the documentation site, write its llms.txt, and check what was built."""
