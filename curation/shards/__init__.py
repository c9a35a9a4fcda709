"""Shards: what a row is, how it is read and written. Needs neither Beam nor torch."""
