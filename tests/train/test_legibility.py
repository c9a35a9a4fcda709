import pytest

from train.legibility import quoted, right_letters


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ('The word "CAT" in red', "CAT"),
        ("“Grand Opening” over 「开业」", "GrandOpening开业"),
        ("a cat", ""),
        ("", ""),
    ],
)
def test_quoted(prompt: str, text: str) -> None:
    assert "".join(quoted(prompt).split()) == text


@pytest.mark.parametrize(
    ("wanted", "read", "share"),
    [
        ("CAT", "CAT", 1),
        ("CAT", "C A T", 1),
        ("CAT", "CAR", 2 / 3),
        ("CAT", "", 0),
        ("CAT", "COMPLETELY OTHER", 0),
        ("开业", "开", 0.5),
    ],
)
def test_right_letters(wanted: str, read: str, share: float) -> None:
    assert right_letters(wanted, read) == pytest.approx(share)
