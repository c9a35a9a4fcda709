"""Makes texts and room agree: what is too long is chosen anew, what is too many is left out, nothing is ever cut."""

from __future__ import annotations

from collections.abc import Iterator

from synth.complex.flex import SLACK, Box, Rect, arrange, overflowing
from synth.complex.stage import Part, Spare
from synth.sample import Discarded

ROUNDS = 24
"""Times that boxes are arranged and texts exchanged before the sample is given up."""


def settle(root: Part, rect: Rect, spares: list[Spare]) -> None:
    """Arranges `root` in `rect` (pixels) so that every text lies inside its box and every box inside its parent.

    Lists lose their last entries (`spares`) where there is too little room, texts that do not fit are exchanged for
    shorter ones. Raises Discarded("text does not fit", …) where that does not help.
    """
    for _ in range(ROUNDS):
        arrange(root, rect)
        while _thinned(root, spares):
            arrange(root, rect)
        misfits = [part for part in texts(root) if part.words and not part.words.fits(part.room)]
        if not misfits:
            culprit = overflowing(root)
            if culprit is None:
                return
            if _reduced(root, _crowd(root, culprit)):
                continue
            misfits = [_longest(culprit)]
        for part in misfits:
            _exchange(root, part)
    raise Discarded("text does not fit", "after many tries")


def texts(root: Box) -> Iterator[Part]:
    """The parts below `root` that have a text, in reading order."""
    for part in root.walk():
        if isinstance(part, Part) and part.words:
            yield part


def _reduced(root: Part, box: Box) -> bool:
    """Makes the texts below `box` smaller that are larger than they must be; False if there are none."""
    changed = [part for part in texts(box) if part.words and part.words.smaller()]
    for part in changed:
        root.forget(part)
    return bool(changed)


def _exchange(root: Part, part: Part) -> None:
    """Another text for `part`, and for those that say the same."""
    words = part.words
    if words is None:
        return
    room = words.room(part.room)
    limit = min(room, len(words.text) - 1)
    if limit < 1:
        raise Discarded("text does not fit", words.text[:40])
    words.choose(limit)
    root.forget(part)
    for other in texts(root) if words.same else ():
        if other.words and other.words.same == words.same and other.words is not words:
            other.words.repeat(words)
            root.forget(other)


def _thinned(root: Part, spares: list[Spare]) -> bool:
    """Takes entries off the list that reaches furthest where children stick out; False if there are none to take."""
    culprit = overflowing(root)
    if culprit is None:
        return False
    inside = set(map(id, _crowd(root, culprit).walk()))
    able = [spare for spare in spares if len(spare.copies) > spare.least and id(spare.parent) in inside]
    if not able:
        return False
    furthest = max(spare.copies[-1].rect.bottom for spare in able)
    able = [spare for spare in able if spare.copies[-1].rect.bottom >= furthest - SLACK]
    spare = min(able, key=lambda each: each.copies[-1].rect.h)  # inner lists first: they lose least
    excess = _excess(_crowd(root, culprit))
    while True:
        gone = spare.copies.pop()
        spare.parent.children.remove(gone)
        excess -= gone.rect.h + spare.parent.gap
        if excess < gone.rect.h or len(spare.copies) == spare.least:
            break
    root.forget(spare.parent)
    return True


def _excess(parent: Box) -> float:
    """Pixels by which the children of `parent` stick out of it."""
    room = parent.room
    return max(max(child.rect.bottom - room.bottom, child.rect.right - room.right) for child in parent.children)


def _crowd(root: Part, child: Box) -> Box:
    """The parent of `child`."""
    return next(box for box in root.walk() if any(each is child for each in box.children))


def _longest(box: Box) -> Part:
    found = max(texts(box), key=lambda part: len(part.words.text) if part.words else 0, default=None)
    if found is None:
        raise Discarded("text does not fit", "a box without text is larger than its place")
    return found
