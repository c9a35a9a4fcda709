"""Statistics of annotated outputs: against brute force, and summed in any order and any cut."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import add
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.prompt import stored_schema
from annotate.signals import PROBLEMS, columns
from curation.annotation import vocabulary
from curation.annotation.samples import LENGTH, LIMITS, REJECTED, STRING
from curation.annotation.statistics import COLUMNS, STYLES, Statistics, empty, statistics_of_run, wanted
from curation.parts import REJECT_COLUMNS, Part, parts
from curation.shards.schema import signals_schema
from tests.curation.annotation.made import Item, annotation, item, rejected, unreadable, write_output

relaxed = settings(deadline=None, max_examples=40)

texts = st.lists(
    st.tuples(st.sampled_from(["EXIT", "出口", "出口 EXIT", "12", "Sortie"]), st.sampled_from(vocabulary.LANGUAGES)),
    max_size=4,
)
shares = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))


def part_of(items: list[Item], number: int = 0) -> Part:
    """The part that an output of these images would hold."""
    kept = [made for made in items if made["dropped_by"] is None]
    lost = [made | {"stage": made["dropped_by"]} for made in items if made["dropped_by"] is not None]
    return Part(
        number,
        pa.Table.from_pylist(items, signals_schema(columns())),
        [{name: {**made, **made["extra"]}[name] for name in COLUMNS} for made in kept],
        pa.Table.from_pylist(lost, pa.schema([(name, pa.string()) for name in REJECT_COLUMNS])),
    )


@st.composite
def outputs(draw: st.DrawFn) -> list[Item]:
    """Images of every fate, with keys of their own."""
    made: list[Item] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from("aaaarru"), max_size=40))):
        key = f"{draw(st.sampled_from('xyz'))}{number}.jpg"
        if kind == "u":
            made.append(unreadable(key, draw(st.sampled_from(["Truncated", "Empty"]))))
        elif kind == "r":
            made.append(rejected(key, draw(st.sampled_from(list(PROBLEMS))), draw(st.sampled_from([None, "{", "no"]))))
        else:
            made.append(draw(annotated(key)))
    return made


@st.composite
def annotated(draw: st.DrawFn, key: str) -> Item:
    signals = {"caption_tokens": float(draw(st.integers(1, 600))), "replies": draw(st.sampled_from([1, 1, 2]))}
    signals |= {"text_confirmed": draw(shares), "text_covered": draw(shares)}
    signals |= {"watermark_agrees": draw(st.sampled_from([None, 0.0, 1.0]))}
    if signals["replies"] == 2:
        signals[draw(st.sampled_from(list(PROBLEMS)))] = 1
    changes: dict[str, Any] = {
        "image_type": draw(st.sampled_from([*vocabulary.IMAGE_TYPES, "etching"])),
        "image_style": draw(st.sampled_from(["Oil painting", "oil  painting", "photo", ""])),
        "domain": draw(st.sampled_from([*vocabulary.DOMAINS, "Synthetic/pure", "Space"])),
        "text": [{"content": content, "language": language} for content, language in draw(texts)],
        "watermarks": draw(st.sampled_from([[], ["© A"]])),
    }
    fused = draw(st.sampled_from([{}, {"fused_caption": "Both."}]))
    return item(key, draw(st.sampled_from([None, "raw"])), signals, **changes, **fused)


def values(items: list[Item], signal: str) -> list[float]:
    return [made[f"annotate.{signal}"] for made in items if made.get(f"annotate.{signal}") is not None]


@relaxed
@given(outputs())
def test_figures_equal_brute_force(items: list[Item]) -> None:
    statistics = Statistics.of(part_of(items))
    kept = [made for made in items if made["dropped_by"] is None]
    read = [made for made in items if made["dropped_by"] != "decode"]
    said = [json.loads(made["annotation"]) for made in kept]
    assert (statistics.total, statistics.asked, statistics.annotated) == (len(items), len(read), len(kept))
    assert statistics.first == values(kept, "replies").count(1)
    assert statistics.retried == values(read, "replies").count(2)
    for code, problem in statistics.problems.items():
        assert problem.replies == sum(values(items, code))
        assert (problem.annotated, problem.rejected) == tuple(
            sum(value > 0 for value in values(some, code)) for some in (kept, [m for m in read if m not in kept])
        )
    assert statistics.tokens == {n: sum(values(read, n)) for n in ("prompt_tokens", "completion_tokens")}
    assert statistics.captions == {
        name: sum(made["extra"][f"caption_{name}"] is not None for made in kept)
        for name in ("raw", "recaption", "fused")
    }
    assert statistics.types == Counter(s["image_type"].replace("etching", "other") for s in said)
    odd = {"Synthetic/pure": "Synthetic/other", "Space": "other/other"}
    assert statistics.domains == Counter(odd.get(s["domain"], s["domain"]) for s in said)
    assert statistics.languages == Counter(text["language"] for s in said for text in s["text"])
    assert statistics.language_images == Counter(c for s in said for c in {text["language"] for text in s["text"]})
    for counts in (statistics.types, statistics.domains, statistics.strings, statistics.splits):
        assert sum(counts.values()) == len(kept)
    assert sum(statistics.watermarks.values()) == len(kept)
    assert statistics.lengths.count == len(kept)
    assert sum(cause.count for cause in statistics.causes.values()) == len(items) - len(kept)


def renumbered(statistics: Statistics, starts: list[int]) -> Statistics:
    """With (part, row) as they are when all parts are one."""

    def moved(shown):  # type: ignore[no-untyped-def]
        return replace(shown, part=0, row=starts[shown.part] + shown.row)

    return replace(
        statistics,
        samples={kind: tuple(map(moved, samples)) for kind, samples in statistics.samples.items()},
        causes={
            at: replace(cause, examples=tuple(map(moved, cause.examples))) for at, cause in statistics.causes.items()
        },
    )


@relaxed
@given(outputs(), st.lists(st.integers(0, 40), max_size=4), st.randoms())
def test_parts_merge_to_the_whole_in_any_order(items: list[Item], cuts: list[int], random: Any) -> None:
    borders = [0, *sorted(min(cut, len(items)) for cut in cuts), len(items)]
    pieces = [Statistics.of(part_of(items[start:end], n)) for n, (start, end) in enumerate(pairwise(borders))]
    random.shuffle(pieces)
    assert renumbered(reduce(add, pieces), borders) == Statistics.of(part_of(items))


@relaxed
@given(outputs())
def test_nothing_added_changes_nothing(items: list[Item]) -> None:
    statistics = Statistics.of(part_of(items))
    assert statistics + empty() == empty() + statistics == statistics


def test_made_annotations_are_such_as_are_stored() -> None:
    jsonschema.validate(annotation(text=[{"content": "EXIT", "language": "en"}]), stored_schema())


def test_samples_are_the_extremes_and_bounded() -> None:
    items = [
        item(f"{n:03d}.jpg", signals={"caption_tokens": n + 1.0, "text_confirmed": min(1.0, n / 10), "replies": 1})
        for n in range(100)
    ]
    samples = Statistics.of(part_of(items)).samples
    assert {kind: len(found) for kind, found in samples.items()} == {
        **LIMITS,
        **dict.fromkeys(("overlooked", "model_only", "filter_only", "retried"), 0),
    }
    assert [s.tokens for s in samples["shortest"]] == [1, 2, 3, 4]
    assert [s.tokens for s in samples["longest"]] == [100, 99, 98, 97]
    assert [s.confirmed for s in samples["unconfirmed"]] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert len({s.key for s in samples["spread"]}) == 12
    assert [s.key for s in samples["spread"]] != sorted(s.key for s in samples["spread"])


def test_the_spread_does_not_depend_on_what_was_measured() -> None:
    keys = [f"{n}.jpg" for n in range(50)]
    one = Statistics.of(part_of([item(key) for key in keys])).samples["spread"]
    other = Statistics.of(part_of([item(key, signals={"caption_tokens": 9.0}) for key in keys])).samples["spread"]
    assert [s.key for s in one] == [s.key for s in other]


def test_confirmed_text_is_no_sample_of_disagreement() -> None:
    items = [item("a", signals={"text_confirmed": 1.0, "text_covered": 1.0}), item("b")]
    samples = Statistics.of(part_of(items)).samples
    assert samples["unconfirmed"] == samples["overlooked"] == ()


@pytest.mark.parametrize(
    ("listed", "agrees", "kind", "cell"),
    [
        (["©"], 1.0, None, (True, True)),
        (["©"], 0.0, "model_only", (True, False)),
        ([], 0.0, "filter_only", (False, True)),
        ([], 1.0, None, (False, False)),
        (["©"], None, None, (True, None)),
    ],
)
def test_watermarks_against_the_filter(listed: list[str], agrees: float | None, kind: str | None, cell: Any) -> None:
    signals: dict[str, Any] = {"watermark_agrees": agrees}
    statistics = Statistics.of(part_of([item("a", signals=signals, watermarks=listed)]))
    assert statistics.watermarks == {cell: 1}
    found = {name for name in ("model_only", "filter_only") if statistics.samples[name]}
    assert found == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("quoted", "split"),
    [
        ([], "no text"),
        ([("EXIT", "en")], "English"),
        ([("EXIT", "en"), ("安全出口在左边", "zh")], "Chinese"),
        ([("EXIT", "en"), ("安全出口", "zh")], "English"),
        ([("1984", "und")], "other language"),
        ([("Sortie", "fr"), ("EXIT", "en")], "other language"),
    ],
)
def test_splits(quoted: list[tuple[str, str]], split: str) -> None:
    assert vocabulary.split(quoted) == split


def test_long_texts_are_clipped_in_samples() -> None:
    long = item("a", "r" * 10_000, caption="c" * 10_000, text=[{"content": "t" * 10_000, "language": "en"}] * 99)
    statistics = Statistics.of(part_of([long, rejected("b", reply="z" * 10_000)]))
    (sample,) = statistics.samples["spread"]
    assert (len(sample.caption), len(sample.raw or "")) == (LENGTH, LENGTH)
    assert len(sample.fields.texts) < 99
    assert all(len(content) == STRING for content, _ in sample.fields.texts)
    (reject,) = statistics.causes["annotate", "refusal"].examples
    assert len(reject.reply or "") == LENGTH


def test_rejects_shown_are_few_and_know_their_row() -> None:
    items = [item("a"), *(rejected(f"r{n}") for n in range(9)), rejected("other", "ItemError", None)]
    statistics = Statistics.of(part_of(items, 4))
    cause = statistics.causes["annotate", "refusal"]
    assert (cause.count, len(cause.examples)) == (9, REJECTED)
    for reject in cause.examples:
        assert reject.row is not None
        assert items[reject.row]["key"] == reject.key
        assert (4, reject.row, reject.key) in wanted(statistics)


def test_styles_are_counted_on_a_bounded_sample_of_images() -> None:
    items = [item(f"{n}", image_style="Rare" if n % 10 == 0 else "common") for n in range(STYLES + 1000)]
    whole = Statistics.of(part_of(items))
    assert len(whole.styles) == STYLES
    rare = sum(style == "rare" for _, style in whole.styles) / STYLES
    assert rare == pytest.approx(0.1, abs=0.02)
    halves = Statistics.of(part_of(items[:1300])) + Statistics.of(part_of(items[1300:]))
    assert halves.styles == whole.styles


def test_an_image_dropped_by_another_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="dropped by blur"):
        Statistics.of(part_of([rejected("a") | {"dropped_by": "blur"}]))


@pytest.fixture
def items() -> list[list[Item]]:
    first = [item("a.jpg", "raw"), rejected("b.jpg"), unreadable("c.jpg"), item("d/ö.v2.jpg", text=[])]
    return [first, [], [item("e.jpg", fused_caption="Both."), item("f.jpg")]]


@pytest.mark.parametrize("format", ["parquet", "webdataset"])
def test_an_output_is_summed_over_its_parts(tmp_path: Path, items: list[list[Item]], format: str) -> None:
    out = str(write_output(tmp_path, items, format))
    expected = reduce(add, (Statistics.of(part_of(made, number)) for number, made in enumerate(items)))
    assert statistics_of_run(out) == expected
    assert [len(part.rows) for part in parts(out, columns(), COLUMNS)] == [2, 0, 2]


def test_wanted_names_each_image_once_by_its_place(tmp_path: Path, items: list[list[Item]]) -> None:
    out = write_output(tmp_path, items)
    places = wanted(statistics_of_run(str(out)))
    assert {key for _, _, key in places} == {"a.jpg", "b.jpg", "d/ö.v2.jpg", "e.jpg", "f.jpg"}
    assert len(places) == len(set(places))
    for part, row, key in places:
        assert pq.read_table(out / f"signals/part-{part:06d}.parquet")["key"][row].as_py() == key


def test_a_folder_without_parts_has_empty_statistics(tmp_path: Path) -> None:
    assert statistics_of_run(str(tmp_path)) == empty()
