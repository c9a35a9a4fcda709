"""Faces are found, described and opened; what is no font is refused in one line."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from synth.characters import standard
from synth.coverage import covered
from synth.fonts import KINDS, FontError, opened, read_faces
from synth.text import find_faces
from tests.synth.faces import LATIN, SANS, face, small_font


def test_packages_bring_families_of_different_character() -> None:
    faces = find_faces()
    latin = {face.family for face in faces if "Latn" in face.scripts}
    assert len(latin) >= 16
    assert {face.kind for face in faces} == set(KINDS)
    assert {"Noto Sans SC", "Noto Serif SC"} <= {face.family for face in faces if "Hani" in face.scripts}


def test_chinese_faces_write_simplified_characters_and_all_of_the_standard() -> None:
    chinese = [found for found in find_faces() if "Hani" in found.scripts]
    assert {found.family for found in chinese} == {"Noto Sans SC", "Noto Serif SC"}
    for found in chinese:
        assert covered(found, standard()) == set(standard()), found.name


def test_licences_allow_redistribution() -> None:
    assert {face.licence for face in find_faces()} <= {"OFL-1.1", "Apache-2.0"}


def test_no_face_twice_and_in_order() -> None:
    names = [face.name for face in find_faces()]
    assert len(names) == len(set(names))
    assert [face.family for face in find_faces()] == sorted(face.family for face in find_faces())


def test_handles_are_opened_once() -> None:
    assert opened(SANS) is opened(face("Noto Sans SC Regular"))


def test_weights_of_a_variable_font_differ_in_shaping_and_in_drawing() -> None:
    regular, bold = opened(face("Inter Regular")), opened(face("Inter Bold"))
    glyph = regular.shaper.get_nominal_glyph(ord("m"))
    assert bold.shaper.get_glyph_h_advance(glyph) > regular.shaper.get_glyph_h_advance(glyph)
    assert bold.typeface.fontStyle().weight() == 700
    assert regular.typeface.fontStyle().weight() == 400


def test_ink_is_the_outline_in_em() -> None:
    handle = opened(LATIN)
    left, bottom, right, top = handle.ink(handle.shaper.get_nominal_glyph(ord("H")))  # type: ignore[misc]
    assert 0 <= left < right < 1
    assert bottom == pytest.approx(0, abs=0.01)
    assert 0.6 < top < 0.7
    assert handle.ink(handle.shaper.get_nominal_glyph(ord(" "))) is None


def test_folder_of_a_user(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    small_font(tmp_path / "deeper" / "Small.TTF", "AGgz0,.")
    (found,) = find_faces((str(tmp_path),))
    assert (found.family, found.weight, found.italic, found.licence) == ("PT Serif", 400, False, "OFL-1.1")
    assert found.scripts == {"Latn"}


def test_every_face_of_a_collection(tmp_path: Path) -> None:
    collection = TTCollection()
    collection.fonts = [TTFont(face(f"PT Serif {style}").path) for style in ("Regular", "Bold")]
    collection.save(tmp_path / "two.ttc")
    regular, bold = read_faces(tmp_path / "two.ttc")
    assert (regular.index, regular.weight, bold.index, bold.weight) == (0, 400, 1, 700)
    assert opened(bold).typeface.fontStyle().weight() == 700


def broken(content: bytes, path: Path) -> str:
    path.write_bytes(content)
    with pytest.raises(FontError) as caught:
        find_faces((str(path.parent),))
    find_faces.cache_clear()
    return str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.999])
@pytest.mark.parametrize("name", ["Noto Sans SC Regular", "PT Serif Regular"])
def test_cut_off_font_is_refused_in_one_line(tmp_path: Path, name: str, share: float) -> None:
    whole = Path(face(name).path).read_bytes()
    message = broken(whole[: int(share * len(whole))], tmp_path / "cut.otf")
    assert "cut.otf" in message
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"<html>404 not found</html>" * 50, bytes(5000), b"OTTO" + bytes(5000)])
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    message = broken(content, tmp_path / "page.ttf")
    assert "page.ttf" in message
    assert "\n" not in message


def test_font_whose_tables_were_overwritten(tmp_path: Path) -> None:
    whole = bytearray(Path(LATIN.path).read_bytes())
    whole[400:] = bytes(len(whole) - 400)
    assert "zeros.ttf" in broken(bytes(whole), tmp_path / "zeros.ttf")


@pytest.mark.parametrize("name", ["Noto Serif SC Regular", "PT Serif Regular"])
def test_font_with_spoilt_outlines(tmp_path: Path, name: str) -> None:
    whole = bytearray(Path(face(name).path).read_bytes())
    table = next(entry for tag, entry in TTFont(face(name).path).reader.tables.items() if tag in ("glyf", "CFF "))
    middle = table.offset + table.length // 2
    whole[middle : middle + 8] = bytes(byte ^ 255 for byte in whole[middle : middle + 8])
    assert "spoilt.otf is damaged: the checksum of its table" in broken(bytes(whole), tmp_path / "spoilt.otf")


def test_no_font_is_said(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="no fonts in"):
        find_faces((str(tmp_path),))
    with pytest.raises(FontError, match="is not a folder"):
        find_faces((str(tmp_path / "missing"),))
