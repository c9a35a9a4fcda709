"""The page on annotations: self-contained, safe against hostile captions and replies, the same twice, bounded."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from curation.annotation.report import THUMBNAIL_SIDE, classes, percent, quoted, write_report
from curation.annotation.statistics import Statistics, statistics_of_run, wanted
from curation.dispatch import write_report as write_any_report
from curation.report import share
from curation.shards import write
from curation.shards.plan import make_plan
from curation.thumbnails import SCHEMA, collect
from tests.curation.annotation.made import PIXELS, Item, item, jpeg, rejected, unreadable, write_output
from tests.curation.annotation.test_statistics import part_of
from tests.curation.test_report import HOSTILE, Page

PEOPLE = "People/portrait"


def items(count: int) -> list[Item]:
    """Each tenth rejected, each fifteenth unreadable, each seventh annotated after another reply."""
    seeded = random.Random(0)
    made: list[Item] = []
    for number in range(count):
        key = f"image{number:06d}.jpg"
        if number % 15 == 14:
            made.append(unreadable(key))
        elif number % 10 == 9:
            made.append(rejected(key, reply=f'{{"caption": "Sorry {number % 7}"'))
        else:
            signals = {"caption_tokens": seeded.randint(20, 300), "watermark_agrees": float(number % 8 > 0)}
            signals |= {"replies": 2, "loop": 1} if number % 7 == 3 else {}
            text = [{"content": "EXIT", "language": "en"}] if number % 4 == 0 else []
            signals |= {"text_confirmed": seeded.random(), "text_covered": 1.0} if text else {}
            caption = 'A door with a sign that reads "EXIT".' if text else "A door."
            domain = PEOPLE if number % 5 == 0 else "Nature/indoor"
            made.append(item(key, "a door", signals, caption=caption, text=text, domain=domain))
    return made


def draw(out: Path, made: list[Item], jpegs: bool = True) -> str:
    """The page of an output of these images, 500 a part."""
    write_output(out, [made[start : start + 500] for start in range(0, len(made), 500)])
    if jpegs:
        shown = [{"key": key, "jpeg": PIXELS} for _, _, key in wanted(statistics_of_run(str(out)))]
        write.table(str(out / "thumbnails.parquet"), shown, SCHEMA)
    return Path(write_report(str(out))).read_text()


def text_of(page: str) -> str:
    return " ".join(Page(page).text.split())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return draw(tmp_path_factory.mktemp("annotated"), items(600))


def test_nothing_is_loaded(page: str) -> None:
    references = [(tag, name, value) for tag, name, value in Page(page).attributes if name in ("href", "src", "srcset")]
    assert len(references) > 30
    assert all(value.startswith(("#", "data:image/jpeg;base64,")) or value == "data:," for _, _, value in references)
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatch"}
    assert not {"http:", "https:", "@import"} & set(re.findall(r"https?:|@import", page))
    assert "default-src 'none'" in page


def test_anchors_lead_somewhere(page: str) -> None:
    attributes = Page(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in attributes if name == "href" and value.startswith("#")} <= set(ids)


def test_figures_of_the_output_are_on_the_page(page: str) -> None:
    text, made = text_of(page), items(600)
    kept = [one for one in made if one["dropped_by"] is None]
    first = sum(one["annotate.replies"] == 1 for one in kept)
    read = sum(one["dropped_by"] != "decode" for one in made)
    people = sum(json.loads(one["annotation"])["domain"] == PEOPLE for one in kept)
    assert f"images read600 annotated{len(kept)} valid at the first reply{share(first, read)}" in text
    assert f"rejected{read - len(kept)} unreadable{600 - read}" in text
    points = f"{100 * people / len(kept) - 13:+.1f}".replace("-", "−")
    assert f"People {people}{share(people, len(kept))} 13 % {points}" in text
    assert f"raw {len(kept)}100 % recaption {len(kept)}100 % fused 00 %" in text
    assert "Qwen/Qwen2.5-VL-7B-Instruct" in text
    assert "12ab12ab" in text


def test_samples_show_caption_and_quoted_text(page: str) -> None:
    samples = page[page.index('id="samples"') : page.index('id="replies"')]
    assert samples.count('<article class="card">') == samples.count("<img") == 12
    assert "<mark>&#34;EXIT&#34;</mark>" in samples
    assert '<bdi lang="en">EXIT</bdi>' in samples
    assert "a door" in samples  # the raw caption
    assert "asked again: loop" in page


def test_rejects_show_the_raw_reply(page: str) -> None:
    rejects = page[page.index('id="rejects"') :]
    assert re.search(r'<pre dir="auto" tabindex="0">\{&#34;caption&#34;: &#34;Sorry \d&#34;</pre>', rejects)
    assert rejects.count("<article") == 3  # one cause of rejection, and unreadable ones have no reply to show


def test_times_hosts_and_endpoints_are_not(page: str) -> None:
    assert "2020-01-02" not in page
    assert "machine-7" not in page


def test_drawn_again_by_the_command_it_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    first = draw(tmp_path / "out", items(60))
    assert Path(write_any_report(str(tmp_path / "out"))).read_text() == first


def test_a_tar_output_is_drawn_alike(tmp_path: Path) -> None:
    pages = []
    for format in ("parquet", "webdataset"):
        write_output(tmp_path / format, [items(60)], format)
        pages.append(Path(write_report(str(tmp_path / format))).read_text())
    assert pages[0] == pages[1]


def test_its_size_does_not_depend_on_rows(page: str, tmp_path: Path) -> None:
    assert len(draw(tmp_path / "many", items(3000))) < 1.1 * len(page)


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "\u202e\u2066gnp\u200f\x1b[31m\x00" * 20, '"<b>' * 2500, "字" * 10_000, "\n" * 9999]
)
def test_hostile_text_stays_text(tmp_path: Path, page: str, hostile: str) -> None:
    """In captions, every field that is shown, replies, messages, error classes, keys and sources."""
    changes: dict[str, Any] = dict.fromkeys(("caption", "fused_caption", "image_style"), hostile)
    changes |= {"image_type": hostile, "domain": hostile, "watermarks": [hostile]}
    changes |= {"text": [{"content": hostile, "language": hostile}] * 3}
    signals = {"text_confirmed": 0.0, "text_covered": 0.5, "watermark_agrees": 0.0, "replies": 2}
    name = hostile[:200].replace("\x00", "")
    made = [item(f"{n}{name}", hostile, signals, **changes) for n in range(13)]
    made += [rejected(f"r{n}{name}", name, hostile, hostile) for n in range(4)] + [
        unreadable(f"u{name}", name, hostile)
    ]
    written = draw(tmp_path / "out", [one | {"source": hostile} for one in made])
    parsed = Page(written)
    assert not set(parsed.tags) - set(Page(page).tags) - {"details", "summary"}
    assert not [attribute for _, attribute, _ in parsed.attributes if attribute.startswith("on")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00\x1b]", written)
    assert len(written) < 2_000_000
    if hostile == HOSTILE:
        assert "<script>" in parsed.text  # shown, as text
        assert "{{ 7 * 7 }}" in parsed.text


def test_an_unfinished_job_says_so_loudly(tmp_path: Path, page: str) -> None:
    assert "not complete" not in page
    draw(tmp_path, items(30))
    run = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(run | {"status": "failed", "error": "EngineGone: nobody answers"}))
    assert "This run is not complete: its status is “failed”. EngineGone" in text_of(
        Path(write_report(str(tmp_path))).read_text()
    )


def test_an_output_of_no_images_can_be_drawn(tmp_path: Path) -> None:
    written = draw(tmp_path, [])
    assert "No image was annotated." in written
    assert 'class="plot"' not in written


def test_an_engine_that_writes_no_tokens_shows_none(tmp_path: Path, page: str) -> None:
    made = [item("a.jpg", signals={"prompt_tokens": None, "completion_tokens": None})]  # type: ignore[dict-item]
    assert "annotate.prompt_tokens" in page
    assert "annotate.prompt_tokens" not in draw(tmp_path, made)


def test_images_without_a_thumbnail_get_an_empty_tile(tmp_path: Path) -> None:
    written = draw(tmp_path, items(40), jpegs=False)
    assert "<img" not in written
    assert "no thumbnail" in written


def test_thumbnails_are_collected_from_the_input(tmp_path: Path) -> None:
    """The rows that `wanted` names are those of the input's units."""
    (tmp_path / "photos").mkdir()
    for number in range(3):
        (tmp_path / f"photos/{number}.jpg").write_bytes(jpeg(600, 300 + number))
    plan = make_plan(str(tmp_path / "photos"))
    out = write_output(tmp_path / "out", [[item(f"{number}.jpg") for number in range(3)]])
    collect(str(out), plan.units, wanted(statistics_of_run(str(out))), THUMBNAIL_SIDE)
    shown = pq.read_table(out / "thumbnails.parquet").to_pylist()
    assert [row["key"] for row in shown] == ["0.jpg", "1.jpg", "2.jpg"]
    assert Path(write_report(str(out))).read_text().count("<img") >= 3


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('It says "EXIT" here', ['"EXIT"']),
        ("牌子上写着“出口”和「非常口」", ["“出口”", "「非常口」"]),
        ('5" and no more', []),
        ('"a" "b"', ['"a"', '"b"']),
        ('over\n"two\nlines"', []),
    ],
)
def test_quotations_are_marked(text: str, marked: list[str]) -> None:
    pieces = quoted(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_quoted in pieces if is_quoted] == marked


def test_domains_against_their_targets() -> None:
    domains = ["Nature/food"] * 3 + ["Design/slides", "Synthetic/pure"] + ["Space/rocket"] * 5
    made = [item(f"{number}", domain=domain) for number, domain in enumerate(domains)]
    found = {one.name: one for one in classes(Statistics.of(part_of(made)))}
    assert list(found) == ["Nature", "Design", "People", "Synthetic", "other"]
    assert (found["Nature"].count, found["Nature"].share, found["Nature"].difference) == (3, 0.3, "−25.0")
    assert (found["Synthetic"].difference, found["People"].difference) == ("+5.0", "−13.0")
    assert found["other"].target is None
    assert sum(one.count for one in found.values()) == len(domains)


@pytest.mark.parametrize(("part", "text"), [(0, "0 %"), (1, "100 %"), (0.001, "1 %"), (0.999, "99 %"), (0.5, "50 %")])
def test_percent(part: float, text: str) -> None:
    assert percent(part) == text
