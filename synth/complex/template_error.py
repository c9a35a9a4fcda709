"""What is wrong with a template, of whichever kind."""

from __future__ import annotations


class TemplateError(ValueError):
    """A template that cannot be used: one line that names the file, the place in it, and what it should have been."""
