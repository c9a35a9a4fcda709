"""Icons as strokes on a grid of 24 by 24, all drawn by us.

The notation: `M x y`, `L x y …`, `C x1 y1 x2 y2 x y`, `Z` as in SVG; `O x y r` a circle, `R x y w h r` a rounded
rectangle, `A x y r from sweep` an arc in degrees, `D x y` a dot.
"""

# ruff: noqa: E501  (an icon is one line, as in a table)

from __future__ import annotations

from functools import cache

import skia

GRID = 24

_STROKES = {
    "home": "M3 11 L12 3.5 21 11 M5.5 9.5 L5.5 20 18.5 20 18.5 9.5 M10 20 L10 14 14 14 14 20",
    "search": "O 10.5 10.5 6.5 M15.5 15.5 L21 21",
    "user": "O 12 8 4 M4 20.5 C4 16 8 14.5 12 14.5 C16 14.5 20 16 20 20.5",
    "users": "O 9 8 3.5 M2.5 20 C2.5 16 6 14.5 9 14.5 C12 14.5 15.5 16 15.5 20 A 16 8 3.5 -100 190 M18 14.8 C20 15.5 21.5 17 21.5 20",
    "bell": "M6 17 L6 11 C6 3 18 3 18 11 L18 17 M4 17 L20 17 M10 20.5 L14 20.5",
    "gear": "O 12 12 3.2 O 12 12 7 M12 2.5 L12 5 M12 19 L12 21.5 M2.5 12 L5 12 M19 12 L21.5 12 M5.3 5.3 L7 7 M17 17 L18.7 18.7 M18.7 5.3 L17 7 M7 17 L5.3 18.7",
    "heart": "M12 20.5 C4 15 2.5 11 2.5 8.5 C2.5 3.5 9.5 2.5 12 7 C14.5 2.5 21.5 3.5 21.5 8.5 C21.5 11 20 15 12 20.5 Z",
    "star": "M12 3 L14.8 8.9 21.2 9.7 16.5 14.1 17.7 20.5 12 17.4 6.3 20.5 7.5 14.1 2.8 9.7 9.2 8.9 Z",
    "cart": "M2.5 4 L5.5 4 8 15.5 18.5 15.5 21 7 6.2 7 O 9 19.5 1.4 O 17.5 19.5 1.4",
    "bag": "M4.5 8 L19.5 8 20.5 20.5 3.5 20.5 Z M8.5 8 C8.5 2 15.5 2 15.5 8",
    "chat": "R 3 4 18 13 4 M8 17 L8 21 12.5 17 D 8 10.5 D 12 10.5 D 16 10.5",
    "mail": "R 3 5 18 14 2 M3.5 7 L12 13 20.5 7",
    "calendar": "R 3.5 5 17 15.5 2.5 M3.5 10 L20.5 10 M8 3 L8 7 M16 3 L16 7",
    "pin": "M12 21.5 C6 15 5 12 5 9.5 C5 0.8 19 0.8 19 9.5 C19 12 18 15 12 21.5 Z O 12 9.5 2.5",
    "map": "M3 6 L9 3.5 15 6 21 3.5 21 18 15 20.5 9 18 3 20.5 Z M9 3.5 L9 18 M15 6 L15 20.5",
    "camera": "R 3 7 18 13 2.5 M8 7 L9.5 4.5 14.5 4.5 16 7 O 12 13.3 3.6",
    "lock": "R 5 10.5 14 10 2.5 M8 10.5 L8 8 C8 2.5 16 2.5 16 8 L16 10.5 D 12 15.5",
    "key": "O 8 15.5 4.5 M11.2 12.2 L20 3.5 M16.5 7 L19.5 10",
    "phone": "M5 4 L9 3.5 11 8.5 8.5 10.5 C9.8 13.2 11.5 14.8 14 16 L16 13.5 21 15.5 20.5 19.5 C12 22 2.5 13 5 4 Z",
    "clock": "O 12 12 9 M12 7 L12 12 15.5 14",
    "chart": "M3.5 3.5 L3.5 20.5 20.5 20.5 M8 17 L8 12 M12.5 17 L12.5 7 M17 17 L17 10",
    "trend": "M3 17 L9 11 13 14.5 21 6.5 M15.5 6.5 L21 6.5 21 12",
    "list": "M8.5 6 L20.5 6 M8.5 12 L20.5 12 M8.5 18 L20.5 18 D 4 6 D 4 12 D 4 18",
    "grid": "R 3.5 3.5 7 7 1.5 R 13.5 3.5 7 7 1.5 R 3.5 13.5 7 7 1.5 R 13.5 13.5 7 7 1.5",
    "plus": "M12 4.5 L12 19.5 M4.5 12 L19.5 12",
    "minus": "M4.5 12 L19.5 12",
    "check": "M4.5 12.5 L10 18 20 6.5",
    "cross": "M5.5 5.5 L18.5 18.5 M18.5 5.5 L5.5 18.5",
    "back": "M15 4.5 L7.5 12 15 19.5",
    "next": "M9 4.5 L16.5 12 9 19.5",
    "down": "M4.5 9 L12 16.5 19.5 9",
    "up": "M4.5 15 L12 7.5 19.5 15",
    "arrow": "M4 12 L20 12 M14 6 L20 12 14 18",
    "menu": "M3.5 6.5 L20.5 6.5 M3.5 12 L20.5 12 M3.5 17.5 L20.5 17.5",
    "dots": "D 5 12 D 12 12 D 19 12",
    "more": "D 12 5 D 12 12 D 12 19",
    "play": "M7 4 L20 12 7 20 Z",
    "pause": "M8 4.5 L8 19.5 M16 4.5 L16 19.5",
    "forward": "M4 5 L13 12 4 19 Z M13 5 L13 19 M13 5 L21 12 13 19",
    "rewind": "M20 5 L11 12 20 19 Z M11 5 L11 19 M11 5 L3 12 11 19",
    "shuffle": "M3 7 L7 7 16 17 21 17 M3 17 L7 17 9.5 14.2 M13.5 9.8 L16 7 21 7 M18.5 4.5 L21 7 18.5 9.5 M18.5 14.5 L21 17 18.5 19.5",
    "loop": "M4 11 L4 9.5 C4 7.5 5.5 6.5 7 6.5 L20 6.5 M17 3.5 L20 6.5 17 9.5 M20 13 L20 14.5 C20 16.5 18.5 17.5 17 17.5 L4 17.5 M7 14.5 L4 17.5 7 20.5",
    "download": "M12 3.5 L12 15 M7 10.5 L12 15.5 17 10.5 M4 20 L20 20",
    "upload": "M12 15.5 L12 4 M7 8.5 L12 3.5 17 8.5 M4 20 L20 20",
    "share": "O 6 12 2.5 O 17.5 5.5 2.5 O 17.5 18.5 2.5 M8.2 10.8 L15.3 6.8 M8.2 13.2 L15.3 17.2",
    "bookmark": "M6 3.5 L18 3.5 18 20.5 12 15.8 6 20.5 Z",
    "filter": "M3.5 5 L20.5 5 14 12.5 14 19.5 10 17.5 10 12.5 Z",
    "sliders": "M4 7 L12 7 M17 7 L20 7 O 14.5 7 2.2 M4 17 L6 17 M11 17 L20 17 O 8.5 17 2.2",
    "folder": "M3 19 L3 5.5 9 5.5 11 8 21 8 21 19 Z",
    "file": "M6 3 L14 3 19 8 19 21 6 21 Z M14 3 L14 8 19 8",
    "trash": "M4 6.5 L20 6.5 M9 6.5 L9 3.5 15 3.5 15 6.5 M6 6.5 L7 20.5 17 20.5 18 6.5 M10.2 10.5 L10.2 16.5 M13.8 10.5 L13.8 16.5",
    "edit": "M4 20 L4.8 16 16 4.8 19.2 8 8 19.2 Z M13.5 7.3 L16.7 10.5",
    "eye": "M2 12 C6 4 18 4 22 12 C18 20 6 20 2 12 Z O 12 12 3",
    "globe": "O 12 12 9 M3 12 L21 12 M12 3 C6.5 8 6.5 16 12 21 M12 3 C17.5 8 17.5 16 12 21",
    "sun": "O 12 12 4 M12 2.5 L12 4.5 M12 19.5 L12 21.5 M2.5 12 L4.5 12 M19.5 12 L21.5 12 M5.3 5.3 L6.7 6.7 M17.3 17.3 L18.7 18.7 M18.7 5.3 L17.3 6.7 M6.7 17.3 L5.3 18.7",
    "moon": "M20 14.5 C10 18.5 5.5 10 10 3.5 C1 5.5 1 19.5 11 21 C15.5 21.2 19 18.5 20 14.5 Z",
    "cloud": "M7 19 C1.5 19 1.5 12 6.5 11.5 C7 4.5 16.5 4.5 17.5 10.5 C23 10.5 23 19 17.5 19 Z",
    "rain": "M7 15 C1.5 15 1.5 8.5 6.5 8 C7 2 16.5 2 17.5 7.5 C23 7.5 23 15 17.5 15 Z M8 18 L7 21 M12.5 18 L11.5 21 M17 18 L16 21",
    "bolt": "M13.5 2.5 L5 13.5 11.5 13.5 10.5 21.5 19 10.5 12.5 10.5 Z",
    "wifi": "A 12 18 14 -135 90 A 12 18 9 -135 90 A 12 18 4.5 -135 90 D 12 18",
    "shield": "M12 2.5 L20 5.5 20 11 C20 16.5 16.5 20 12 21.5 C7.5 20 4 16.5 4 11 L4 5.5 Z M8.5 11.5 L11.2 14.2 15.8 9.2",
    "card": "R 2.5 5 19 14 2.5 M2.5 9.5 L21.5 9.5 M6 15 L10 15",
    "truck": "M2.5 5.5 L14 5.5 14 17 2.5 17 Z M14 9 L18.5 9 21.5 12.5 21.5 17 14 17 O 7 18 2 O 17.5 18 2",
    "gift": "R 3.5 8 17 4 1 M5 12 L5 20.5 19 20.5 19 12 M12 8 L12 20.5 M12 8 C6 8 6 2.5 9 2.5 C11 2.5 12 5 12 8 C12 5 13 2.5 15 2.5 C18 2.5 18 8 12 8",
    "tag": "M3.5 3.5 L12 3.5 21 12.5 12.5 21 3.5 12 Z D 8 8",
    "leaf": "M4 20 C4 8 10 4 20 4 C20 14 16 20 8 18 M4 20 C7 15 10 12 14 10",
    "cup": "M4 8 L17 8 16 18 C15.8 19.5 14.8 20 13.5 20 L7.5 20 C6 20 5.2 19.5 5 18 Z M17 10 C22 10 22 16 16.4 16 M8 2.5 L8 5 M12.5 2.5 L12.5 5",
    "plane": "M21.5 3 L2.5 10.5 9.5 13.5 12.5 21 Z M9.5 13.5 L21.5 3",
    "flight": "M12 2.5 C10.5 4 10.5 6 10.5 9 L3 14 3 16 10.5 13.8 10.5 18.5 8 20.2 8 21.5 12 20.5 16 21.5 16 20.2 13.5 18.5 13.5 13.8 21 16 21 14 13.5 9 C13.5 6 13.5 4 12 2.5 Z",
    "bed": "M3 5 L3 20 M3 16 L21 16 M21 20 L21 12 C21 10.5 20 10 19 10 L10.5 10 10.5 16 O 6.7 11.5 2",
    "car": "M3 17 L3 12.5 5.5 6.5 18.5 6.5 21 12.5 21 17 Z M3 12.5 L21 12.5 M5 17 L5 19.5 M19 17 L19 19.5 D 7 15 D 17 15",
    "music": "O 6.5 17.5 3 O 17.5 15.5 3 M9.5 17.5 L9.5 5.5 20.5 3.5 20.5 15.5",
    "mic": "R 9 2.5 6 11.5 3 M5 11 C5 20 19 20 19 11 M12 18 L12 21.5 M8.5 21.5 L15.5 21.5",
    "image": "R 3 4 18 16 2.5 M3.5 17 L9 11 14 16.5 17 13.5 20.5 17 O 15.5 8.7 1.6",
    "link": "M10 14 L14 10 M11 7 L13.5 4.5 C16.5 1.8 22.2 7.5 19.5 10.5 L17 13 M13 17 L10.5 19.5 C7.5 22.2 1.8 16.5 4.5 13.5 L7 11",
    "send": "M3.5 4 L21 12 3.5 20 6 12 Z M6 12 L21 12",
    "smile": "O 12 12 9 D 9 9.8 D 15 9.8 A 12 11.8 4.4 25 130",
    "flag": "M5 21.5 L5 3.5 M5 4.5 C9 2 13 7 19 4.5 L19 13 C13 15.5 9 10.5 5 13",
    "help": "O 12 12 9 A 12 9.8 2.6 -170 245 M12 12.4 L12 14 D 12 17",
    "info": "O 12 12 9 M12 11 L12 16.5 D 12 7.7",
    "ticket": "M3 6 L21 6 21 9.8 C18.2 9.8 18.2 14.2 21 14.2 L21 18 3 18 3 14.2 C5.8 14.2 5.8 9.8 3 9.8 Z M13.5 9 L13.5 10 M13.5 12 L13.5 13 M13.5 15 L13.5 15.5",
    "book": "M12 6 C9 4 6 4 3 5 L3 19 C6 18 9 18 12 20 C15 18 18 18 21 19 L21 5 C18 4 15 4 12 6 Z M12 6 L12 20",
    "wallet": "R 3 6 18 14 3 M3 9 L17 4 17 6 D 17 13.5 M14 10.5 L21 10.5 M14 16.5 L21 16.5",
    "pulse": "M2.5 12 L7 12 9.5 5 14 19 16.5 12 21.5 12",
    "palette": "M12 3 C6 3 3 7.5 3 12 C3 17 7 21 12 21 C14 21 14 19 13.3 17.8 C12.5 16 13.5 15 15.5 15 C19 15 21 13.5 21 11 C21 6.5 17 3 12 3 Z D 8 9 D 12.5 7 D 17 9.5 D 7 13.5",
}  # fmt: skip


def names() -> tuple[str, ...]:
    return tuple(_STROKES)


def strokes(icon: str) -> str:
    """The notation of an icon of `names`."""
    return _STROKES[icon]


def draw(
    canvas: skia.Canvas, icon: str, box: tuple[float, float, float], paint: skia.Paint, stroke: float = 1.8
) -> None:
    """Draws `icon` into the square (left, top, side) in pixels; `stroke` is its width on the grid of 24."""
    left, top, side = box
    canvas.save()
    canvas.translate(left, top)
    canvas.scale(side / GRID, side / GRID)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(stroke)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    canvas.drawPath(path(strokes(icon)), paint)
    canvas.restore()


@cache
def path(notation: str) -> skia.Path:
    """The path that the notation of this file describes."""
    result = skia.PathBuilder()
    tokens = notation.split()
    at, verb = 0, ""
    while at < len(tokens):
        if tokens[at][0].isalpha():
            verb = tokens[at][0]
            tokens[at] = tokens[at][1:]
            at += not tokens[at]
            if verb == "Z":
                result.close()
                continue
        count = {"M": 2, "L": 2, "D": 2, "C": 6, "O": 3, "R": 5, "A": 5}[verb]
        _add(result, verb, [float(each) for each in tokens[at : at + count]])
        at += count
    return result.detach()


def _add(result: skia.PathBuilder, verb: str, n: list[float]) -> None:
    if verb == "M":
        result.moveTo(n[0], n[1])
    elif verb == "L":
        result.lineTo(n[0], n[1])
    elif verb == "C":
        result.cubicTo(*n)
    elif verb == "D":
        result.addCircle(n[0], n[1], 0.5)
    elif verb == "O":
        result.addCircle(n[0], n[1], n[2])
    elif verb == "R":
        result.addRRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(*n[:4]), n[4], n[4]))
    else:
        x, y, r, start, sweep = n
        result.addArc(skia.Rect.MakeLTRB(x - r, y - r, x + r, y + r), start, sweep)
