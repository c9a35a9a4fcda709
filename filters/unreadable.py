"""Why an image cannot be used: the class name is the cause, the message says what was found."""

from __future__ import annotations


class Unreadable(ValueError):
    """Base of all causes. Never raised itself."""


class Empty(Unreadable):
    """No bytes at all."""


class NotAnImage(Unreadable):
    """The bytes are no known image format."""


class Truncated(Unreadable):
    """The file ends before its pixels do, or its tail is zeros."""


class Corrupt(Unreadable):
    """The header or the pixels cannot be decoded."""


class Unsupported(Unreadable):
    """A sound file whose pixels have no one picture of 8 bits a channel, such as 32-bit elevations."""


class TooLarge(Unreadable):
    """More pixels, bytes or work than this program spends on one image."""
