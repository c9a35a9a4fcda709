"""Boxes of a template as CSS: flexbox for rows and columns, a grid of one cell for stacks, and how they are painted."""

from __future__ import annotations

from synth.complex.flex import Box, Insets, Length
from synth.complex.paint import corner, covers
from synth.complex.stage import Part
from synth.complex.theme import Theme
from synth.palette import Colour

ALONG = {
    "start": "flex-start",
    "centre": "center",
    "end": "flex-end",
    "between": "space-between",
    "around": "space-around",
}
ACROSS = {"start": "start", "centre": "center", "end": "end", "stretch": "stretch"}

Style = dict[str, str]
"""CSS properties and their values."""


def written(style: Style) -> str:
    """As it stands in a `style` attribute."""
    return ";".join(f"{name}:{value}" for name, value in style.items())


def px(value: float) -> str:
    return f"{value:.4g}px" if abs(value) < 1 else f"{value:.2f}px"


def rgba(colour: Colour, opacity: float = 1.0) -> str:
    return f"rgb({colour[0]} {colour[1]} {colour[2]} / {opacity:.4g})"


def inside(part: Part) -> Style:
    """How a part places its children."""
    style = {"padding": " ".join(px(each) for each in part.padding)}
    if part.direction in ("row", "column"):
        style |= {"display": "flex", "flex-direction": part.direction, "gap": px(part.gap)}
        style |= {"align-items": ACROSS[part.align], "justify-content": ALONG[part.justify]}
    elif part.direction == "stack":
        style |= {"display": "grid", "grid": "minmax(0,1fr) / minmax(0,1fr)"}
    return style


def outside(part: Part, parent: Box | None) -> Style:
    """How large a part is, and where it stands in its parent; without a parent it fills what it is put into."""
    if parent is None:
        return {"width": "100%", "height": "100%"}
    style = _sizes(part)
    if parent.direction == "row":
        return style | _in_row(part, parent)
    if parent.direction == "column":
        return style | _in_column(part, parent)
    return style | _in_stack(part, parent)


def _sizes(part: Part) -> Style:
    style: Style = {}
    wide, high = _measured(part)
    for name, own, measured in (("width", part.width, wide), ("height", part.height, high)):
        if own or measured:
            style[name] = _length(own) if own else measured
    if part.most_width != float("inf"):
        style["max-width"] = px(part.most_width)
    if part.least_height:
        style["min-height"] = px(part.least_height)
    if part.aspect:
        style["aspect-ratio"] = f"{part.aspect:.4f}"
    return style


def _measured(part: Part) -> tuple[str, str]:
    """Width and height of a small widget, which bring their own; texts are left to the browser."""
    if part.measure is None or part.words:
        return "", ""
    wide, high = part.measure(0.0)
    return px(wide) if wide else "100%", px(high)


def _length(length: Length) -> str:
    return f"{100 * length.value:.4f}%" if length.share else px(length.value)


def _in_row(part: Part, parent: Box) -> Style:
    basis = "auto" if part.width or not part.grow else "0px"
    style = {"flex": f"{part.grow:g} {int(part.shrinks and not part.width)} {basis}", "min-width": "0"}
    if part.own:
        style["align-self"] = ACROSS[part.own]
    if part.aspect and (part.own or parent.align) == "stretch":
        style["align-self"] = "start"
    return style | ({"width": "100%"} if _greedy(part) and not part.width and not part.grow else {})


def _in_column(part: Part, parent: Box) -> Style:
    how = part.own or parent.align
    style = {"flex": f"{part.grow:g} 0 {'0px' if part.grow else 'auto'}"}
    if part.own:
        style["align-self"] = ACROSS[part.own]
    if part.grow and not part.least_height:
        style["min-height"] = "min-content"
    wide = (_greedy(part) or (part.aspect and not part.height)) and how != "stretch" and not part.width
    return (
        style | ({"width": "100%"} if wide else {}) | ({"max-width": "100%"} if part.most_width == float("inf") else {})
    )


def _in_stack(part: Part, parent: Box) -> Style:
    style = {"grid-area": "1 / 1"}
    if part.own == "fill":
        return style | {"position": "absolute", "inset": _inset(parent.padding), "width": "auto", "height": "auto"}
    if not part.own:
        return style | {"place-self": "stretch", "width": "auto", "height": "auto"}
    across = "end" if "right" in part.own else "start" if "left" in part.own else "center"
    down = "end" if "bottom" in part.own else "start" if "top" in part.own else "center"
    wide = not part.width and across == "center" and "centre" not in part.own
    return style | {"align-self": down, "justify-self": "stretch" if wide else across}


def _inset(padding: Insets) -> str:
    return " ".join(px(each) for each in padding)


def _greedy(part: Part) -> bool:
    """Whether a row takes all the width there is, because some of its children grow."""
    return part.direction == "row" and any(child.grow for child in part.children)


def painted(part: Part, theme: Theme) -> Style:
    """Fill, border, corners, shadow and veil of a part."""
    settings, style, shadows = part.settings, Style(), []
    colour = theme[settings["fill"]] if "fill" in settings else theme["scrim"]
    if "border" in settings:
        wide = max(1.0, settings.get("border_width", 1.0) * part.scale)
        shadows.append(f"inset 0 0 0 {px(wide)} {rgba(theme[settings['border']])}")
    if "fade" in settings:
        style["background"] = _veil(colour, settings["fade"])
    elif "fill" in settings:
        style["background"] = rgba(colour, settings.get("opacity", 1.0))
        if settings.get("shadow") and not theme.flat:
            depth = settings["shadow"] * part.scale
            shade = rgba((8, 12, 28), 0.16 if theme.mode == "light" else 0.5)
            shadows.append(f"0 {px(depth * 0.3)} {px(max(1.0, depth))} {shade}")
    if shadows:
        style["box-shadow"] = ",".join(shadows)
    if settings.get("radius"):
        style["border-radius"] = px(corner(part, theme))
        if any(covers(child) for child in part.children):
            style["overflow"] = "clip"
    return style


def _veil(colour: Colour, way: str) -> str:
    clear, half, full = (rgba(colour, alpha / 255) for alpha in (0, 175, 235))
    if way == "up":
        return f"linear-gradient(to bottom,{full} 0%,{half} 50%,{clear} 90%)"
    return f"linear-gradient(to bottom,{clear} 10%,{half} 50%,{full} 100%)"
