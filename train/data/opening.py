"""Opens a source: finds out what it is, checks it, and counts the rows that are chosen."""

from __future__ import annotations

from collections.abc import Iterator

from curation.shards.plan import make_plan
from train.data import encoded, pictures
from train.data.source import DataError, Source
from train.data.stream import Choice, Shards, Stream


def open_source(source: Source, size: int, codec: str, encoder: str) -> list[Stream]:
    """The streams that a source is drawn from: one, or one a domain.

    `size`: side in pixels of the square bucket; where the shards are encoded already, it and the names of codec and
    encoder must be theirs. Raises DataError, or another ValueError of one line where there are no shards.
    """
    shares: list[tuple[str | None, float]] = list((source.domains or {}).items()) or [(None, 1.0)]
    wanted = source.grades, source.tiers
    choices = [Choice(*wanted, domain, source.languages, source.categories) for domain, _ in shares]
    whole = sum(share for _, share in shares)
    plan = encoded.load_plan(source.path)
    if plan is not None:
        encoded.check(source.path, plan.format, size, codec, encoder)
        shards: Iterator[Shards] = (encoded.Parts(source.path, plan, choice) for choice in choices)
    else:
        shards = _pictures(source, choices)
    return [
        Stream(_filled(each, choice, source), source.weight * share / whole, source.captions)
        for each, choice, (_, share) in zip(shards, choices, shares, strict=True)
    ]


def _pictures(source: Source, choices: list[Choice]) -> Iterator[Shards]:
    plan = make_plan(source.path)
    pictures.check_captions(plan, source.captions)
    tallies = pictures.tallies(plan, labelled=not all(choice.all for choice in choices))
    yield from (pictures.Pictures(plan, choice, tallies, source.captions) for choice in choices)


def _filled(shards: Shards, choice: Choice, source: Source) -> Shards:
    if not shards.amounts.rows.sum():
        raise DataError(f"{source.path} has no rows" + (f" of {', '.join(choice.names)}" if choice.names else ""))
    if not shards.amounts.most:
        raise DataError(f"the rows of {source.path} all have the weight 0, and none can be drawn")
    return shards
