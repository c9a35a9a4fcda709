"""The report: self-contained, safe against hostile names, of a size that rows do not change, the same twice."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.report import pieces, plot, read_thumbnails, share, shown, thumbnail, write_report
from curation.statistics import Histogram, statistics_of_run, wanted
from filters.base import AtLeast, AtMost, Filter, Signal
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"


@dataclass(frozen=True)
class Copies(Filter):
    """Drops copies."""

    max_distance: float = 8

    name = "copies"
    signals = (Signal("distance", 0, 64, "bits that differ"),)
    limits = ()


@dataclass(frozen=True)
class Nsfw(Filter):
    """Drops images above `max_score`. It is a stand-in for the real stage."""

    max_score: float = 0.9

    name = "nsfw"
    signals = (Signal("score", 0, 1, "probability"),)
    limits = (AtMost("score", "max_score", "it is explicit"),)


@dataclass(frozen=True)
class Light(Filter):
    """Drops what is too dark."""

    min_luma: float = 40.0

    name = "light"
    signals = (Signal("luma", 0, 255, "mean luma"), Signal("spread", 0, 128, "standard deviation of luma"))
    limits = (AtLeast("luma", "min_luma", "it is dark"),)


@dataclass(frozen=True)
class Idle(Filter):
    """Drops nothing."""

    max_size: float = 10.0

    name = "idle"
    signals = (Signal("size", 0, 20, "size"),)
    limits = (AtMost("size", "max_size", "it is large"),)


STAGES = (Copies(), Nsfw(), Light(), Idle())
COLUMNS = [f"{stage.name}.{signal.name}" for stage in STAGES for signal in stage.signals]
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("key", "source", "format", "sha256", "dropped_by", "reason", "duplicate_of")]
    + [("bytes", pa.int64()), ("width", pa.int32()), ("height", pa.int32())]
    + [(name, pa.float64()) for name in COLUMNS]
)
HOSTILE = '<script>alert("x")</script>\n" onload="alert(1)" \u202egnp.exe {{ 7 * 7 }}&amp;\x00'


def rows(count: int, name: str = "image{}.jpg") -> list[dict[str, Any]]:
    """Judged rows: each tenth a copy, each fifteenth unreadable, the dark ones dropped."""
    random = np.random.default_rng(0)
    made: list[dict[str, Any]] = []
    for number in range(count):
        row: dict[str, Any] = {"key": name.format(f"{number:06d}"), "source": "photos", "bytes": 5000 + number}
        made.append(row)
        if number % 15 == 14:
            row |= {"dropped_by": "decode", "reason": "cannot be read"}
            continue
        row |= {"format": "JPEG", "width": 640, "height": 480}
        if number % 10 == 9:
            row |= {"copies.distance": float(number % 9), "dropped_by": "copies", "duplicate_of": made[-2]["key"]}
            continue
        measured = {"nsfw.score": random.beta(1, 9), "light.luma": random.normal(120, 50), "light.spread": 30.0}
        row |= measured | {"idle.size": 5.0}
        for stage in STAGES:
            own = {k.partition(".")[2]: v for k, v in row.items() if k.startswith(stage.name + ".")}
            if reason := stage.verdict(own):
                row |= {"dropped_by": stage.name, "reason": reason}
                break
    return made


def write_run(out: Path, signals: list[dict[str, Any]], status: str = "complete", jpegs: bool = True) -> str:
    """A run's folder as `curation run` leaves it, 500 rows a part."""
    recipe = {"input": "photos", "output": str(out), "stages": [{s.name: dict(vars(s))} for s in STAGES]}
    run = {
        "status": status,
        "recipe": recipe,
        "recipe_hash": "ab12",
        "input": {"path": "photos", "kind": "folder", "files": len(signals), "images": len(signals)},
        "versions": {"numpy": "2.4"},
        "models": {"nsfw": {"model.onnx": "cd34"}},
        "engine": {"host": "machine-7"},
        "started": "2020-01-02T03:04:05",
    }
    out.mkdir(exist_ok=True)
    (out / "run.json").write_text(json.dumps(run))
    for folder in ("signals", "rejects"):
        (out / folder).mkdir()
    for part, start in enumerate(range(0, len(signals), 500)):
        table = pa.Table.from_pylist(signals[start : start + 500], SCHEMA)
        pq.write_table(table, out / f"signals/part-{part:06d}.parquet")
    lost = [row for row in signals if row.get("dropped_by") == "decode"]
    rejects = {name: [row[name] for row in lost] for name in ("key", "source")}
    rejects |= {"stage": ["decode"] * len(lost), "error": ["Truncated"] * len(lost)}
    rejects |= {"message": ["the file ends"] * len(lost), "bytes": [b"x" * 99] * len(lost)}
    pq.write_table(pa.table(rejects), out / "rejects/part-000000.parquet")
    if jpegs:
        pixels = np.random.default_rng(1).integers(0, 255, (160, 120, 3), np.uint8)
        buffer = io.BytesIO()
        PIL.Image.fromarray(pixels).save(buffer, "JPEG")
        keys = [key for _, _, key in wanted(statistics_of_run(str(out), STAGES))]
        pq.write_table(pa.table({"key": keys, "jpeg": [buffer.getvalue()] * len(keys)}), out / "thumbnails.parquet")
    return Path(write_report(str(out), STAGES)).read_text()


class Page(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_run(tmp_path_factory.mktemp("run"), rows(1000))


def test_nothing_is_loaded(page: str) -> None:
    references = [(tag, name, value) for tag, name, value in Page(page).attributes if name in ("href", "src", "srcset")]
    assert len(references) > 20
    assert all(value.startswith(("#", "data:image/jpeg;base64,")) or value == "data:," for _, _, value in references)
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatch"}
    assert "http:" not in page
    assert "https:" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_anchors_lead_somewhere(page: str) -> None:
    attributes = Page(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in attributes if name == "href" and value.startswith("#")} <= set(ids)


def test_figures_of_the_run_are_on_the_page(page: str) -> None:
    text = " ".join(Page(page).text.split())
    made = rows(1000)
    kept = sum("dropped_by" not in row for row in made)
    dark = sum(row.get("dropped_by") == "light" for row in made)
    assert "images read1,000" in text
    assert share(kept, 1000) in text
    assert f"Read {kept + dark}, kept {kept}, dropped {dark} ({share(dark, kept + dark)})." in text
    assert f"Ran on {kept} images, dropped none." in text
    assert "Truncated" in text
    assert "the file ends" in text
    assert "keep ≥ 40 (min_luma)" in text
    assert "max_distance 8" in text  # not a limit, and shown all the same
    assert "min_luma: 40.0" in text  # the recipe


def test_times_and_hosts_are_not(page: str) -> None:
    assert "2020-01-02" not in page
    assert "machine-7" not in page


def test_drawn_again_it_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    first = write_run(tmp_path / "out", rows(300))
    assert Path(write_report(str(tmp_path / "out"), STAGES)).read_text() == first


def test_its_size_does_not_depend_on_rows(page: str, tmp_path: Path) -> None:
    many = write_run(tmp_path / "many", rows(20_000))
    assert len(many) < 1.1 * len(page)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """In keys, sources, messages, paths, formats and error classes."""
    signals = rows(200, name="{}" + HOSTILE.replace("{", "{{").replace("}", "}}"))
    for row in signals:
        row |= {"source": HOSTILE, "format": HOSTILE, "reason": HOSTILE if "dropped_by" in row else None}
    written = write_run(tmp_path / "out", signals)
    parsed = Page(written)
    assert "script" not in parsed.tags
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on")]
    assert "<script>" in parsed.text  # shown, as text
    assert "{{ 7 * 7 }}" in parsed.text
    assert "\u202e" not in written
    assert "\x00" not in written
    assert "\\n" in parsed.text


def test_a_surrogate_in_a_path_does_not_stop_the_report(tmp_path: Path) -> None:
    write_run(tmp_path / "out", rows(20))
    manifest = tmp_path / "out/run.json"
    manifest.write_text(manifest.read_text().replace('"photos"', '"photos\\udcff"'))
    assert "photos\\udcff" in Path(write_report(str(tmp_path / "out"), STAGES)).read_text()


@pytest.mark.parametrize("length", [1, 44, 45, 100_000])
def test_long_keys_are_cut_in_the_middle(length: int) -> None:
    key = ("start" + "x" * length)[: length - 4] + ".jpg" if length > 9 else "k" * length
    cut = shown(key, 44)
    assert len(cut) <= 44
    assert cut == key if length <= 44 else cut.startswith("start") and cut.endswith(".jpg") and "…" in cut
    assert "".join(pieces(cut)) == cut


def test_an_unfinished_run_says_so_loudly(tmp_path: Path, page: str) -> None:
    assert "not complete" not in page
    assert "This run is not complete" in write_run(tmp_path / "out", rows(30), status="failed")


def test_a_row_too_few_is_said(tmp_path: Path) -> None:
    write_run(tmp_path / "out", rows(30))
    manifest = tmp_path / "out/run.json"
    manifest.write_text(manifest.read_text().replace('"images": 30', '"images": 31'))
    assert "Figures disagree" in Path(write_report(str(tmp_path / "out"), STAGES)).read_text()


def test_sensitive_thumbnails_are_veiled_wherever_they_are_shown(tmp_path: Path) -> None:
    signals = rows(100)
    explicit = signals[0] | {"nsfw.score": 0.99, "dropped_by": "nsfw", "reason": "explicit", "key": "explicit.jpg"}
    copy = signals[9] | {"duplicate_of": "explicit.jpg", "copies.distance": 8.0, "key": "explicit_copy.jpg"}
    written = write_run(tmp_path / "out", [explicit, copy, *signals[10:]])
    tiles = re.findall(r'<figure class="tile([^"]*)"[^>]*title="(explicit[^"]*)', written)
    assert {title.split()[0] for _, title in tiles} == {"explicit.jpg", "explicit_copy.jpg"}
    assert all("veil" in classes for classes, _ in tiles)
    section = written[written.index('id="stage-nsfw"') : written.index('id="stage-light"')]
    assert section.count('class="tile veil"') == section.count("<figure") > 8


def test_images_without_a_thumbnail_get_an_empty_tile(tmp_path: Path) -> None:
    written = write_run(tmp_path / "out", rows(100), jpegs=False)
    assert "<img" not in written
    assert "no thumbnail" in written


def test_a_run_of_no_images_can_be_drawn(tmp_path: Path) -> None:
    written = write_run(tmp_path / "out", [])
    assert "No image reached this stage." in written
    assert "No image has it." in written
    assert 'class="plot"' not in written


def test_only_wanted_thumbnails_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"key": ["a", "b", "c"], "jpeg": [b"1", b"2", None]}), tmp_path / "thumbnails.parquet")
    assert read_thumbnails(str(tmp_path), {"a", "c"}) == {"a": b"1"}


def test_a_thumbnail_is_small_and_upright() -> None:
    path = sorted(DEMO.rglob("*.jpg"))[0]
    data = thumbnail(Image(path.read_bytes()))
    small, original = PIL.Image.open(io.BytesIO(data)), Image(path.read_bytes())
    assert small.format == "JPEG"
    assert max(small.size) == 160
    assert small.width / small.height == pytest.approx(original.width / original.height, rel=0.02)
    assert len(data) < 15_000


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (1, 3, "33.3 %"),
        (1, 10**6, "< 0.1 %"),
        (999_999, 10**6, "> 99.9 %"),
        (0, 0, "0 %"),
    ],
)
def test_shares(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


def test_every_image_is_drawn_and_one_image_can_be_seen() -> None:
    values = np.concatenate([np.full(100_000, 0.3), [0.9], np.linspace(0, 1, 40)])
    dropped = values > 0.8
    drawn = plot(Histogram.of(0.0, 1.0, values, dropped))
    assert drawn.logarithmic
    assert all(bar.passed + bar.dropped >= 4 for bar in drawn.bars)
    assert all(bar.passed <= drawn.axis - drawn.top + 1e-6 for bar in drawn.bars)
    assert all(bar.dropped <= drawn.bottom - drawn.axis + 1e-6 for bar in drawn.bars)
    counts = [re.findall(r": ([\d,]+) passed, ([\d,]+) dropped", bar.title)[0] for bar in drawn.bars]
    assert sum(int(a.replace(",", "")) for a, _ in counts) == (~dropped).sum()
    assert sum(int(b) for _, b in counts) == dropped.sum()


def test_one_image_can_be_seen_on_a_linear_scale() -> None:
    values = np.array([0.3] * 50 + [0.7])
    drawn = plot(Histogram.of(0.0, 1.0, values, np.zeros(51, bool)))
    assert not drawn.logarithmic
    assert [bar.passed for bar in drawn.bars] == [150, 4]


def test_values_beyond_the_axis_are_marked() -> None:
    drawn = plot(Histogram.of(0.0, 1.0, np.array([-3.0, 0.5, 7.0]), np.zeros(3, bool)))
    assert (drawn.across[0].text, drawn.across[-1].text) == ("≤ 0", "≥ 1")
