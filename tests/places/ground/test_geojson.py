"""What a file of grids may hold, and what is said of one that is wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from nianlun.places.rules.geojson import FileError, Known, read_collection, write_collection
from nianlun.places.rules.shapes import ShapeError, area, inside, overlaps, read_shape

KNOWN = [Known("1", "wt-1", "第一网格"), Known("2", "wt-2", "第二网格")]


def square(west: float = 120.0, south: float = 30.0, size: float = 0.01) -> dict[str, Any]:
    east, north = round(west + size, 6), round(south + size, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def ring(*points: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(points)]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **others: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **others})


def test_good_shapes_are_read() -> None:
    assert read_shape(square()) == square()
    assert read_shape(feature(square())) == square()
    assert read_shape(json.loads(collection(feature(square())))) == square()
    several = {"type": "MultiPolygon", "coordinates": [square()["coordinates"], square(121)["coordinates"]]}
    assert read_shape(several) == several
    one = {"type": "MultiPolygon", "coordinates": [square()["coordinates"]]}
    assert read_shape(one) == square()
    high = ring([120, 30, 5.5], [121, 30, 5.5], [121, 31, 5.5], [120, 30, 5.5])
    assert read_shape(high)["coordinates"][0][0] == [120.0, 30.0]


HOLE_OUTSIDE = {
    "type": "Polygon",
    "coordinates": [square()["coordinates"][0], square(125)["coordinates"][0]],
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"type": "Point", "coordinates": [120, 30]}, "Point"),
        ({"type": "LineString", "coordinates": [[120, 30], [121, 30]]}, "LineString"),
        (None, "多边形"),
        ([], "多边形"),
        ({"type": "Polygon"}, "没有坐标"),
        ({"type": "Polygon", "coordinates": []}, "没有坐标"),
        ({"type": "Polygon", "coordinates": [[]]}, "三个角"),
        ({"type": "Polygon", "coordinates": [120, 30]}, "层次"),
        ({"type": "MultiPolygon", "coordinates": [[[120, 30]]]}, "两个数"),
        (ring([120, 30], [121, 30], [120, 30]), "三个角"),
        (ring([120, 30], [121, 30], [121, 31], [120, 31]), "闭合"),
        (ring([30, 120], [31, 120], [31, 121], [30, 120]), "写反"),
        (ring([500000, 3300000], [500100, 3300000], [500100, 3300100], [500000, 3300000]), "WGS84"),
        (ring([120, 30], [121, 31], [121, 30], [120, 31], [120, 30]), "交叉"),
        (ring(["120", 30], [121, 30], [121, 31], ["120", 30]), "两个数"),
        (ring([True, 30], [121, 30], [121, 31], [True, 30]), "两个数"),
        (ring([120], [121], [122], [120]), "两个数"),
        (ring([float("nan"), 30], [121, 30], [121, 31], [float("nan"), 30]), "两个数"),
        (ring([10**400, 30], [121, 30], [121, 31], [10**400, 30]), "两个数"),
        (ring([120, 30], [121, 30], [122, 30], [120, 30]), "交叉"),
        (HOLE_OUTSIDE, "挖去"),
        (json.loads(collection(feature(square()), feature(square(121)))), "一个范围"),
    ],
)
def test_wrong_shapes_are_refused_with_what_to_do(wrong: object, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        read_shape(wrong)


def test_too_many_points_are_refused() -> None:
    points = [[120 + place / 1e5, 30] for place in range(20_001)]
    with pytest.raises(ShapeError, match="简化"):
        read_shape(ring(*points, points[0]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "读不出来"),
        ("{", "读不出来"),
        ("[" * 5000, "读不出来"),
        ("9" * 5000, "读不出来"),
        ('"words"', "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "FeatureCollection"),
        (collection(), "没有任何范围"),
        (collection(*[{}] * 201), "最多"),
        (collection({}, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}), "4549"),
        ("x" * (4 * 1024 * 1024 + 1), "4 MB"),
    ],
)
def test_files_that_hold_no_grids_are_refused(text: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read_collection(text, KNOWN)


def test_features_are_matched_by_code_or_name() -> None:
    text = collection(
        feature(square(), code="WT-1"),
        feature(square(121), 名称="第二网格"),
        feature(square(122), name="第九网格"),
        feature(square(123)),
        feature(ring([120, 30]), code="wt-2"),
        {"type": "Polygon"},
    )
    first, second, unknown, nameless, crooked, odd = read_collection("\ufeff" + text, KNOWN)
    assert first.good and first.grid == KNOWN[0] and second.good and second.grid == KNOWN[1]
    assert "没有这个代码或名称" in unknown.problem and "没有写是哪个网格" in nameless.problem
    assert "三个角" in crooked.problem and "要素" in odd.problem


def test_a_grid_has_one_shape_in_a_file() -> None:
    one, again = read_collection(
        collection(feature(square(), code="wt-1"), feature(square(121), name="第一网格")), KNOWN
    )
    assert one.good and "MultiPolygon" in again.problem


def test_overlaps_are_warned_of_and_shared_edges_are_not() -> None:
    beside, over = square(120.01), square(120.005)
    assert overlaps([square(), beside]) == []
    text = collection(feature(square(), code="wt-1"), feature(over, code="wt-2"))
    one, other = read_collection(text, KNOWN)
    assert one.good and other.good
    assert "“第二网格”重叠" in one.warnings[0] and "“第一网格”重叠" in other.warnings[0]
    ((_, _, common),) = overlaps([square(), over])
    assert common == pytest.approx(area(square()) / 2, rel=0.01)


def test_what_is_written_is_read_back() -> None:
    text = write_collection([("wt-1", "第一网格", square(), date(2026, 5, 1))])
    (read,) = read_collection(text, KNOWN)
    assert read.grid == KNOWN[0] and read.shape == square() and json.loads(text)["features"][0]["properties"]["since"]


def test_points_within_a_shape() -> None:
    assert inside(square(), [(120.005, 30.005), (120.0, 30.0), (119.9, 30.0)]) == [True, True, False]
