"""The report of a run: one HTML file that shows what was dropped, why, and where each threshold lies.

`write_report` gathers (manifest, statistics, thumbnails), `render` draws. The page loads nothing and its size
depends on the number of bins and thumbnails, never on rows. It says nothing that a second run would say
differently: no times, no hosts.
"""

from __future__ import annotations

import base64
import inspect
import io
import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import PIL.Image
import yaml

from curation import storage
from curation.assess import DECODE
from curation.recipe import from_dict
from curation.safe import prose, shown
from curation.shards import tables
from curation.statistics import Closest, Histogram, Pair, Statistics, Step, statistics_of_run, wanted
from filters.base import AtLeast, Filter, Limit, figure
from filters.image import Image

THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 160, 70

WORDS = ("passed", "dropped here")
"""What the two sides of a histogram are called where a bar is pointed at."""

SENSITIVE = "nsfw"
"""Thumbnails in this stage's section, and of images it dropped, are blurred until pointed at."""

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""The page says where a threshold would have to lie to drop these shares."""

WIDTH, LEFT, RIGHT, BARS, LABEL, FOOT, LEAST = 600.0, 46.0, 14.0, 150.0, 15.0, 24.0, 4.0
"""Geometry of a histogram in SVG units: whole width, margins, height of all bars, of a threshold's label, of the
axis, of the smallest bar (one image must be seen)."""


@dataclass(frozen=True)
class Bar:
    """One bin that holds images: those that passed stand on the axis, those that were dropped hang from it."""

    x: float
    width: float
    passed: float
    dropped: float
    title: str


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """A threshold: the line, its label, and the span on whose side images are dropped."""

    x: float
    y: float
    text: str
    shade_x: float
    shade_width: float


@dataclass(frozen=True)
class Plot:
    """A histogram as shapes; the template only writes them down. `axis` is the height the bars stand on."""

    height: float
    top: float
    bottom: float
    axis: float
    bars: list[Bar]
    across: list[Tick]
    upward: list[Tick]
    lines: list[Line]
    logarithmic: bool


@dataclass(frozen=True)
class Bound:
    """A threshold on an axis; `limit` is None where it is not one value alone that decides."""

    field: str
    value: float
    limit: Limit | None = None


@dataclass(frozen=True)
class LimitView:
    field: str
    rule: str
    bound: float
    why: str
    closest: Closest


@dataclass(frozen=True)
class SignalView:
    """One signal. `suggestions`: (share, for each limit the threshold that would drop about that share)."""

    name: str
    about: str
    histogram: Histogram
    plot: Plot
    limits: Sequence[LimitView] = ()
    suggestions: Sequence[tuple[float, Sequence[float | None]]] = ()


@dataclass(frozen=True)
class Section:
    """One stage on the page."""

    name: str
    about: str
    step: Step
    signals: list[SignalView]
    pairs: tuple[Pair, ...]
    limits: int
    sensitive: bool


def write_report(out: str, stages: Sequence[Filter] | None = None, statistics: Statistics | None = None) -> str:
    """Write `out`/report.html from what lies in `out`; return its path.

    `stages` default to the recipe's; `statistics` to those of the signals, for which all of these are read.
    Raises OSError if there is no run.json, RecipeError or ValueError if its recipe is not the one of the signals.
    """
    run = json.loads(storage.read_bytes(storage.join(out, "run.json")))
    stages = from_dict(run["recipe"]).stages if stages is None else stages
    statistics = statistics_of_run(out, stages) if statistics is None else statistics
    thumbnails = read_thumbnails(out, {key for _, _, key in wanted(statistics)})
    page = render(run, statistics, stages, thumbnails)
    path = storage.join(out, "report.html")
    storage.write_atomic(path, page.encode())
    return path


def thumbnail(image: Image, side: int = THUMBNAIL_SIDE) -> bytes:
    """A JPEG of the image, its longer side at most `side` px; of 160 px some 4 kB. Raises Unreadable."""
    buffer = io.BytesIO()
    pixels = PIL.Image.fromarray(image.rgb(side))
    pixels.save(buffer, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return buffer.getvalue()


def read_thumbnails(out: str, keys: Collection[str]) -> dict[str, bytes]:
    """Those of `keys` that `out`/thumbnails.parquet holds; none if there is no such file."""
    path = storage.join(out, "thumbnails.parquet")
    if not storage.exists(path):
        return {}
    table = tables.read(path, ["key", "jpeg"])
    rows = zip(table["key"].to_pylist(), table["jpeg"].to_pylist(), strict=True)
    return {key: jpeg for key, jpeg in rows if jpeg and key in keys}


def render(
    run: Mapping[str, Any], statistics: Statistics, stages: Sequence[Filter], thumbnails: Mapping[str, bytes]
) -> str:
    """The page. `thumbnails` are JPEGs by key; an image without one gets an empty tile."""
    page = template("report.html.jinja").render(
        run=run,
        statistics=statistics,
        sections=[section(stage, step, statistics) for stage, step in zip(stages, statistics.funnel, strict=True)],
        causes=sorted(statistics.causes.items(), key=lambda item: (item[0][0] != DECODE, -item[1].count, item[0])),
        formats=sorted(statistics.formats.items(), key=lambda item: (-item[1], item[0])),
        sizes=sizes(statistics),
        recipe=yaml.safe_dump(without_path(run["recipe"]), sort_keys=False, allow_unicode=True),
        jpegs=data_urls(thumbnails),
        DECODE=DECODE,
        SENSITIVE=SENSITIVE,
    )
    return page.lstrip()


def template(name: str, *filters: Callable[..., Any]) -> jinja2.Template:
    """A template of this folder, with the filters and the geometry that the macros and pages share, and `filters`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (figure, shown, prose, pieces, share, difference, *filters):
        environment.filters[function.__name__] = function
    environment.filters["grouped"] = "{:,}".format
    environment.globals["geometry"] = {"width": WIDTH, "left": LEFT, "right": WIDTH - RIGHT}
    return environment.get_template(name)


def data_urls(thumbnails: Mapping[str, bytes]) -> dict[str, str]:
    """JPEGs as a page can hold them."""
    return {key: "data:image/jpeg;base64," + base64.b64encode(jpeg).decode() for key, jpeg in thumbnails.items()}


def without_path(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe less where its output went: a page that is moved, or made by another run, reads the same."""
    output = recipe.get("output")
    kept = {key: value for key, value in output.items() if key != "path"} if isinstance(output, Mapping) else None
    return {key: kept if key == "output" else value for key, value in recipe.items() if key != "output" or kept}


def pieces(text: str) -> list[str]:
    """A key cut where a line may break: after its separators."""
    return re.findall(r"[^/_.\- ]*[/_.\- ]|[^/_.\- ]+", text)


def share(part: float, whole: float) -> str:
    """`part` of `whole` in percent. Only none is "0 %", only all is "100 %"."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %" if percent % 100 else f"{percent:.0f} %"


def difference(pair: Pair) -> str:
    """How far apart the two images of a pair are. Below 0 stands for equal bytes or pixels."""
    distance = pair.dropped.value
    if distance is None:
        return "a duplicate"
    return f"distance {figure(distance)}" if distance >= 0 else "identical"


def plot(
    histogram: Histogram,
    bounds: Sequence[Bound] = (),
    label: Callable[[float], str] = figure,
    words: tuple[str, str] = WORDS,
) -> Plot:
    """The shapes of a histogram with its thresholds. `label` writes a value of the axis, `words` name its two sides."""
    top = LABEL * len(bounds) + 12
    logarithmic = _is_skewed(histogram)
    scale: Callable[[float], float] = math.log1p if logarithmic else float
    up, down = scale(max(histogram.passed)), scale(max(histogram.dropped))
    unit = BARS / ((up + down) or 1)
    axis = top + up * unit if up + down else top + BARS
    across, ticks = partial(_across, histogram), _ticks(histogram.low, histogram.high, 6)
    return Plot(
        height=top + BARS + FOOT,
        top=top,
        bottom=top + BARS,
        axis=axis,
        bars=_bars(histogram, lambda count: max(scale(count) * unit, LEAST) if count else 0.0, label, words),
        across=[Tick(across(value), _open_ended(histogram, value, label)) for value in ticks],
        upward=[
            Tick(axis - side * scale(count) * unit, f"{count:,}")
            for side, most in ((1, max(histogram.passed)), (-1, max(histogram.dropped)))
            for count in _count_ticks(most, logarithmic, room=scale(most) * unit)
        ],
        lines=[_line(bound, across(bound.value), 12 + LABEL * row) for row, bound in enumerate(bounds)],
        logarithmic=logarithmic,
    )


def section(stage: Filter, step: Step, statistics: Statistics, words: tuple[str, str] = WORDS) -> Section:
    """What the page shows of `stage`, whose `step` of the funnel and signals are in `statistics`."""
    return Section(
        name=stage.name,
        about=_first_sentence(stage),
        step=step,
        signals=[_signal(stage, signal.name, signal.about, statistics, words) for signal in stage.signals],
        pairs=statistics.pairs.get(stage.name, ()),
        limits=len(stage.limits),
        sensitive=stage.name == SENSITIVE,
    )


def _signal(stage: Filter, name: str, about: str, statistics: Statistics, words: tuple[str, str]) -> SignalView:
    column = f"{stage.name}.{name}"
    histogram = statistics.signals[column]
    limits = [(limit, statistics.closest[column, limit.field]) for limit in stage.limits if limit.signal == name]
    return SignalView(
        name=column,
        about=about,
        histogram=histogram,
        plot=plot(histogram, _bounds(stage, name), words=words),
        limits=[LimitView(limit.field, _rule(limit), closest.bound, limit.why, closest) for limit, closest in limits],
        suggestions=_suggestions([limit for limit, _ in limits], histogram),
    )


def _bounds(stage: Filter, signal: str) -> list[Bound]:
    """The thresholds of a signal: its limits, or else the fields that bear its name (dedup's `max_distance`)."""
    limits = [
        Bound(limit.field, getattr(stage, limit.field), limit) for limit in stage.limits if limit.signal == signal
    ]
    named = [f.name for f in fields(stage) if f.name in (f"min_{signal}", f"max_{signal}")]
    return limits or [Bound(name, getattr(stage, name)) for name in named]


def _suggestions(limits: Sequence[Limit], histogram: Histogram) -> list[tuple[float, list[float]]]:
    """For each share that is at least one image: the thresholds that would drop about it."""
    shares = [part for part in SHARES if limits and part * histogram.count >= 1]
    sides = [
        [histogram.quantile(part if isinstance(limit, AtLeast) else 1 - part) for limit in limits] for part in shares
    ]
    return [(part, [value for value in row if value is not None]) for part, row in zip(shares, sides, strict=True)]


def _rule(limit: Limit) -> str:
    return "at least" if isinstance(limit, AtLeast) else "at most"


def sizes(statistics: Statistics, words: tuple[str, str] = WORDS) -> list[SignalView]:
    """Histograms of megapixels and file sizes."""

    def megapixels(power: float) -> str:
        return figure(10**power)

    def size(power: float) -> str:
        return f"{10 ** (power % 3):.3g} {('B', 'kB', 'MB', 'GB')[int(power // 3)]}"

    kinds = (
        ("megapixels", "megapixels", statistics.megapixels, megapixels),
        ("bytes", "file size", statistics.size, size),
    )
    return [SignalView(name, about, h, plot(h, label=label, words=words)) for name, about, h, label in kinds]


def _first_sentence(stage: Filter) -> str:
    paragraph = " ".join((inspect.getdoc(type(stage)) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", paragraph)[0]


def _is_skewed(histogram: Histogram) -> bool:
    """Whether bars would vanish beside the largest: then counts are drawn on a log scale."""
    counts = sorted(count for count in (*histogram.passed, *histogram.dropped) if count)
    least = min(max(histogram.passed), max(histogram.dropped)) or counts[len(counts) // 2] if counts else 0
    return bool(counts) and counts[-1] > 50 and counts[-1] > 20 * min(least, counts[len(counts) // 2])


def _across(histogram: Histogram, value: float) -> float:
    part = (value - histogram.low) / (histogram.high - histogram.low)
    return LEFT + min(max(part, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)


def _open_ended(histogram: Histogram, value: float, label: Callable[[float], str]) -> str:
    """The label of a tick, marked where the bin beside it also holds what lies beyond the axis."""
    if value == histogram.low and histogram.minimum is not None and histogram.minimum < histogram.low:
        return f"≤ {label(value)}"
    if value == histogram.high and histogram.maximum is not None and histogram.maximum > histogram.high:
        return f"≥ {label(value)}"
    return label(value)


def _bars(
    histogram: Histogram, height: Callable[[float], float], label: Callable[[float], str], words: tuple[str, str]
) -> list[Bar]:
    edges, bars, below = histogram.edges(), [], 0
    for left, right, passed, dropped in zip(edges, edges[1:], histogram.passed, histogram.dropped, strict=False):
        if passed + dropped:
            x, end = _across(histogram, left), _across(histogram, right)
            above = histogram.count - below - passed - dropped
            title = (
                f"{label(left)} to {label(right)}: {passed:,} {words[0]}, {dropped:,} {words[1]}\n"
                f"{share(below, histogram.count)} lie below, {share(above, histogram.count)} above"
            )
            bars.append(Bar(x, end - x - 1, height(passed), height(dropped), title))
        below += passed + dropped
    return bars


def _line(bound: Bound, x: float, y: float) -> Line:
    if bound.limit is None:
        return Line(x, y, f"{bound.field} {figure(bound.value)}", x, 0.0)
    start, end, sign = (LEFT, x, "≥") if isinstance(bound.limit, AtLeast) else (x, WIDTH - RIGHT, "≤")
    return Line(x, y, f"keep {sign} {figure(bound.value)} ({bound.field})", start, end - start)


def _ticks(low: float, high: float, about: int) -> list[float]:
    """Round values between `low` and `high`, in steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [round(step * i, 10) for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _count_ticks(most: int, logarithmic: bool, room: float) -> list[int]:
    """Round counts for the vertical axis, fewer where there is little room; its largest is at most `most`."""
    if not most or room < 12:
        return []
    if logarithmic:
        powers = [10**i for i in range(int(math.log10(most)) + 1)]
        return powers[:: max(1, math.ceil(14 * len(powers) / room))]
    return sorted(
        {int(value) for value in _ticks(0, most, max(1, min(4, int(room / 18)))) if value >= 1 and value % 1 == 0}
    )
