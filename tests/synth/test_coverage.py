"""A face draws a character, or the character is named: cmap alone is believed in neither direction."""

from pathlib import Path

import pytest

from synth.characters import levels, standard
from synth.coverage import coverage, glyphs_true
from synth.fonts import opened, read_faces
from synth.text import Face, covered, refused
from tests.synth.faces import ARABIC, EMOJI, LATIN, MONO_EMOJI, SANS, SERIF, small_font


@pytest.mark.parametrize("face", [SANS, SERIF])
def test_all_standard_characters(face: Face) -> None:
    assert covered(face, standard()) == set(standard())


def test_levels_reach_beyond_the_basic_plane() -> None:
    rare = [c for c, level in levels().items() if level == 3 and ord(c) > 0xFFFF]
    assert len(rare) > 100
    assert refused(SANS, "".join(rare)) == ()
    assert set(refused(LATIN, "".join(rare))) == set(rare)


def test_extension_b_that_is_not_there() -> None:
    assert refused(SANS, "一𠀀二𪚥一𠀀") == ("𠀀", "𪚥")


def test_small_face_names_every_character_that_it_lacks(tmp_path: Path) -> None:
    (face,) = read_faces(small_font(tmp_path / "small.ttf", "abc é"))
    assert refused(face, "abc é\nabd, cafe\u0301!") == ("d", ",", "f", "e\u0301", "!")
    assert covered(face, "abcdefé ") == set("abcé ")


def test_empty_outline_is_no_glyph(tmp_path: Path) -> None:
    (face,) = read_faces(small_font(tmp_path / "blank.ttf", "abc ", blank="b"))
    assert ord("b") in coverage(face)._opened.hb_face.unicodes
    assert refused(face, "a b c") == ("b",)


WHOLE = ["😀", "👩‍🚀", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "👍🏽", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]


@pytest.mark.parametrize("sequence", WHOLE)
def test_emoji_sequences_that_are_one_glyph(sequence: str) -> None:
    assert coverage(EMOJI).draws(sequence)
    assert not coverage(LATIN).draws(sequence)


@pytest.mark.parametrize("sequence", ["👩‍🚗", "🇽🇽", "🇶🇶", "😀🏽", "😀‍😀"])
def test_emoji_sequences_that_fall_apart(sequence: str) -> None:
    assert not coverage(EMOJI).draws(sequence)


def test_skin_tone_that_a_plain_emoji_face_drops() -> None:
    assert coverage(MONO_EMOJI).draws("👍")
    assert not coverage(MONO_EMOJI).draws("👍🏽")


def test_text_style_is_not_drawn_in_colour() -> None:
    assert coverage(EMOJI).draws("☎")
    assert not coverage(EMOJI).draws("☎\ufe0e")
    assert coverage(SANS).draws("☎\ufe0e")


def test_variants() -> None:
    assert coverage(SANS).draws("、\ufe00")  # a variant that the face has
    assert not coverage(SANS).draws("一\ufe00")
    assert coverage(SANS).draws("葛")
    assert not coverage(SANS).draws("葛\U000e0100")


@pytest.mark.parametrize("cluster", ["e\u0301", "ǫ\u0308", "a\u030a\u0301"])
def test_combining_marks(cluster: str) -> None:
    assert coverage(LATIN).draws(cluster)
    assert not coverage(EMOJI).draws(cluster)


def test_dotted_circle_is_an_insertion_unless_it_is_meant() -> None:
    handle = opened(ARABIC)
    assert handle.dotted_circle
    assert not glyphs_true(handle, "ب", [handle.dotted_circle], inked=True)
    assert glyphs_true(handle, "◌", [handle.dotted_circle], inked=True)
    assert coverage(ARABIC).draws("◌\u064e")


@pytest.mark.parametrize("mark", ["\u064e", "\u0301", "\u20dd", "\ufe0f"])
def test_marks_need_a_letter(mark: str) -> None:
    assert not any(coverage(face).draws(mark) for face in (ARABIC, LATIN, SANS, EMOJI))
    assert coverage(ARABIC).draws("ب\u064e")


@pytest.mark.parametrize("character", ["\x00", "\t", "\x7f", "\ue000", "\ufffe", "\U000e0fff", "\u2028"])
def test_what_is_no_text(character: str) -> None:
    assert not coverage(SANS).draws(character)


@pytest.mark.parametrize("character", [" ", "\u00a0", "\u3000", "\u200b"])
def test_spaces_need_no_ink(character: str) -> None:
    assert coverage(SANS).draws(character)
