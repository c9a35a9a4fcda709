"""Arrangements of text on a page, by rules. Each is a function that fills a `Page` and says in words what it did."""
