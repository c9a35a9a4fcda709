"""An annotation out of measurements alone: the fields of the schema, filled with what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from annotate import kinds, repetition, tokens, wording
from annotate.believed import believed, distinct, of_watermark
from annotate.checks import MAX_TOKENS
from annotate.evidence import Evidence, Looks, Reading
from annotate.prompt import stored_schema
from annotate.raw_caption import render
from annotate.refusal import refuses

RAW_TOKENS = MAX_TOKENS // 3
"""Tokens of a raw caption that go into a fused one."""

UNREAD = "unread watermark"
"""Stands for a watermark whose words are not known."""

STYLES = {
    "illustration": "flat graphic",
    "screenshot": "user interface",
    "slide": "presentation",
    "document": "page of text",
}

_FIELDS = stored_schema()["properties"]
_LANGUAGES = _FIELDS["text"]["items"]["properties"]["language"]["enum"]
_CLIP = 28


def annotation(evidence: Evidence, looks: Looks, raw_caption: str | None) -> dict[str, Any]:
    """All fields that a model would write, `fused_caption` included; valid against the schema of the stored annotation.

    Faces are believed in photographs only: in drawings the detector takes icons for faces. `abnormal_elements` is
    `yes` for watermarks; codes, borders and artefacts are not looked for.
    """
    kind = kinds.image_type(evidence, looks)
    domain = kinds.domain(kind, evidence, looks)
    looks = looks if kind == "photo" else replace(looks, faces=())
    lines = believed(evidence.readings)
    flagged = evidence.watermark is not None and evidence.watermark >= evidence.watermark_limit
    marks = of_watermark(lines)[: _FIELDS["watermarks"]["maxItems"]] if flagged else []
    facts = [wording.opening(kind, domain == "People/portrait", evidence, looks), wording.colours(looks)]
    facts += [wording.faces(looks)] + [wording.watermark([clip(mark.text) for mark in marks])] * flagged
    plain = caption(facts, lines)
    return {
        "caption": plain,
        "fused_caption": fused(raw_caption, facts, lines) or plain,
        "image_type": kind,
        "image_style": STYLES.get(kind) or photographic(looks),
        "watermarks": [clip(mark.text, 80) for mark in marks] or [UNREAD] * flagged,
        "abnormal_elements": "yes" if flagged else "no",
        "objects": objects(looks, lines),
        "relations": relations(evidence, lines),
        "environment": environment(kind, looks),
        "text": [{"content": line.text, "language": language(line)} for line in lines][: _FIELDS["text"]["maxItems"]],
        "domain": domain,
    }


def caption(facts: Sequence[str], lines: Sequence[Reading]) -> str:
    """`facts`, then a sentence that quotes those of `lines` with which the caption still passes the checks."""
    candidates, quoted = distinct(lines), list[Reading]()
    for line in candidates:
        if all(passes(joined(facts, [*quoted, line], more)) for more in (False, True)):
            quoted.append(line)
    return joined(facts, quoted, len(quoted) < len(candidates))


def joined(facts: Sequence[str], quoted: Sequence[Reading], more: bool) -> str:
    return " ".join(filter(None, [*facts, wording.visible_text(quoted, more)]))


def passes(text: str) -> bool:
    """Whether `annotate.checks` finds no fault with a caption."""
    short = len(text) <= _FIELDS["caption"]["maxLength"] and tokens.count(text) <= MAX_TOKENS
    return short and not repetition.loops(text) and not refuses(text)


def fused(raw_caption: str | None, facts: Sequence[str], lines: Sequence[Reading]) -> str | None:
    """The raw caption, then the measured one; None where no raw caption is there, or none that passes the checks."""
    raw = render(raw_caption)
    while (count := tokens.count(raw)) > RAW_TOKENS:
        raw = raw[: len(raw) * RAW_TOKENS // count].rstrip()
    raw += "." if raw and raw[-1].isalnum() else ""
    with_raw = [raw, *facts]
    return caption(with_raw, lines) if raw and passes(joined(with_raw, [], True)) else None


def objects(looks: Looks, lines: Sequence[Reading]) -> list[dict[str, Any]]:
    """The faces, and all text together as one object."""
    written = [f"{len(lines)} line{'s' * (len(lines) > 1)}", *dict.fromkeys(map(language, lines))]
    text = [{"name": "text", "attributes": written[:4]}]
    room = _FIELDS["objects"]["maxItems"] - bool(lines)
    faces = [{"name": "face", "attributes": [wording.face_size(share)]} for share in looks.faces[:room]]
    return faces + text * bool(lines)


def relations(evidence: Evidence, lines: Sequence[Reading]) -> list[dict[str, str]]:
    """How each line stands to the next one in reading order."""
    return [
        {"subject": named(one), "predicate": position(evidence, one, other), "object": named(other)}
        for one, other in pairwise(lines[: _FIELDS["relations"]["maxItems"] + 1])
    ]


def position(evidence: Evidence, one: Reading, other: Reading) -> str:
    """Where `one` stands seen from `other`: beside it if their centres are less than half a line apart in height."""
    apart = (other.y - one.y) * evidence.height / min(evidence.width, evidence.height)
    if abs(apart) > max(one.height, other.height) / 2:
        return "above" if apart > 0 else "below"
    return "left of" if other.x >= one.x else "right of"


def named(line: Reading) -> str:
    return f"text {wording.quoted(clip(line.text))}"


def clip(text: str, length: int = _CLIP) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def language(line: Reading) -> str:
    """The code of the schema for a BCP-47 code: that of the language itself, or `other`."""
    code = line.language.partition("-")[0]
    return code if code in _LANGUAGES else "other"


def environment(kind: str, looks: Looks) -> str:
    """The light of a photograph, the ground of everything else; empty where it has none."""
    if kind == "photo":
        return f"{wording.brightness(looks)}, {wording.contrast(looks)} contrast"
    ground = [name for name, share in looks.colours[:1] if share >= 0.5]
    return f"{ground[0]} ground" if ground else ""


def photographic(looks: Looks) -> str:
    return "black-and-white photography" if looks.saturation < wording.GREY else "colour photography"
