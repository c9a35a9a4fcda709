from __future__ import annotations

from pathlib import Path

import pytest
import uharfbuzz as hb

from synth.complex.office import Office, OfficeError
from synth.complex.office_fonts import CONFIGURATION, NAME, lay_out
from synth.complex.render import family
from synth.fonts import Face, read_faces
from tests.synth.faces import LATIN, SANS, face


def test_no_office_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeError, match="install LibreOffice Impress") as raised:
        Office([LATIN])
    assert isinstance(raised.value, ValueError)
    assert "\n" not in str(raised.value)


def test_a_command_that_is_no_office_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeError, match="soffice belongs to no LibreOffice"):
        Office([LATIN])
    (tmp_path / "libmergedlo.so").write_bytes(b"no library")
    with pytest.raises(OfficeError, match="does not start"):
        Office([LATIN])


@pytest.mark.parametrize("one", [LATIN, SANS, face("Inter Bold"), face("Inter Black")], ids=lambda one: one.name)
def test_each_face_becomes_a_font_of_its_own(one: Face, tmp_path: Path) -> None:
    italic = face("Inter Italic")
    (name,) = lay_out([italic, one], tmp_path)
    assert len(name) == NAME
    (written,) = read_faces(tmp_path / f"{name}.otf")
    assert written.family == family(one)
    assert written.weight == (700 if one.weight == 700 else 400)
    assert not written.axes
    new = hb.Face(hb.Blob.from_file_path(str(tmp_path / f"{name}.otf")))
    assert new.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) == name
    assert new.unicodes == hb.Face(hb.Blob.from_file_path(one.path), one.index).unicodes
    assert str(tmp_path) in (tmp_path / CONFIGURATION).read_text()


def test_names_within_outlines_change_too_and_nothing_moves(tmp_path: Path) -> None:
    """Of a CFF font a PDF repeats the name that stands beside the outlines."""
    (name,) = lay_out([SANS], tmp_path)
    old = hb.Face(hb.Blob.from_file_path(SANS.path), SANS.index).reference_table("CFF ").data
    new = hb.Face(hb.Blob.from_file_path(str(tmp_path / f"{name}.otf"))).reference_table("CFF ").data
    assert b"NotoSansSC-Regular" in old
    assert b"NotoSansSC-Regular" not in new
    assert new.count(name.encode()) > 1
