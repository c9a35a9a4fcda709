"""Corpora: text files that a person names, and those that come with the package."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from synth.characters import DATA
from synth.cleaning import clean, drawable
from synth.splitting import language, split

MAX_SENTENCES = 100_000
"""Sentences kept of each language. Some 10 MB of English or 8 MB of Chinese as UTF-8; a larger corpus is sampled."""

LENGTHS = {"en": (15, 400), "zh": (4, 150)}
"""Fewest and most characters of a sentence that is used."""

LONGEST_WORD = {"en": 24, "zh": 6}
"""Characters of an entry of a list of words."""

SNIFFED = 1 << 16
"""Characters at the beginning of a text file that tell whether blank lines part its paragraphs."""

LONGEST = 1 << 20
"""Characters of a paragraph as read; what is longer, such as a file without line breaks, is cut there."""

_ENDS = {"en": tuple(".!?…:;”’\"')"), "zh": tuple("。！？…；：”’」』）》")}


class CorpusError(ValueError):
    """A corpus that cannot be used: one clear line, with the file's name."""


@dataclass(frozen=True)
class Corpus:
    """Sentences by language, in the order of their text; the sentences of one paragraph follow one another.

    `words`: the entries of lists of words by language, the shortest first.
    """

    sentences: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]


def bundled() -> tuple[Path, ...]:
    """The texts that come with the package, English and Chinese; `data/SOURCES.md` has their sources and licences."""
    return tuple(sorted(path for path in DATA.glob("*.??.txt")))


def read(paths: Sequence[Path], most: int = MAX_SENTENCES) -> Corpus:
    """Reads, cleans and splits the corpora at `paths`: `.txt`, `.jsonl` (field `text`) or `.parquet` (column `text`).

    Of more than `most` sentences of a language, whole paragraphs are drawn by a hash of their text: the same ones
    each time, however the files are ordered, and no more than those are held in memory. Repeated paragraphs count
    once. A file of one word or two a line, without any sentence, is a list of words. Raises `CorpusError` for a file
    that is missing, not readable as its kind, or without a usable sentence or word.
    """
    samples = {name: _Sample(most) for name in LENGTHS}
    lists = {name: _Sample(most) for name in LENGTHS}
    for path in paths:
        used, words = 0, list[tuple[str, str]]()
        for paragraph in paragraphs(path):
            text = clean(paragraph)
            name = language(text)
            if name and (sentences := usable(text, name)):
                samples[name].add(text, sentences)
                used += 1
            elif name and not used and len(text) <= LONGEST_WORD[name] and drawable(text) and len(words) < most:
                words.append((name, text))
        if not used and not words:
            raise CorpusError(f"{path}: no usable English or Chinese sentence in it, and no list of words")
        for name, text in [] if used else words:
            lists[name].add(text, (text,))
    return Corpus(
        {name: sample.sentences() for name, sample in samples.items()},
        {name: tuple(sorted(sample.sentences(), key=lambda word: (len(word), word))) for name, sample in lists.items()},
    )


def usable(text: str, name: str) -> tuple[str, ...]:
    """The sentences of cleaned `text` of language `name` that are whole, drawable and of a fitting length."""
    least, most = LENGTHS[name]
    return tuple(
        sentence
        for sentence in _whole(text, most)
        if least <= len(sentence) <= most
        and sentence.endswith(_ENDS[name])
        and language(sentence) == name
        and drawable(sentence)
        and balanced(sentence)
    )


def _whole(text: str, most: int) -> Iterator[str]:
    """Sentences, and speeches of several that stand between quotation marks, up to some `most` characters."""
    held = ""
    for sentence in split(text):
        held += sentence
        if balanced(held) or len(held) > most:
            yield held.strip()
            held = ""
    yield held.strip()


def balanced(sentence: str) -> bool:
    """Whether every bracket and curly quote of `sentence` has its partner in it."""
    pairs = ("“”", "「」", "『』", "（）", "《》", "()", "[]")
    return all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in pairs) and sentence.count('"') % 2 == 0


class _Sample:
    """The paragraphs with the least hashes whose sentences number `most` at the most, in the order of reading."""

    def __init__(self, most: int):
        self.most, self.held, self.seen = most, 0, 0
        self.heap: list[tuple[int, int, tuple[str, ...]]] = []
        self.hashes: set[int] = set()

    def add(self, text: str, sentences: tuple[str, ...]) -> None:
        key = xxhash.xxh3_64_intdigest(text.encode(errors="surrogatepass"))
        if key in self.hashes:
            return
        self.hashes.add(key)
        self.seen += 1
        heapq.heappush(self.heap, (-key, self.seen, sentences))
        self.held += len(sentences)
        while self.held > self.most and len(self.heap) > 1:
            dropped, _, gone = heapq.heappop(self.heap)
            self.hashes.discard(-dropped)
            self.held -= len(gone)

    def sentences(self) -> tuple[str, ...]:
        ordered = sorted(self.heap, key=lambda entry: entry[1])
        return tuple(chain.from_iterable(sentences for _, _, sentences in ordered))[: self.most]


def paragraphs(path: Path) -> Iterator[str]:
    """The raw paragraphs of one corpus, read bit by bit. Raises `CorpusError`."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CorpusError(f"{path}: a corpus is a {', '.join(_READERS)} file")
    try:
        yield from reader(path)
    except FileNotFoundError:
        raise CorpusError(f"{path}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8") from None
    except (OSError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise CorpusError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None


def _text(path: Path) -> Iterator[str]:
    """Paragraphs are what stands between blank lines; in a file without any, each line is one."""
    blocks = _blank_lines(path)
    with path.open(encoding="utf-8-sig") as file:
        block: list[str] = []
        while line := file.readline(LONGEST):
            if line.strip():
                block.append(line)
            if block and (not blocks or not line.strip() or sum(map(len, block)) >= LONGEST):
                yield "".join(block)
                block = []
        if block:
            yield "".join(block)


def _blank_lines(path: Path) -> bool:
    """Whether the beginning of the file has a blank line between lines with text."""
    with path.open(encoding="utf-8-sig") as file:
        lines = [line.strip() for line in file.read(SNIFFED).strip().splitlines()]
    return "" in lines


def _jsonl(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                text = json.loads(line)["text"]
            except (json.JSONDecodeError, KeyError, TypeError, RecursionError):
                raise CorpusError(f"{path}: line {number} is no JSON object with a field text") from None
            if isinstance(text, str):
                yield from _lines(text)


def _parquet(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        if "text" not in file.schema_arrow.names:
            raise CorpusError(f"{path}: there is no column text")
        for batch in file.iter_batches(batch_size=256, columns=["text"]):
            yield from chain.from_iterable(
                _lines(text) for text in batch.column(0).to_pylist() if isinstance(text, str)
            )


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip())


_READERS: dict[str, Callable[[Path], Iterator[str]]] = {".txt": _text, ".jsonl": _jsonl, ".parquet": _parquet}
