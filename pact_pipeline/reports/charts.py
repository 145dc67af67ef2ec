"""Charts as static SVG: built once with Altair, filled with released figures, drawn by vl-convert.

A chart takes `Released` figures and draws only those that are `sayable`: a hidden or small one leaves a gap, not a
zero and not a mark. Each SVG carries role, title and description and uses the reader's own sans-serif font. Equal
content is drawn once. Building a specification with Altair validates it (10 to 80 ms), so that is done once per kind
of chart and the data are put in afterwards; a drawing then costs about 50 ms.
"""

import copy
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any, Final

import altair as alt
import vl_convert

from pact_pipeline.release import Released
from pact_pipeline.reports.model import Svg

# Both have a contrast of more than 4.5 to 1 against white, and differ in lightness, so that they differ in grey print
# too.
COUNCIL: Final = "#0b4a84"
SCOTLAND: Final = "#767b80"
INK: Final = "#333a40"
GRID: Final = "#e3e6e8"
VEGA_LITE: Final = "6.4"

CONFIG: Final[dict[str, Any]] = {
    "aria": False,  # the whole picture has one description; its parts stand in the data table
    "font": "sans-serif",
    "background": "transparent",
    "view": {"stroke": "transparent"},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": "#8a9299",
        "tickColor": "#8a9299",
        "labelLimit": 300,
    },
    "header": {"labelFontSize": 13, "labelColor": INK, "labelFontWeight": "bold", "labelLimit": 300},
}


@dataclass(frozen=True)
class Point:
    """A released figure at a place on the axis of words."""

    at: str
    figure: Released


@dataclass(frozen=True)
class CurvePoint:
    """A released share at so many months, for one kind of end and area."""

    kind: str
    area: str
    months: float
    share: Released


def months_line(title: str, description: str, points: Sequence[Point], unit: str) -> Svg | None:
    """A line over months, with gaps; None if fewer than two points may be drawn."""
    values = [{"at": p.at, "n": p.figure.number if p.figure.sayable else None} for p in points]
    if sum(v["n"] is not None for v in values) < 2:
        return None
    spec = _months_line()
    for layer in spec["layer"]:  # one layer without the order would put the months in the order of the alphabet
        layer["encoding"]["x"]["sort"] = [p.at for p in points]
    spec["layer"][0]["encoding"]["y"]["title"] = unit
    return _drawn(spec, {"main": values, "labels": _ends(values)}, title, description)


def stage_bars(title: str, description: str, points: Sequence[Point], unit: str) -> Svg | None:
    """Bars by stage in the order given; None if fewer than two may be drawn."""
    values = [{"at": p.at, "n": p.figure.number} for p in points if p.figure.sayable]
    if len(values) < 2:
        return None
    spec = _stage_bars()
    for layer in spec["layer"]:
        layer["encoding"]["y"]["sort"] = [p.at for p in points]
        layer["encoding"]["x"]["title"] = unit
    return _drawn(spec, {"main": values}, title, description)


def kinds_curves(title: str, description: str, points: Sequence[CurvePoint], kinds: Sequence[str]) -> Svg | None:
    """A small chart by kind of end: Scotland as a line, the council as dots; None if nothing may be drawn."""
    drawn = [p for p in points if p.share.sayable]
    if not drawn:
        return None
    values = [{"kind": p.kind, "area": p.area, "months": p.months, "share": p.share.number} for p in drawn]
    spec = _kinds_curves()
    spec["facet"]["sort"] = list(kinds)
    return _drawn(spec, {"main": values}, title, description)


def sparkline(title: str, description: str, points: Sequence[Released]) -> Svg | None:
    """A line without axes, for a list or a tooltip; None if fewer than two points may be drawn."""
    values = [{"at": i, "n": p.number if p.sayable else None} for i, p in enumerate(points)]
    if sum(v["n"] is not None for v in values) < 2:
        return None
    return _drawn(_sparkline(), {"main": values}, title, description)


def _ends(values: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first and last drawn points: the two that carry a number."""
    drawn = [v for v in values if v["n"] is not None]
    return [drawn[0], drawn[-1]]


def _months_line() -> dict[str, Any]:
    return copy.deepcopy(_months_line_once())


@cache
def _months_line_once() -> dict[str, Any]:
    x = alt.X("at:N", title=None, axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')", labelLineHeight=15))
    y = alt.Y("n:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=5, tickMinStep=1, domain=False))
    line = alt.Chart(alt.NamedData("main")).mark_line(
        color=COUNCIL, strokeWidth=2.5, point=alt.OverlayMarkDef(size=55, color=COUNCIL, filled=True)
    )
    label = alt.Chart(alt.NamedData("labels")).mark_text(dy=-14, fontSize=14, fontWeight="bold", color=INK)
    return _specification(
        alt.layer(
            line.encode(x=x, y=y), label.encode(x=alt.X("at:N"), y=alt.Y("n:Q"), text=alt.Text("n:Q", format=","))
        )
        .properties(width=640, height=230)
        .configure(**CONFIG)
    )


def _stage_bars() -> dict[str, Any]:
    return copy.deepcopy(_stage_bars_once())


@cache
def _stage_bars_once() -> dict[str, Any]:
    chart = alt.Chart(alt.NamedData("main")).encode(
        x=alt.X("n:Q", axis=alt.Axis(tickCount=5, tickMinStep=1, domain=False)),
        y=alt.Y("at:N", title=None, axis=alt.Axis(minExtent=230)),
    )
    label = chart.mark_text(align="left", dx=6, fontSize=13, fontWeight="bold", color=INK)
    return _specification(
        alt.layer(chart.mark_bar(color=COUNCIL, height={"band": 0.62}), label.encode(text=alt.Text("n:Q", format=",")))
        .properties(width=430, height={"step": 38})
        .configure(**CONFIG)
    )


def _kinds_curves() -> dict[str, Any]:
    return copy.deepcopy(_kinds_curves_once())


@cache
def _kinds_curves_once() -> dict[str, Any]:
    x = alt.X(
        "months:Q",
        title="Months since leaving home",
        scale=alt.Scale(domain=[0, 36]),
        axis=alt.Axis(values=[0, 12, 24, 36], grid=False),
    )
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4, domain=False), scale=alt.Scale(zero=True))
    chart = alt.Chart().encode(x=x, y=y)
    line = chart.mark_line(interpolate="step-after", color=SCOTLAND, strokeWidth=2.5).transform_filter(
        "datum.area == 'Scotland'"
    )
    dots = chart.mark_point(filled=True, size=90, color=COUNCIL, opacity=1).transform_filter("datum.area != 'Scotland'")
    return _specification(
        alt.layer(line, dots, data=alt.NamedData("main"))
        .properties(width=215, height=125)
        .facet(facet=alt.Facet("kind:N", title=None, header=alt.Header(labelAnchor="start")), columns=3)
        .resolve_axis(x="independent")
        .configure(**CONFIG)
    )


def _sparkline() -> dict[str, Any]:
    return copy.deepcopy(_sparkline_once())


@cache
def _sparkline_once() -> dict[str, Any]:
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    return _specification(
        alt.Chart(alt.NamedData("main"))
        .mark_line(color=COUNCIL, strokeWidth=2, point=alt.OverlayMarkDef(size=24, color=COUNCIL))
        .encode(
            x=alt.X("at:O", title=None, axis=hidden),
            y=alt.Y("n:Q", title=None, axis=hidden, scale=alt.Scale(zero=False, padding=6)),
        )
        .properties(width=220, height=48)
        .configure(**CONFIG)
    )


def _specification(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _drawn(spec: dict[str, Any], data: dict[str, list[dict[str, Any]]], title: str, description: str) -> Svg:
    return _svg(json.dumps(spec | {"datasets": data}, sort_keys=True), title, description)


@lru_cache(maxsize=256)
def _svg(spec: str, title: str, description: str) -> Svg:
    """The picture, with the names that assistive technology reads. Its id comes from its content, as does all of it."""
    raw = vl_convert.vegalite_to_svg(json.loads(spec), vl_version=VEGA_LITE)
    key = f"chart-{zlib.crc32((spec + title).encode()):08x}"
    head, body = re.match(r"<svg([^>]*)>(.*)", raw, re.DOTALL).groups()  # type: ignore[union-attr]
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    assert box is not None, "vl-convert gives every picture a view box"
    width = float(box[1]) + 28  # a reader's font may be wider than the one the picture was measured with
    body = re.sub(r'(id="|url\(#)(?=[a-z]+\d)', rf"\1{key}-", body)  # several pictures stand on one page
    body = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", body)  # one picture, one description
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-title {key}-desc" '
        f'viewBox="-8 0 {width} {box[2]}" width="{width}" height="{box[2]}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>{body}'
    )
