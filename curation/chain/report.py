"""The report of a chain: one HTML file that shows the funnel over all its recipes, and leads to the report of each.

Drawn from the manifests alone. Like the report of a run, it loads nothing and holds no times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from curation import manifest, storage
from curation.report import template
from curation.statistics import Step


@dataclass(frozen=True)
class Run:
    """One recipe's run. `total` is all of it, `rows` its stages; there are none before it is complete. `parts`: by
    stage how many of the images that it kept are in each part that the stage sorts them into."""

    name: str
    report: str
    total: Step | None = None
    rows: tuple[Step, ...] = ()
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def write_report(folder: str) -> str:
    """Write `folder`/report.html from the manifests below it; return its path. Raises OSError if there is none."""
    record = manifest.load(folder)
    if record is None:
        raise FileNotFoundError(manifest.path(folder))
    path = storage.join(folder, "report.html")
    runs = [_run(name, manifest.load(storage.join(folder, name))) for name in record["runs"]]
    done = list(takewhile(lambda run: run.total, runs))
    runs = [*done, *(Run(run.name, run.report) for run in runs[len(done) :])]  # what follows a gap is of another time
    storage.write_atomic(path, render(record, runs).encode())
    return path


def render(record: Mapping[str, Any], runs: list[Run]) -> str:
    """The page. `record` is the manifest of the chain."""
    done = [run.total for run in runs if run.total]
    page = template("chain/report.html.jinja").render(
        run=record,
        runs=runs,
        whole=done[0].read if done else 0,
        kept=done[-1].kept if done else 0,
        dropped=sum(total.dropped for total in done),
        failed=sum(total.failed for total in done),
    )
    return page.lstrip()


def _run(name: str, record: Mapping[str, Any] | None) -> Run:
    link = f"{quote(name)}/report.html"
    if record is None or record["status"] != "complete":
        return Run(name, link)
    counts = record["counts"]
    stages = [Step(row["stage"], row["read"], row["dropped"], row["failed"]) for row in counts["stages"]]
    rows = (Step("decode", counts["read"], 0, counts["unreadable"]), *stages)
    total = Step(name, counts["read"], sum(r.dropped for r in rows), sum(r.failed for r in rows))
    return Run(name, link, total, rows, record.get("parts", {}))
