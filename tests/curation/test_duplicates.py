"""The groups of duplicates over several units: cropped and mirrored copies are named with the image that is kept."""

from __future__ import annotations

import io
from pathlib import Path

import apache_beam as beam
import numpy as np
import PIL.Image
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from curation import fingerprints
from curation.assess import Candidate, Outcome
from curation.duplicates import GroupDuplicates, group, is_leader, match_equal, match_near, seen, to_bands
from curation.fingerprints import Fingerprints
from curation.shards.schema import Row
from filters.dedup import Dedup
from filters.image import Image
from filters.views import VIEWS

DEMO = Path(__file__).parents[2] / "demo/images"
DEDUP = Dedup()


def jpeg(pixels: np.ndarray, quality: int) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(pixels)).save(file, "JPEG", quality=quality)
    return file.getvalue()


def saved(work: Path) -> list[tuple[bytes, tuple[int, int, bytes]]]:
    """Two units of a wren, a church and their copies; what the first pass yields of them."""
    wren, church = (
        Image((DEMO / name).read_bytes()).rgb(640)
        for name in ("nature/budgie_canyon_wren.jpg", "places/budgie_beacon_street_sunset.jpg")
    )
    height, width = wren.shape[:2]
    middle = wren[height // 25 : -height // 25, width // 25 : -width // 25]
    units = [
        {"wren": jpeg(wren, 95), "church": jpeg(church, 95)},
        {"middle": jpeg(middle, 80), "mirrored": jpeg(wren[:, ::-1], 70), "again": jpeg(church, 60)},
    ]
    for number, unit in enumerate(units):
        candidates = [
            Candidate(Row(key, "test"), Outcome(key, "test"), note=DEDUP.fingerprint(Image(data)))
            for key, data in unit.items()
        ]
        fingerprints.save(str(work), number, candidates)
    return [
        (group(DEDUP, image), seen((number, row), image))
        for number in range(len(units))
        for row, image in Fingerprints.load(str(work), number).alive()
    ]


def test_copies_of_any_view_are_named_with_what_is_kept(tmp_path: Path) -> None:
    found = saved(tmp_path)

    def named(drop: tuple[int, tuple[int, str, int, str]]) -> tuple[int, int, str]:
        return drop[0], drop[1][0], drop[1][1]

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        drops = pipeline | beam.Create(found) | GroupDuplicates(DEDUP, str(tmp_path), len(found)) | beam.Map(named)
        assert_that(drops, equal_to([(1, 0, "wren"), (1, 1, "wren"), (1, 2, "church")]))


def test_a_pair_is_given_in_its_nearest_views_only(tmp_path: Path) -> None:
    work = str(tmp_path)
    leaders = []
    for key, image in saved(tmp_path):
        leaders += [item for item in match_equal((key, [image]), DEDUP, work) if is_leader(item)]
    bands: dict[bytes, list[tuple[bytes, tuple[int, int], int]]] = {}
    for leader in leaders:
        assert len(leader[0]) == 8 * len(VIEWS)
        for key, record in to_bands(leader, DEDUP.max_distance, 1):
            bands.setdefault(key, []).append(record)
    edges = [edge for band in bands.items() for edge in match_near(band, DEDUP, work, 1)]
    pairs = {(one, other): {d for a, b, d in edges if (a, b) == (one, other)} for one, other, _ in edges}
    assert {((0, 0), (1, 0)), ((0, 0), (1, 1))} <= set(pairs)
    assert all(len(distances) == 1 for distances in pairs.values())
    wren, church = {(0, 0), (1, 0), (1, 1)}, {(0, 1), (1, 2)}
    assert all(set(pair) <= wren or set(pair) <= church for pair in pairs)
