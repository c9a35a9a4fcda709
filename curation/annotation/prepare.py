"""What an engine needs of one row: the picture it is sent, the evidence its reply is held against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotate.evidence import Evidence, Looks, Reading
from annotate.picture import Picture, picture
from annotate.signals import STAGE
from curation.annotation.synthesised import of
from curation.assess import DECODE, Outcome, first_look
from curation.shards.schema import SPLITS, Row
from filters import colours, faces, text_density, text_detector, text_reader, tone
from filters.image import Image
from filters.watermark import Watermark

WORKING = 2047
"""Longer side in pixels of what pictures are made from: above the budget of any model."""


@dataclass(frozen=True)
class Prepared:
    """What is asked about a row, without the row: its image need not wait in memory for the answer.

    `outcome` is its row of the signals table so far; it failed if there is nothing to ask about. `raw_caption` and
    `known_text` as in a Request.
    """

    outcome: Outcome
    picture: Picture | None = None
    evidence: Evidence | None = None
    raw_caption: str | None = None
    known_text: tuple[str, ...] = ()


def prepare(row: Row, wants_picture: bool, wants_looks: bool, ocr: bool) -> Prepared:
    """Decode the row's image once and take from it what is wanted. Whatever cannot be is a failed outcome."""
    outcome = first_look(row)
    if row.data is None:
        return Prepared(outcome.fail(DECODE, row.error or ValueError("there is no image")))
    try:
        image = Image(row.data)
        outcome = replace(outcome, width=image.width, height=image.height, format=image.format)
        image.shrink()
    except Exception as error:  # as in `assess`: decoders of hostile bytes raise anything
        return Prepared(outcome.fail(DECODE, error))
    try:
        sent = picture(image.rgb(WORKING)) if wants_picture else None
        return Prepared(outcome, sent, _evidence(row, image, wants_looks, ocr), raw_caption(row), known_text(row))
    except Exception as error:
        return Prepared(outcome.fail(STAGE, error))


def _evidence(row: Row, image: Image, wants_looks: bool, ocr: bool) -> Evidence | None:
    """What is known of the image: of a synthesised one its very text, of others what OCR reads if it is asked for."""
    made = of(row.annotation)
    if ocr or wants_looks:
        readings = read(image) if made is None else made.readings(image.width, image.height)
        return gather(image, readings, wants_looks)
    return Evidence(image.width, image.height, made.readings(image.width, image.height)) if made else None


def read(image: Image) -> tuple[Reading, ...]:
    """The text of an image as OCR reads it."""
    lines = text_reader.read(image)
    return tuple(Reading(line.text, line.score, line.language, line.height, line.x, line.y) for line in lines)


def gather(image: Image, readings: Sequence[Reading], wants_looks: bool) -> Evidence:
    """What the filters measure of an image whose text is `readings`, for engines and checks."""
    watermark = Watermark()
    score = watermark.measure(image)["score"]
    return Evidence(
        image.width,
        image.height,
        tuple(readings),
        text_density.TextDensity().measure(image)["area"],
        score if score == score else None,
        watermark.max_score,
        _looks(image) if wants_looks else None,
    )


def _looks(image: Image) -> Looks:
    seen = tone.measure(image)
    areas = tuple(face.area for face in faces.find(image))
    return Looks(colours.main_colours(image), seen.brightness, seen.contrast, seen.saturation, seen.flatness, areas)


def model_files(wants_looks: bool, ocr: bool) -> dict[str, list[Path]]:
    """Weights that `prepare` reads, by what they measure."""
    files: dict[str, list[Path]] = {}
    if ocr or wants_looks:
        files["text"] = [text_detector.model_file(), text_reader.model_file(), text_reader.characters_file()]
        files["watermark"] = Watermark().model_files()
    if wants_looks:
        files["faces"] = [faces.MODEL]
    return files


def raw_caption(row: Row) -> str | None:
    """The caption that came with the image; of a row that was annotated before, not the model's but that one."""
    carried = _earlier(row)
    return carried[SPLITS[0]] if carried else row.caption


def known_text(row: Row) -> tuple[str, ...]:
    """The lines that a caption of the row must hold: those written into a scene, if the row was synthesised so."""
    made = of(row.annotation)
    return made.texts if made is not None and made.tier == "compositional" else ()


def annotated(row: Row, annotation: str) -> Row:
    """The row with its annotation, JSON text. What it carried stays: an annotation it had goes into the metadata, but
    for what is known of a synthesised image, which goes into the new one."""
    carried, made = _earlier(row), of(row.annotation)
    raw, metadata = (carried[SPLITS[0]], carried["metadata"]) if carried else (row.caption, row.metadata)
    if row.annotation is not None and not carried:
        given = json.loads(metadata) if metadata else None
        held = row.annotation if made is None else made.rest
        metadata = json.dumps({"metadata": given, "annotation": held}, ensure_ascii=False)
    fields = json.loads(annotation)
    splits = dict(zip(SPLITS, (raw, fields["caption"], fields.get("fused_caption")), strict=True))
    if made is not None:
        annotation = json.dumps(fields | {"synthesis": made.synthesis}, ensure_ascii=False)
    return replace(row, caption=fields["caption"], annotation=annotation, metadata=metadata, extra=splits)


def _earlier(row: Row) -> dict[str, Any] | None:
    """What an annotated shard's row carries besides the curated columns, if it is one."""
    if row.annotation is None or row.metadata is None or SPLITS[0] not in row.metadata:
        return None
    carried = json.loads(row.metadata)
    return carried if isinstance(carried, dict) and carried.keys() >= {"metadata", *SPLITS} else None
