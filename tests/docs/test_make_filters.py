"""Pages say what the filters say: defaults, signals, verdicts. Those that are committed are not stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import PIL.Image
import pytest

from bench.accuracy.results import Figure, Result, Row, read, save
from curation.recipe import load
from docs.filter_pages import accuracy, cost, main, prose
from docs.filter_pages.exhibit import Judged, judge
from docs.filter_pages.options import plain
from docs.filter_pages.strip import HARD, LARGEST, WIDTH, numbers, wrapped
from filters.base import figure
from filters.image import Image
from filters.registry import DEFAULT, FILTERS

FOLDER = Path(__file__).parents[2] / "docs/filters"
CHEAP = ("entropy", "blur", "exposure", "resolution", "rotation", "saturation", "texture", "compression", "caption")
"""Filters without a network, whose committed pages are measured anew."""

MADE = ("entropy", "rotation", "caption")
"""Those whose pages are made here, with all they are made of."""

DROPPING = set(FILTERS) - {"nsfw", "text_accuracy", "language", "category", "alignment", "aesthetic"}
"""Filters whose pages show something that is dropped at the defaults."""

SHARES = Result(
    images=40,
    sources=10,
    rows=(Row("one colour", "clear", 8, 10, 0.49, 0.94), Row("as it is", "clean", 0, 10, 0.0, 0.28)),
    figures=(Figure("recall", 0.8, 0.5, 0.9, "≥ 0.95", False), Figure("AUC", 0.99, 0.98, 1.0)),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pages")
    save({"entropy": SHARES}, folder / "figures.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost, "COUNT", 2)
        line = ["--only", *MADE, "--accuracy", str(folder / "figures.json"), "--output", str(folder)]
        assert main.main(line) == 0
        yield folder


def section(page: str, heading: str) -> str:
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def lines(table: str) -> list[list[str]]:
    """The cells of a table's lines below its head."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in re.findall(r"^\|.*\|$", table, re.MULTILINE)[2:]
    ]


def shown(page: str) -> list[list[str]]:
    """The lines of the first table, that of the pictures, without what they are called."""
    return [line[1:] for line in lines(re.search(r"(^\|.*\|\n)+", page, re.MULTILINE)[0])]  # type: ignore[index]


def measured(name: str) -> list[Judged]:
    filter = FILTERS[name]()
    return [judged for row in main.rows(name) for judged in judge(filter, row)]


def agree(cell: str, value: float) -> bool:
    """Whether a page shows this value; processors may differ in the last digit."""
    return cell == "none" if value != value else float(cell) == pytest.approx(value, rel=0.01, abs=1e-3)


def check_facts(name: str, page: str) -> None:
    """Defaults, signals and limits of a page against the filter."""
    filter = FILTERS[name]()
    yaml = re.search(r"```yaml\n(.*?)```", section(page, "In a recipe"), re.DOTALL)
    assert yaml is not None
    assert load(yaml[1], "in", "out", []).stages == (filter,)
    for field in fields(filter):
        assert f"\n      {field.name}: " in yaml[1]
    signals = [line[0] for line in lines(section(page, "Signals"))]
    assert signals == [f"`{name}.{signal.name}`" for signal in filter.signals]
    assert [line[1] for line in lines(section(page, "Limits"))] == [limit.why for limit in filter.limits]


@pytest.mark.parametrize("name", MADE)
def test_a_page_says_what_the_filter_says(made: Path, name: str) -> None:
    page = (made / f"{name}.md").read_text()
    check_facts(name, page)
    found = measured(name)
    assert len(shown(page)) == len(found)
    for line, judged in zip(shown(page), found, strict=True):
        filter = FILTERS[name]()
        assert line[:-1] == [
            "none" if value != value else figure(value)
            for value in (judged.signals[signal.name] for signal in filter.signals)
        ]
        reason = filter.verdict(filter.measure(judged.exhibit.image()))
        assert line[-1] == ("kept" if reason is None else f"dropped: {reason}")
    assert re.search(r"\*\*\d+\.\d+ ms\*\* of CPU", section(page, "Cost"))


def test_pages_are_the_same_each_time(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    results = made / "figures.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost, "COUNT", 2)
        assert main.main(["--only", "entropy", "--accuracy", str(results), "--output", str(again)]) == 0
    assert (again / "entropy.jpg").read_bytes() == (made / "entropy.jpg").read_bytes()
    one, other = (re.sub(r"[\d.]+(?= ms)", "", (f / "entropy.md").read_text()) for f in (made, again))
    assert one == other
    assert [line[0] for line in lines((again / "README.md").read_text())] == ["[`entropy`](entropy.md)"]


def test_the_figures_of_the_bench_stand_on_the_page(made: Path) -> None:
    page = (made / "entropy.md").read_text()
    figures = section(page, "Accuracy")
    assert ["recall", "0.80 [0.50, 0.90]", "≥ 0.95: missed"] in lines(figures)
    assert "| one colour | to be found | 8 of 10 | 0.800 [0.490, 0.940] |" in figures
    assert "of “one colour” 8 of 10 are found" in section(page, "Known limits")
    assert "as it is” 0 of 10" not in page
    assert "Default 0.7, in the gap" in section(page, "How it works")  # what its author measured is not lost


def test_without_figures_the_docstring_tells_of_the_accuracy(made: Path) -> None:
    page = (made / "caption.md").read_text()
    assert "114 of the 117 refusals" in section(page, "Accuracy")
    assert "114 of the 117 refusals" not in section(page, "How it works")
    assert not (made / "caption.jpg").exists()


def test_only_what_needs_pixels_is_said_to(made: Path) -> None:
    needing = {name: "shared: decoding" in section((made / f"{name}.md").read_text(), "Cost") for name in MADE}
    assert needing == {"entropy": True, "rotation": False, "caption": False}
    assert "The pixels are not needed" in section((made / "rotation.md").read_text(), "Cost")


def test_strips_are_small_and_whole(made: Path) -> None:
    with PIL.Image.open(made / "entropy.jpg") as strip:
        assert strip.width == WIDTH
        assert strip.height > 400
        edge = strip.convert("L").crop((0, strip.height - 8, WIDTH, strip.height))
    assert min(edge.tobytes()) > 200  # nothing is cut off below
    assert (made / "entropy.jpg").stat().st_size <= LARGEST


def test_labels_break_between_numbers_and_fit() -> None:
    signals = dict.fromkeys((limit.signal for limit in FILTERS["exposure"].limits), 0.123456)
    text = numbers(FILTERS["exposure"](), signals)
    broken = wrapped(text, 200)
    assert len(broken) > 1
    assert not any(line.startswith("·") or line.endswith("·") or HARD in line for line in broken)
    assert " ".join(broken).replace(" ·", "").split() == text.replace("·", "").split()


@pytest.mark.parametrize("name", FILTERS)
def test_no_word_of_a_docstring_is_lost(name: str) -> None:
    said = prose.read(FILTERS[name])
    texts = (said.purpose, *said.how, *said.limits, *said.cost, *said.source, *said.raises)
    words = {word.lower() for text in texts for word in text.split()}
    module, own = prose.module_of(FILTERS[name]).__doc__, FILTERS[name].__doc__
    labels = {"source:", "cost:"}
    assert {word.lower() for word in f"{module} {own}".split()} - labels == words - labels


def test_every_filter_has_a_page_that_agrees_with_the_code() -> None:
    index = (FOLDER / "README.md").read_text()
    assert [line[0] for line in lines(index)] == [f"[`{name}`]({name}.md)" for name in FILTERS]
    for name, line in zip(FILTERS, lines(index), strict=True):
        check_facts(name, (FOLDER / f"{name}.md").read_text())
        assert line[2] == ", ".join(f"`{signal.name}`" for signal in FILTERS[name].signals)
        assert all(f"`{field.name} {plain(field.default)}`" in line[3] for field in fields(FILTERS[name]))


def test_committed_pages_hold_the_docstrings_and_the_saved_figures() -> None:
    results = read(main.ACCURACY) if main.ACCURACY.exists() else {}
    assert set(results) <= set(FILTERS)
    for name in FILTERS:
        page, said = (FOLDER / f"{name}.md").read_text(), prose.read(FILTERS[name])
        for text in (said.purpose, *said.how, *said.limits, *said.cost, *said.source, *said.raises):
            assert text in page, name
        for text in accuracy.section(results[name]) if name in results else ():
            assert text in page, name


def test_pages_show_what_is_dropped_and_are_small() -> None:
    for name in FILTERS:
        page = (FOLDER / f"{name}.md").read_text()
        assert ("| dropped: " in page) == (name in DROPPING), name
        if f"({name}.jpg)" in page:
            assert Image((FOLDER / f"{name}.jpg").read_bytes()).width == WIDTH
    assert all(f"({name}.jpg)" in (FOLDER / f"{name}.md").read_text() for name in DEFAULT)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


@pytest.mark.parametrize("name", CHEAP)
def test_committed_pages_hold_what_is_measured_today(name: str) -> None:
    page, filter = (FOLDER / f"{name}.md").read_text(), FILTERS[name]()
    for line, judged in zip(shown(page), measured(name), strict=True):
        assert line[-1].startswith("kept") == (judged.reason is None)
        for cell, signal in zip(line[:-1], filter.signals, strict=True):
            assert agree(cell, judged.signals[signal.name]), (name, line)
