"""The report of `curation annotate`: one HTML file with what was annotated, how well, and samples to judge by eye.

Drawn as that of a run is (`curation.report`): it loads nothing, its size does not depend on rows, and it says
nothing that a second run would say differently.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.signals import PROBLEMS, SIGNALS, STAGE
from curation import storage
from curation.annotation import vocabulary
from curation.annotation.statistics import DRAWN, STRINGS, STYLES, Statistics, statistics_of_run, wanted
from curation.assess import DECODE
from curation.report import SignalView, data_urls, plot, read_thumbnails, template
from curation.shares import Share, largest, ranked, shares

THUMBNAIL_SIDE = 240
"""The longer side of the page's thumbnails, in px: what a caption says must be seen on them."""

STYLES_SHOWN, CHIPS = 12, 8
"""Image styles, and strings of text of one sample, that are shown."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

DECISIVE = ("engine", "model", "language", "prompt", "ocr", "format")
"""The settings that are on the page. Others say where a run was, or how fast, not what it made."""

_QUOTED = re.compile(r'("[^"\n]*"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』)')


@dataclass(frozen=True)
class Class:
    """A class of domains: its share of the annotated images, the share aimed at, and its subclasses."""

    name: str
    count: int
    share: float
    target: float | None
    members: Sequence[tuple[str, int]]

    @property
    def difference(self) -> str:
        """Share less target in percentage points, with its sign."""
        points = 100 * (self.share - (self.target or 0.0))
        return f"{points:+.1f}".replace("-", "−")


def write_report(out: str, statistics: Statistics | None = None) -> str:
    """Write `out`/report.html from what lies in `out`; return its path.

    `statistics` default to those of the parts, for which all of these are read. Raises OSError if there is no
    run.json.
    """
    run = json.loads(storage.read_bytes(storage.join(out, "run.json")))
    statistics = statistics_of_run(out) if statistics is None else statistics
    page = render(run, statistics, read_thumbnails(out, {key for _, _, key in wanted(statistics)}))
    path = storage.join(out, "report.html")
    storage.write_atomic(path, page.encode())
    return path


def render(run: Mapping[str, Any], statistics: Statistics, thumbnails: Mapping[str, bytes]) -> str:
    """The page. `thumbnails` are JPEGs by key; an image without one gets an empty tile."""
    page = template("annotation/report.html.jinja", quoted, percent)
    causes = sorted(statistics.causes.items(), key=lambda item: (item[0][0] == DECODE, -item[1].count, item[0]))
    text = page.render(
        run=run,
        statistics=statistics,
        signals=_signals(statistics),
        replies=_replies(statistics),
        problems=[(code, words, statistics.problems[code]) for code, words in PROBLEMS.items()],
        causes=causes,
        rejects=[(error, reject) for (stage, error), cause in causes if stage != DECODE for reject in cause.examples],
        quantiles=[(part, statistics.lengths.quantile(part)) for part in QUANTILES],
        captions=shares(statistics.captions, statistics.annotated),
        types=shares(ranked(statistics.types), statistics.annotated),
        styles=_styles(statistics),
        classes=classes(statistics),
        splits=shares({name: statistics.splits.get(name, 0) for name in vocabulary.TEXT_SPLITS}, statistics.annotated),
        strings=shares({name: statistics.strings.get(name, 0) for name in STRINGS}, statistics.annotated),
        languages=_languages(statistics),
        settings=_settings(run),
        jpegs=data_urls(thumbnails),
        STYLES=STYLES,
        CHIPS=CHIPS,
        SENSITIVE=None,
    )
    return text.lstrip()


def quoted(text: str) -> list[tuple[str, bool]]:
    """`text` cut at its quotations: (piece, whether it is one, its quotation marks included)."""
    return [(piece, at % 2 == 1) for at, piece in enumerate(_QUOTED.split(text)) if piece]


def percent(part: float) -> str:
    """A share, 0..1, in whole percent; only none is "0 %", only all is "100 %"."""
    return f"{min(max(round(100 * part), part > 0), 99 + (part >= 1)):d} %"


def classes(statistics: Statistics) -> list[Class]:
    """The classes of domains in the order of their targets, and those without one that images have."""
    whole = statistics.annotated
    found = []
    for name in (*vocabulary.TARGETS, vocabulary.OTHER):
        members = {domain.partition("/")[2]: 0 for domain in vocabulary.DOMAINS if domain.startswith(name + "/")}
        members |= {d.partition("/")[2]: n for d, n in statistics.domains.items() if d.startswith(name + "/")}
        count, target = sum(members.values()), vocabulary.TARGETS.get(name)
        if count or target is not None:
            found.append(Class(name, count, count / whole if whole else 0.0, target, list(members.items())))
    return found


def _signals(statistics: Statistics) -> dict[str, SignalView]:
    views = {}
    for signal in SIGNALS:
        if signal.name in DRAWN:
            histogram = statistics.signals[signal.name]
            shapes = plot(histogram, words=("annotated", "rejected"))
            views[signal.name] = SignalView(f"{STAGE}.{signal.name}", signal.about, histogram, shapes)
    return views


def _replies(statistics: Statistics) -> list[Share]:
    whole = statistics.asked
    return [
        Share("valid at the first reply", statistics.first, whole),
        Share("annotated after another", statistics.annotated - statistics.first, whole, "second"),
        Share("rejected", statistics.rejected, whole, "dropped"),
    ]


def _languages(statistics: Statistics) -> list[Share]:
    """Images by language of their text, those with most images first."""
    return [
        Share(vocabulary.LANGUAGE_NAMES.get(code, code), images, statistics.annotated, note=f"{strings:,}")
        for code, images in ranked(statistics.language_images).items()
        if (strings := statistics.languages[code])
    ]


def _styles(statistics: Statistics) -> list[Share]:
    """The most frequent styles, and all others in one row."""
    counts = Counter(style or "none given" for _, style in statistics.styles)
    return largest(counts, len(statistics.styles), STYLES_SHOWN)


def _settings(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What decided the annotations, and what made them, as text by name."""
    recipe = run.get("recipe") or {}
    known = {name: recipe[name] for name in DECISIVE if recipe.get(name) is not None}
    known |= dict(sorted((run.get("versions") or {}).items()))
    for user, files in sorted((run.get("models") or {}).items()):
        known |= {f"{user}: {name}": digest for name, digest in sorted(files.items())}
    return [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in known.items()]
