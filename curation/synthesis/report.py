"""The report of `curation synth`: one HTML file with what was made, what was given up, and samples to judge by eye.

Drawn as that of a run is (`curation.report`): it loads nothing, its size does not depend on rows, and it says
nothing that a second run would say differently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from curation import storage
from curation.annotation.report import quoted
from curation.report import SignalView, data_urls, plot, read_thumbnails, template
from curation.shares import largest
from curation.synthesis.coverage import by_level
from curation.synthesis.signals import FIGURES, STAGE
from curation.synthesis.statistics import Statistics, statistics_of_run

THUMBNAIL_SIDE = 480
"""The longer side of the page's pictures, in px: what is written must be legible on most."""

ROWS, RARE = 40, 200
"""Rows of a table of shares, and characters below the wished exposures, that are shown."""


def write_report(out: str, statistics: Statistics | None = None) -> str:
    """Write `out`/report.html from what lies in `out`; return its path.

    `statistics` default to those of the parts, for which all of these are read. Raises OSError if there is no
    run.json.
    """
    run = json.loads(storage.read_bytes(storage.join(out, "run.json")))
    statistics = statistics_of_run(out) if statistics is None else statistics
    page = render(run, statistics, read_thumbnails(out, {sample.key for sample in statistics.samples}))
    path = storage.join(out, "report.html")
    storage.write_atomic(path, page.encode())
    return path


def render(run: Mapping[str, Any], statistics: Statistics, thumbnails: Mapping[str, bytes]) -> str:
    """The page. `thumbnails` are JPEGs by key; an image without one gets an empty tile."""
    recipe = run["recipe"]
    page = template("synthesis/report.html.jinja", quoted).render(
        run=run,
        recipe=recipe,
        statistics=statistics,
        discards=largest(statistics.discards, statistics.attempts, ROWS),
        tables=[
            ("Layouts", "layout", largest(statistics.layouts, statistics.made, ROWS)),
            ("Grades", "grade", largest(statistics.grades, statistics.made, ROWS)),
            ("Languages", "language", largest(statistics.languages, statistics.made, ROWS)),
            ("Shapes", "pixels", largest(statistics.shapes, statistics.made, ROWS)),
            ("Typefaces", "family and style", largest(statistics.fonts, statistics.made, ROWS)),
        ],
        levels=by_level(statistics.exposure, recipe["min_exposures"]),
        signals=[
            SignalView(f"{STAGE}.{s.name}", s.about, h, plot(h, words=("made", "failed")))
            for s in FIGURES
            if (h := statistics.signals[s.name]).count
        ],
        settings=_settings(run),
        fonts=recipe["materials"]["fonts"],
        jpegs=data_urls(thumbnails),
        RARE=RARE,
        SENSITIVE=None,
    )
    return page.lstrip()


def _settings(run: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What decided the images, and what made them, as text by name."""
    recipe = run["recipe"]
    known = {name: value for name, value in recipe.items() if name not in ("output", "paths", "materials")}
    materials = recipe["materials"]
    known |= {f"corpus {name}": digest for name, digest in materials["corpora"].items()}
    known |= {f"template {name}": digest for name, digest in materials["templates"].items()}
    known |= {"backgrounds": materials["backgrounds"]} if materials["backgrounds"] else {}
    known |= {"recipe hash": run["recipe_hash"], **dict(sorted(run["versions"].items()))}
    return [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in known.items()]
