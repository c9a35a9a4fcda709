"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MADE = "<!-- Made by docs/make_filters.py; what is changed here is lost. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)


def cell(text: str) -> str:
    """Text as it may stand in a table."""
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    return f"`{text}`"


def literal(text: str) -> str:
    """Words of others: nothing in them is markup."""
    return "".join(f"\\{letter}" if letter in "\\`*_<>[]#" else letter for letter in text)


def ms(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
