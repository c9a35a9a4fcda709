from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.complex import package

PARTS = st.dictionaries(st.from_regex(r"[a-z]{1,8}/[a-z0-9]{1,8}\.xml", fullmatch=True), st.binary(max_size=200))


@given(PARTS, st.randoms())
def test_pack_is_the_same_in_any_order(parts, random):
    parts["[Content_Types].xml"] = b"<Types/>"
    names = list(parts)
    random.shuffle(names)
    data = package.pack(parts)
    assert data == package.pack({name: parts[name] for name in names})
    assert package.unpack(data) == parts
    assert zipfile.ZipFile(io.BytesIO(data)).namelist()[0] == "[Content_Types].xml"


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(package, "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match="unpacks to more"):
        package.unpack(package.pack({"[Content_Types].xml": b"0" * 2000}))


def test_not_a_package():
    with pytest.raises(ValueError, match="Content_Types"):
        package.unpack(package.pack({"a.xml": b""}))
