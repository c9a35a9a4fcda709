"""Weights shipped with this repository, each with a data sheet and the script that trained it."""
