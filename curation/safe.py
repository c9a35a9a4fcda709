"""Text that others wrote (names of files, captions, replies of models), made safe to show on a page or a terminal."""

from __future__ import annotations

import unicodedata


def shown(text: str | None, length: int = 60) -> str:
    """`text` on one line: control and direction characters escaped, cut in the middle to `length` characters.

    The escapes come after the cut, so that the result may be longer.
    """
    return "".join(map(_visible, cut(text or "", length)))


def prose(text: str | None, length: int = 2000) -> str:
    """As `shown`, but lines stay lines; blank ones go."""
    lines = cut((text or "").replace("\r\n", "\n"), length).split("\n")
    return "\n".join("".join(map(_visible, line)) for line in lines if line.strip())


def cut(text: str, length: int) -> str:
    """`text`, its middle left out where it has more than `length` characters."""
    if len(text) <= length:
        return text
    return text[: length // 2] + "…" + text[len(text) - (length - length // 2 - 1) :]


def _visible(character: str) -> str:
    if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029":
        return character
    return character.encode("unicode_escape").decode()
