"""Shapes of GeoJSON (RFC 7946) as grids have them: polygons in degrees, longitude first, not crossing themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from shapely import Point, STRtree, prepare
from shapely.geometry import shape as shapely_shape
from shapely.validation import explain_validity

Shape = dict[str, Any]  # {"type": "Polygon" | "MultiPolygon", "coordinates": …}

MOST_POINTS = 20_000
FIGURES = 6  # of a degree: about 0.1 m
METRES_PER_DEGREE = 111_320
# Two grids that share a street may overlap by the width of a pen; less than this share of the smaller one is let be.
LEAST_OVERLAP = 0.005


class ShapeError(ValueError):
    """A shape that cannot be a grid's bounds; the message says why and what to do, in the reader's language."""


def read_shape(raw: object) -> Shape:
    """A Polygon or MultiPolygon, checked and brought to one form; a Feature or a collection of one is opened."""
    raw = _opened(raw)
    if not isinstance(raw, dict) or raw.get("type") not in {"Polygon", "MultiPolygon"}:
        said = raw.get("type") if isinstance(raw, dict) else None
        raise ShapeError(f"范围要用多边形（Polygon），这里是 {said or '别的内容'}，请重新画或导出。")
    given = raw.get("coordinates")
    polygons = [given] if raw["type"] == "Polygon" else given
    if not isinstance(polygons, list) or not polygons:
        raise ShapeError("范围里没有坐标，请重新画或导出。")
    read = [_rings(polygon) for polygon in polygons]
    if sum(len(ring) for rings in read for ring in rings) > MOST_POINTS:
        raise ShapeError(f"范围的点超过 {MOST_POINTS} 个，请先在制图软件里简化。")
    made: Shape = (
        {"type": "Polygon", "coordinates": read[0]} if len(read) == 1 else {"type": "MultiPolygon", "coordinates": read}
    )
    built = shapely_shape(made)
    if not built.is_valid:
        raise ShapeError(_invalid(explain_validity(built)))
    if built.area == 0:
        raise ShapeError("范围没有面积，请重新画。")
    return made


def _opened(raw: object) -> object:
    """The geometry within a Feature, a collection of one feature, or a GeometryCollection of one."""
    for _ in range(3):
        if not isinstance(raw, dict):
            return raw
        if raw.get("type") == "Feature":
            raw = raw.get("geometry")
        elif raw.get("type") in {"FeatureCollection", "GeometryCollection"}:
            inside = raw.get("features", raw.get("geometries"))
            if not isinstance(inside, list) or len(inside) != 1:
                raise ShapeError("这里要一个范围，文件里却不是一个；整个社区的网格请用“导入 GeoJSON”。")
            raw = inside[0]
    return raw


def _rings(polygon: object) -> list[list[list[float]]]:
    if not isinstance(polygon, list) or not polygon:
        raise ShapeError("范围里没有坐标，请重新画或导出。")
    return [_ring(ring) for ring in polygon]


def _ring(ring: object) -> list[list[float]]:
    if not isinstance(ring, list):
        raise ShapeError("坐标的层次不对：多边形应是 [[[经度, 纬度], …]]。")
    points = [_point(point) for point in ring]
    if len(points) < 4:
        raise ShapeError("一圈边界至少要三个角，最后一点回到第一点，请重新画。")
    if points[0] != points[-1]:
        raise ShapeError("边界没有闭合：最后一点应与第一点相同，请补上。")
    return points


def _point(point: object) -> list[float]:
    if not isinstance(point, list) or not 2 <= len(point) <= 4:
        raise ShapeError("坐标应是 [经度, 纬度] 两个数，请核对。")
    longitude, latitude = (_number(value) for value in point[:2])
    if not -180 <= longitude <= 180 or not -90 <= latitude <= 90:
        swapped = -90 <= longitude <= 90 and -180 <= latitude <= 180
        hint = "好像把经度和纬度写反了" if swapped else "可能不是 WGS84 经纬度（如是平面坐标，请先转换）"
        raise ShapeError(f"坐标 [{longitude:g}, {latitude:g}] 超出经纬度范围，{hint}，请核对。")
    return [round(longitude, FIGURES), round(latitude, FIGURES)]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:  # NaN is not either
        raise ShapeError("坐标应是 [经度, 纬度] 两个数，请核对。")
    return float(value)


def _invalid(why: str) -> str:
    reason, _, at = why.partition("[")
    where = f"（在 {at.rstrip(']').replace(' ', ', ')} 附近）" if at else ""
    if "Self-intersection" in reason:
        return f"边界自己交叉了{where}，请把交叉的地方改开。"
    if "Hole" in reason or "Nested" in reason or "Interior" in reason:
        return f"范围里挖去的部分不在范围之内{where}，请重新画。"
    return f"边界有重复或挤在一起的点{where}，请重新画。"


def overlaps(shapes: Sequence[Shape]) -> list[tuple[int, int, float]]:
    """Pairs of shapes that cover common ground, by their places in the list, with the common area in square metres."""
    built = [shapely_shape(shape) for shape in shapes]
    if len(built) < 2:
        return []
    found = []
    for one, other in sorted(zip(*STRtree(built).query(built, predicate="intersects").tolist(), strict=True)):
        if one >= other:
            continue
        common = built[one].intersection(built[other])
        if common.area > LEAST_OVERLAP * min(built[one].area, built[other].area):
            found.append((one, other, common.area * _square_metres(common.centroid.y)))
    return found


def area(shape: Shape) -> float:
    """In square metres, to about one per cent: enough to notice a grid drawn ten times too large."""
    built = shapely_shape(shape)
    return float(built.area) * _square_metres(built.centroid.y)


def _square_metres(latitude: float) -> float:
    """Of one square degree at a latitude."""
    return METRES_PER_DEGREE**2 * math.cos(math.radians(latitude))


def inside(shape: Shape, points: Iterable[tuple[float, float]]) -> list[bool]:
    """Which of the points, longitude first, the shape covers."""
    built = shapely_shape(shape)
    prepare(built)
    return [bool(built.covers(Point(point))) for point in points]


def middle(shape: Shape) -> tuple[float, float]:
    """A point within the shape at which its name can be written."""
    point = shapely_shape(shape).representative_point()
    return (point.x, point.y)
