"""Filters: plain Python, one file each. A new one is a new file and a line in `filters.registry`."""
