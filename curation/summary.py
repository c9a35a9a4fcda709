"""The funnel for a terminal of 80 columns or fewer. Counts are those of `Account.as_dict`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curation.safe import shown

NAME = 18
"""Characters of a name beside its figures."""


def of_run(output: str, counts: Mapping[str, Any]) -> str:
    """The summary of the run in `output`."""
    read = counts["read"]
    lines = [_header("stage"), _row("(decode)", read, None, counts["unreadable"]), *_stages(counts)]
    return "\n".join([*lines, "", *_ending(output, counts["kept"], read)])


def of_chain(output: str, runs: Mapping[str, Mapping[str, Any]]) -> str:
    """The summary of the chain in `output`: counts by the name of each run, two or more in order."""
    lines = [_header("recipe, stage")]
    for name, counts in runs.items():
        dropped, failed = (sum(row[key] for row in counts["stages"]) for key in ("dropped", "failed"))
        lines.append(_row(shown(name, NAME), counts["read"], dropped, failed + counts["unreadable"]))
        lines += [_row("  (decode)", counts["read"], None, counts["unreadable"])] if counts["unreadable"] else []
        lines += _stages(counts, "  ")
    first, *_, last = runs.values()
    return "\n".join([*lines, "", *_ending(output, last["kept"], first["read"])])


def _header(what: str) -> str:
    return f"{what:<{NAME}}{'read':>10}{'dropped':>10}{'failed':>8}{'kept':>10}"


def _stages(counts: Mapping[str, Any], indent: str = "") -> list[str]:
    return [_row(indent + row["stage"], row["read"], row["dropped"], row["failed"]) for row in counts["stages"]]


def _row(name: str, read: int, dropped: int | None, failed: int) -> str:
    gone = "" if dropped is None else f"{dropped:,}"
    return f"{name:<{NAME}}{read:>10,}{gone:>10}{failed:>8,}{read - (dropped or 0) - failed:>10,}"


def _ending(output: str, kept: int, read: int) -> list[str]:
    share = f" ({kept / read:.0%})" if read else ""
    return [f"kept {kept:,} of {read:,} images{share}", f"report: {output.rstrip('/')}/report.html"]
