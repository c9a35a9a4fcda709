"""A folder of hostile files through the pipeline: each is kept with the right pixels or rejected for a right reason."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from curation import cli
from curation.shards.folder import IMAGE_ENDINGS
from curation.shards.schema import text
from filters.image import Image
from tests import hostile
from tests.curation.conftest import rows


def test_every_hostile_file_is_kept_or_rejected_rightly(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    files = {text(os.fsdecode(file.path)): file for file in hostile.write(tmp_path / "in")}
    images = {key for key in files if key.rpartition(".")[2].lower() in IMAGE_ENDINGS}
    assert len(images) > 900
    (tmp_path / "keep.yaml").write_text("stages: [entropy: {min_bits: 0}]")
    out = tmp_path / "out"
    line = ["run", str(tmp_path / "keep.yaml"), "--input", str(tmp_path / "in"), "--output", str(out)]
    assert cli.main(line) == 0
    kept, rejects = rows(out, "shards"), rows(out, "rejects")
    assert {row["key"] for row in kept} | {row["key"] for row in rejects} == images
    assert len(kept) + len(rejects) == len(images) == len(rows(out, "signals"))
    for row in kept:
        expected = files[row["key"]]
        assert row["image"]["bytes"] == expected.data
        assert expected.pixels is not None, row["key"]
        assert np.array_equal(Image(row["image"]["bytes"]).pixels(), expected.pixels), row["key"]
    for row in rejects:
        assert row["error"] in files[row["key"]].errors, (row["key"], row["error"], row["message"])
        assert row["message"]
        assert row["bytes"] == files[row["key"]].data[: 2**24]
    inside = {path.resolve().is_relative_to(out.resolve()) for path in out.rglob("*")}
    assert inside == {True}
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out", "keep.yaml"}
