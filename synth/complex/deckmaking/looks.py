"""The visual themes: colours, and how each dresses a cover, a section, a plain slide and a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synth.complex.deckmaking.page import Box, Font, Page

Dress = Callable[[Page], Box]


@dataclass(frozen=True)
class Look:
    """One theme. `colours`: dk1, lt1, dk2, lt2, accent1 to accent6 as hexadecimal RGB.

    `cover`, `section` and `plain` draw the decoration and the title's slot and return the box that is left for the
    content; `card` draws what lies under a group of text and returns the box inside it.
    """

    name: str
    description: str
    colours: tuple[str, ...]
    cover: Dress
    section: Dress
    plain: Dress
    card: Callable[[Page, Box, int], Box]
    bullet: str
    table: tuple[str, ...]
    picture: str = "RECTANGLE"
    align: str = "l"


COVER, SECTION, TITLE = (
    Font(46, heading=True, bold=True),
    Font(42, heading=True, bold=True),
    Font(31, heading=True, bold=True),
)
LEAD, SMALL = Font(20, "tx2"), Font(15, "tx2")


def recolour(font: Font, colour: str) -> Font:
    return Font(font.size, colour, font.bold, font.heading, font.spacing)


def margin(page: Page) -> float:
    return 0.062 * min(page.w, page.h) + 12


def _whole(page: Page) -> Box:
    return Box(0, 0, page.w, page.h).inset(margin(page))


def _headline(page: Page, box: Box, colour: str, align: str = "l", anchor: str = "ctr") -> None:
    page.text("{{title}}", box, recolour(TITLE, colour), ["The title of this slide"], align=align, anchor=anchor)


def _opening(page: Page, box: Box, colours: tuple[str, str], align: str, rule: str | None) -> None:
    """Title, a short rule under it and a subtitle, standing in the middle of `box`."""
    title, rest = box.middle(min(box.h, 330)).top(180, 22)
    page.text("{{title}}", title, recolour(COVER, colours[0]), ["A talk about something"], align=align, anchor="b")
    if rule:
        left = {"l": rest.x, "ctr": rest.x + rest.w / 2 - 45}[align]
        page.shape("RECTANGLE", Box(left, rest.y, 90, 5), rule)
    page.text("{{subtitle}}", rest.top(24)[1].top(84)[0], recolour(LEAD, colours[1]), ["What it is about"], align=align)


# harbour: white, a band of colour, plain and businesslike


def _harbour_cover(page: Page) -> Box:
    if page.wide:
        band, rest = Box(0, 0, page.w, page.h).left(page.w * 0.36)
        page.shape("RECTANGLE", band, "accent1")
        page.disc(band.w, page.h * 0.82, page.h * 0.12, "accent2")
        page.disc(band.w * 0.3, page.h * 0.16, page.h * 0.23, "bg1:12")
        inner = rest.inset(margin(page) + 34, margin(page))
    else:
        band, rest = Box(0, 0, page.w, page.h).top(page.h * 0.34)
        page.shape("RECTANGLE", band, "accent1")
        page.disc(page.w * 0.84, band.h, page.w * 0.11, "accent2")
        page.disc(page.w * 0.16, band.h * 0.3, page.w * 0.2, "bg1:12")
        inner = rest.inset(margin(page))
    main, foot = inner.top(inner.h - 40)
    _opening(page, main, ("tx1", "tx2"), "l", "accent2")
    page.text("{{name}}", foot.left(foot.w * 0.58)[0], SMALL, ["Name of the speaker"], anchor="b")
    page.text("{{date}}", foot.left(foot.w * 0.6)[1], SMALL, ["1 January"], align="r", anchor="b")
    return main


def _harbour_section(page: Page) -> Box:
    page.shape("RECTANGLE", Box(0, 0, page.w, page.h), "accent1")
    page.disc(page.w * 0.93, page.h * 0.1, min(page.w, page.h) * 0.3, "bg1:12")
    page.disc(page.w * 0.06, page.h * 0.97, min(page.w, page.h) * 0.16, "accent2")
    box = _whole(page).inset(24, 0)
    _opening(page, box, ("bg1", "bg1"), "l", "bg1")
    return box


def _harbour_plain(page: Page) -> Box:
    band, rest = Box(0, 0, page.w, page.h).top(116)
    page.shape("RECTANGLE", band, "accent1")
    page.shape("RECTANGLE", Box(0, 116, page.w, 7), "accent2")
    _headline(page, band.inset(margin(page), 12), "bg1")
    return rest.inset(margin(page), 0).top(40)[1].top(rest.h - 40 - margin(page))[0]


def _tinted(page: Page, box: Box, index: int) -> Box:
    page.shape("RECTANGLE", box, "bg2")
    page.shape("RECTANGLE", Box(box.x, box.y, box.w, 6), f"accent{index % 4 + 1}")
    return box.inset(22)


# night: dark, glowing shapes


def _night_cover(page: Page) -> Box:
    side = min(page.w, page.h)
    page.disc(page.w * 0.9, page.h * 0.12, side * 0.46, "accent1:18")
    page.disc(page.w * 0.97, page.h * 0.04, side * 0.3, "accent2:30")
    page.disc(page.w * 0.04, page.h * 1.0, side * 0.26, None, "accent1:60")
    page.disc(page.w * 0.04, page.h * 1.0, side * 0.2, None, "accent1:35")
    box = _whole(page).inset(20, 0)
    main, foot = box.top(box.h - 40)
    _opening(page, main, ("tx1", "tx2"), "l", "accent1")
    page.text("{{name}}", foot.top(0)[1], recolour(SMALL, "accent1"), ["Name of the speaker"], anchor="b", align="r")
    return main


def _night_section(page: Page) -> Box:
    side = min(page.w, page.h)
    for radius, opacity in ((0.62, 10), (0.46, 16), (0.3, 26)):
        page.disc(page.w / 2, page.h / 2, side * radius, f"accent1:{opacity}")
    box = _whole(page).inset(page.w * 0.08, 0)
    _opening(page, box, ("tx1", "tx1"), "ctr", "accent2")
    return box


def _night_plain(page: Page) -> Box:
    page.disc(page.w * 0.985, 0, 118, "accent1:22")
    page.disc(page.w * 0.985, 0, 72, "accent2:34")
    head, rest = _whole(page).top(84, 34)
    page.shape("RECTANGLE", Box(head.x, head.y + 10, 7, 64), "accent1")
    _headline(page, Box(head.x + 26, head.y, head.w - 130, head.h), "tx1")
    return rest


def _glass(page: Page, box: Box, index: int) -> Box:
    page.shape("ROUNDED_RECTANGLE", box, "bg2", line=f"accent{index % 4 + 1}:70", radius=14)
    return box.inset(24)


# paper: warm and centred, hairlines, an editor's page


def _paper_frame(page: Page) -> Box:
    outer = Box(0, 0, page.w, page.h).inset(margin(page) * 0.5)
    page.shape("RECTANGLE", outer, None, line="accent1:80")
    page.shape("RECTANGLE", outer.inset(8), None, line="accent1:40")
    return outer


def _paper_cover(page: Page) -> Box:
    outer = _paper_frame(page)
    for x, y in (
        (outer.x, outer.y),
        (outer.x + outer.w, outer.y),
        (outer.x, outer.y + outer.h),
        (outer.x + outer.w, outer.y + outer.h),
    ):
        page.disc(x, y, 17, "accent1")
    box = _whole(page).inset(40, 20)
    main, foot = box.top(box.h - 36)
    _opening(page, main, ("tx1", "tx2"), "ctr", "accent1")
    page.text("{{date}}", foot, SMALL, ["1 January"], align="ctr", anchor="b")
    return main


def _paper_section(page: Page) -> Box:
    bar = page.h * 0.17
    page.shape("RECTANGLE", Box(0, 0, page.w, bar), "accent1")
    page.shape("RECTANGLE", Box(0, page.h - bar, page.w, bar), "accent1")
    page.shape("DIAMOND", Box(page.w / 2 - 17, bar - 17, 34, 34), "accent2")
    page.shape("DIAMOND", Box(page.w / 2 - 17, page.h - bar - 17, 34, 34), "accent2")
    box = Box(0, bar, page.w, page.h - 2 * bar).inset(margin(page) * 2, 20)
    _opening(page, box, ("tx1", "tx2"), "ctr", None)
    return box


def _paper_plain(page: Page) -> Box:
    head, rest = _whole(page).top(76, 34)
    _headline(page, head, "accent1", "ctr")
    page.shape("RECTANGLE", Box(head.x, head.y + head.h + 12, head.w, 1.5), "tx1:60")
    page.shape("DIAMOND", Box(page.w / 2 - 8, head.y + head.h + 5, 16, 16), "accent1")
    return rest


def _ruled(page: Page, box: Box, index: int) -> Box:
    page.shape("RECTANGLE", Box(box.x, box.y, box.w, 2), "accent1")
    page.shape("RECTANGLE", Box(box.x, box.y + box.h - 1, box.w, 1), "tx1:40")
    return box.inset(8, 20)


# block: a strong panel of colour beside the content


def _block_cover(page: Page) -> Box:
    page.shape("RECTANGLE", Box(0, 0, page.w, page.h), "accent1")
    side = min(page.w, page.h)
    page.shape("RIGHT_TRIANGLE", Box(0, page.h - side * 0.4, side * 0.4, side * 0.4), "accent2")
    page.shape("RECTANGLE", Box(page.w - side * 0.22, 0, side * 0.22, side * 0.22), "accent3")
    page.shape("RECTANGLE", Box(page.w - side * 0.33, side * 0.22, side * 0.11, side * 0.11), "bg1:25")
    box = _whole(page).inset(30, 0)
    main = box.top(box.h - side * 0.13)[0]
    _opening(page, main, ("bg1", "bg1"), "l", "bg1")
    foot = Box(page.w * 0.45, page.h - margin(page) - 30, page.w * 0.55 - margin(page), 30)
    page.text("{{name}}", foot, recolour(SMALL, "bg1"), ["Name of the speaker"], align="r", anchor="b")
    return main


def _block_section(page: Page) -> Box:
    whole = Box(0, 0, page.w, page.h)
    panel, rest = whole.left(page.w * 0.3) if page.wide else whole.top(page.h * 0.28)
    page.shape("RECTANGLE", panel, "accent1")
    page.text(
        "{{number}}", panel.middle(150).inset(20, 0), Font(80, "bg1", True, True), ["1"], align="ctr", anchor="ctr"
    )
    box = rest.inset(margin(page) + 10, margin(page))
    _opening(page, box, ("tx1", "tx2"), "l", "accent2")
    return box


def _block_plain(page: Page) -> Box:
    whole = Box(0, 0, page.w, page.h)
    panel, rest = whole.left(page.w * 0.27) if page.wide else whole.top(page.h * 0.17)
    page.shape("RECTANGLE", panel, "accent1")
    if page.wide:
        page.shape("RECTANGLE", Box(0, page.h - panel.w * 0.34, panel.w * 0.34, panel.w * 0.34), "accent2")
        page.shape("RECTANGLE", Box(panel.w * 0.34, page.h - panel.w * 0.17, panel.w * 0.17, panel.w * 0.17), "accent3")
        _headline(page, panel.inset(margin(page) * 0.62, margin(page) + 10).top(320)[0], "bg1", anchor="t")
        return rest.inset(margin(page), margin(page))
    page.shape("RECTANGLE", Box(page.w - panel.h * 0.3, 0, panel.h * 0.3, panel.h * 0.3), "accent2")
    _headline(page, panel.inset(margin(page), 20), "bg1")
    return rest.inset(margin(page), 40)


def _filled(page: Page, box: Box, index: int) -> Box:
    page.shape("RECTANGLE", box, "bg2")
    page.shape("RECTANGLE", Box(box.x, box.y, 8, box.h), f"accent{index % 3 + 1}")
    return Box(box.x + 30, box.y + 20, box.w - 52, box.h - 40)


# soft: pastel ground, white rounded cards


def _soft_cover(page: Page) -> Box:
    side = min(page.w, page.h)
    page.disc(page.w * 0.02, page.h * 0.1, side * 0.3, "accent2:35")
    page.disc(page.w * 0.98, page.h * 0.94, side * 0.38, "accent1:30")
    page.disc(page.w * 0.86, page.h * 0.14, side * 0.07, "accent3:55")
    sheet = Box(0, 0, page.w, page.h).inset(page.w * 0.11, page.h * 0.13)
    page.shape("ROUNDED_RECTANGLE", sheet, "bg1", radius=40)
    box = sheet.inset(48, 36)
    main, foot = box.top(box.h - 34)
    _opening(page, main, ("tx1", "tx2"), "ctr", "accent1")
    page.text("{{name}}", foot, SMALL, ["Name of the speaker"], align="ctr", anchor="b")
    return main


def _soft_section(page: Page) -> Box:
    side = min(page.w, page.h)
    page.disc(page.w * 0.5, page.h * 0.5, side * 0.44, "bg1")
    page.disc(page.w * 0.5 - side * 0.4, page.h * 0.5 - side * 0.3, side * 0.1, "accent1:75")
    page.disc(page.w * 0.5 + side * 0.4, page.h * 0.5 + side * 0.28, side * 0.14, "accent2:60")
    box = Box(page.w / 2 - side * 0.31, page.h / 2 - 180, side * 0.62, 340)
    _opening(page, box, ("tx1", "tx2"), "ctr", "accent1")
    return box


def _soft_plain(page: Page) -> Box:
    page.disc(page.w * 0.99, page.h * 0.02, 120, "accent2:30")
    page.disc(page.w * 0.0, page.h * 0.99, 110, "accent1:25")
    head, rest = _whole(page).top(78, 20)
    _headline(page, Box(head.x, head.y, head.w - 70, head.h), "tx1")
    page.shape("ROUNDED_RECTANGLE", rest, "bg1", radius=28)
    return rest.inset(36, 32)


def _bubble(page: Page, box: Box, index: int) -> Box:
    page.shape("ROUNDED_RECTANGLE", box, f"accent{index % 4 + 1}:18", radius=20)
    return box.inset(24)


LOOKS = (
    Look(
        "harbour", "clean white with a solid band of colour behind the title",
        ("1F2937", "FFFFFF", "526071", "F1F4F8", "1D4E79", "E07A3F", "3A8D8A", "8A5A9E", "C2A33B", "6B8E4E"),
        _harbour_cover, _harbour_section, _harbour_plain, _tinted, "•", ("accent1", "bg1", "", "bg2", "tx1:20"),
    ),
    Look(
        "night", "dark with glowing circles and bright accents",
        ("EEF2FA", "111827", "B6C2D9", "1E293B", "38BDF8", "A78BFA", "34D399", "FBBF24", "F472B6", "94A3B8"),
        _night_cover, _night_section, _night_plain, _glass, "•", ("bg2", "accent1", "", "", "tx1:25"),
        "ROUNDED_RECTANGLE",
    ),
    Look(
        "paper", "pale tinted paper, centred, with fine rules like a printed page",
        ("2B2118", "FBF6EA", "6A5948", "F2E8D3", "8C2F2B", "B98A3E", "44624A", "3E5873", "7C5A72", "A0673C"),
        _paper_cover, _paper_section, _paper_plain, _ruled, "–", ("", "accent1", "", "", "tx1:35"), align="ctr",
    ),
    Look(
        "block", "bold blocks of flat colour beside the content",
        ("16181D", "FFFFFF", "4B5058", "F2F2F0", "B3261E", "F2B705", "1F6F78", "3F4E8C", "D9772B", "7A7F87"),
        _block_cover, _block_section, _block_plain, _filled, "■", ("tx1", "bg1", "bg2", "", ""),
    ),
    Look(
        "soft", "pastel with white rounded cards and soft round shapes",
        ("2E2A47", "FFFFFF", "625D80", "ECE9F8", "6C5CB8", "E08FA8", "5BA3B0", "E3A857", "7FB069", "9A8FBF"),
        _soft_cover, _soft_section, _soft_plain, _bubble, "•", ("accent1", "bg1", "", "bg2", ""), "ROUNDED_RECTANGLE",
    ),
)  # fmt: skip
