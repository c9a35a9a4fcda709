"""A text encoder without weights, so that a small model can learn to write from the first step.

What stands in quotation marks is to be written, and becomes one token a character, whatever the script; what stands
outside says how, and becomes one token a word (as LongCat-Image does, arXiv 2512.07584). A token's vector is the hash
of its text, and for a character also its place: from the first and from the last of its quotation, and in which
quotation it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

LIMIT = 1024
"""Tokens of a caption."""

HASHED = 416
"""Numbers that say what a token is. Any two of them differ in about half, so that a linear layer can tell the 8,105
standard Chinese characters apart, and all words."""

WAVES = 16
"""Waves, each with its sine and its cosine, that say where a character stands."""

LONGEST = 1000.0
"""The slowest wave is so many times slower than the fastest, which goes one radian a character."""

_HAN = "\u2e80-\u312f\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without spaces between words, as far as captions have them: a token a character."""

_PIECE = re.compile(
    r'"(?P<straight>[^"]+)"|“(?P<curly>[^”]+)”|「(?P<corner>[^」]+)」|『(?P<double>[^』]+)』|«(?P<french>[^»]+)»'
    rf"|[^\W\d_{_HAN}]+|\S"
)
"""A quotation, a word, or one other character."""


class Piece(NamedTuple):
    """The text of a token: a word outside quotation marks, or a character in them. `start`, `end`: characters before
    it and behind it in its quotation; `quotation`: quotations before its own. None outside."""

    text: str
    place: tuple[int, int, int] | None = None


@dataclass
class Letters:
    """The encoder. The empty caption is one token."""

    name = "letters-1"
    width = HASHED + 3 * 2 * WAVES
    limit = LIMIT

    def encode(self, captions: Sequence[str]) -> list[Tensor]:
        """For each caption [tokens, 512], 1 to LIMIT tokens, values of about unit variance."""
        return [torch.from_numpy(vectors(pieces(caption))) for caption in captions]


def pieces(caption: str) -> list[Piece]:
    """What `caption` is made of, at least one and at most LIMIT."""
    return list(islice(_pieces(caption), LIMIT)) or [Piece("")]


def _pieces(caption: str) -> Iterator[Piece]:
    quotations = 0
    for match in _PIECE.finditer(caption):
        quoted = match[match.lastgroup] if match.lastgroup else None
        if quoted is None:
            yield Piece(match[0].casefold())
            continue
        for start, character in enumerate(quoted):
            yield Piece(character, (start, len(quoted) - 1 - start, quotations))
        quotations += 1


def vectors(pieces: Sequence[Piece]) -> np.ndarray:
    """The tokens of `pieces`, [pieces, 512] in float32."""
    hashes = b"".join([digest(piece.text, piece.place is None) for piece in pieces])
    bits = np.unpackbits(np.frombuffer(hashes, np.uint8)).reshape(len(pieces), HASHED)
    tokens = np.zeros((len(pieces), Letters.width), np.float32)
    tokens[:, :HASHED] = bits.view(np.int8) * 2 - 1
    characters = [number for number, piece in enumerate(pieces) if piece.place is not None]
    if characters:
        places, which = np.unique([pieces[number].place for number in characters], return_inverse=True)
        tokens[characters, HASHED:] = wave(places).astype(np.float32)[which.reshape(-1, 3)].reshape(len(characters), -1)
    return tokens


@lru_cache(maxsize=1 << 16)
def digest(text: str, word: bool) -> bytes:
    """The hash of a word, or of a character, HASHED bits: one that is set stands for 1, the others for -1."""
    kind = "word" if word else "character"
    return hashlib.blake2b(f"{kind} {text}".encode("utf-8", "surrogatepass"), digest_size=HASHED // 8).digest()


def wave(places: np.ndarray) -> np.ndarray:
    """Sines and cosines (arXiv 1706.03762) of `places`, [places, 2 · WAVES], of unit variance."""
    angles = places[:, None] * LONGEST ** -np.linspace(0, 1, WAVES)
    return np.sqrt(2) * np.concatenate((np.sin(angles), np.cos(angles)), axis=1)
