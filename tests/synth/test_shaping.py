"""Nothing is lost between text and glyphs, whatever the scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.coverage import GRAPHEME
from synth.sample import Discarded
from synth.shaping import Piece, shape
from synth.text import Pairing
from tests.synth.faces import ARABIC, LATIN, MIXED, SERIF

CLUSTERS = [*"aZfiſ1 ,.“”—…(中文彧𠳐，。「」（בית שלةلااب؟", "e\u0301", "👩‍🚀", "🇨🇳", "1️⃣", "ب\u064e", "、\ufe00"]
TEXTS = st.lists(st.sampled_from(CLUSTERS), max_size=40).map("".join)


def ids(piece: Piece) -> tuple[int, ...]:
    return tuple(glyph for glyph, _, _ in piece.glyphs)


@given(TEXTS, st.booleans(), st.booleans())
def test_pieces_cover_the_text(text: str, vertical: bool, ligatures: bool) -> None:
    pieces = shape(text, MIXED, vertical, ligatures)
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces)][: len(pieces)]
    assert [c for piece in pieces for c in piece.characters] == GRAPHEME.findall(text)
    for piece in pieces:
        assert "".join(piece.characters) == text[piece.start : piece.end]
        assert piece.glyphs
        assert all(glyph for glyph, _, _ in piece.glyphs)
        assert piece.space or piece.ink
        assert piece.advance >= 0


def test_missing_characters_are_all_named() -> None:
    with pytest.raises(Discarded) as caught:
        shape("a中b文c中", Pairing(LATIN))
    assert caught.value.cause == "missing glyph"
    assert caught.value.detail == "U+4E2D 中, U+6587 文"


def test_arabic_letters_join() -> None:
    forms = [ids(piece) for piece in [*shape("ب", Pairing(ARABIC)), *shape("ببب", Pairing(ARABIC))]]
    assert len(forms) == len(set(forms)) == 4  # isolated, initial, medial and final form
    assert all(piece.level == 1 for piece in shape("ببب", Pairing(ARABIC)))


def test_arabic_letters_do_not_join_across_a_space() -> None:
    alone = ids(shape("ب", Pairing(ARABIC))[0])
    assert [ids(piece) for piece in shape("ب ب", Pairing(ARABIC))][::2] == [alone, alone]


def test_brackets_are_mirrored() -> None:
    opening = shape("(", MIXED)[0].glyphs[0][0]
    closing = shape(")", MIXED)[0].glyphs[0][0]
    pieces = shape("א(ב)", MIXED)
    assert [pieces[1].glyphs[0][0], pieces[3].glyphs[0][0]] == [closing, opening]


def test_ligatures_and_their_absence() -> None:
    assert [piece.characters for piece in shape("ffi", Pairing(LATIN))] == [("f", "f", "i")]
    assert len(shape("ffi", Pairing(LATIN), ligatures=False)) == 3


def test_kerning() -> None:
    together = sum(piece.advance for piece in shape("AVAV", Pairing(LATIN)))
    apart = sum(shape(c, Pairing(LATIN))[0].advance for c in "AVAV")
    assert together < apart - 0.05


def test_marks_sit_on_their_letter() -> None:
    (piece,) = shape("q\u0301", Pairing(LATIN))
    assert len(piece.glyphs) == 2
    assert piece.ink
    assert piece.ink[2] > shape("q", Pairing(LATIN))[0].ink[2]  # type: ignore[index]


def test_vertical_forms_and_turned_letters() -> None:
    upright, comma, letter = shape("中，a", Pairing(LATIN, SERIF), vertical=True)
    assert (upright.turned, comma.turned, letter.turned) == (False, False, True)
    assert upright.advance == comma.advance == pytest.approx(1)
    assert comma.glyphs[0][0] != shape("，", Pairing(LATIN, SERIF))[0].glyphs[0][0]
    assert upright.ink
    assert upright.ink[2] == pytest.approx(upright.ink[3], abs=0.1)  # it stands in the middle of the column
    assert letter.ink
    assert abs(letter.ink[2] - letter.ink[3]) < 0.5
