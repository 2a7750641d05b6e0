"""Grids as a GeoJSON file (RFC 7946): read feature by feature, each matched to a grid by code or name; and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nianlun.places.rules.shapes import Shape, ShapeError, overlaps, read_shape

MOST_BYTES = 4 * 1024 * 1024
MOST_FEATURES = 200
CODES = ("code", "代码", "编码", "网格代码", "网格编码")
NAMES = ("name", "名称", "网格", "网格名称")


class FileError(ValueError):
    """A file that is no collection of grids; the message says what to do, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Known:
    """A grid that a feature may mean."""

    key: str
    code: str
    name: str


@dataclass(slots=True)
class Read:
    """One feature: the grid it means and its shape, or what is wrong; `title` is how the file calls it."""

    title: str
    grid: Known | None = None
    shape: Shape | None = None
    problem: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problem


def read_collection(text: str, known: Iterable[Known]) -> list[Read]:
    """Every feature of the file, good or not, with overlaps between grids as warnings; raises FileError."""
    if len(text.encode()) > MOST_BYTES:
        raise FileError("文件超过 4 MB，请先在制图软件里简化边界。")
    try:
        whole = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise FileError("这不是 GeoJSON 文件：内容读不出来。请从制图软件导出为 GeoJSON。") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(whole, dict) or whole.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise FileError("文件里没有要素集合（FeatureCollection）。请从制图软件导出为 GeoJSON。")
    if (named := _datum(whole)) is not None:
        raise FileError(f"文件用的坐标系是 {named}，请转换成 WGS84 或 CGCS2000 经纬度后再导入。")
    if not features:
        raise FileError("文件里没有任何范围。")
    if len(features) > MOST_FEATURES:
        raise FileError(f"文件里有 {len(features)} 个范围，一次最多 {MOST_FEATURES} 个。")
    by_code, by_name = {}, {}
    for grid in known:
        by_code[grid.code.casefold()], by_name[grid.name] = grid, grid
    read = [_feature(feature, place, by_code, by_name) for place, feature in enumerate(features, 1)]
    _only_once(read)
    warn_of_overlaps(read)
    return read


def _datum(whole: Mapping[str, Any]) -> str | None:
    """The datum that an old file names, where it is not one whose degrees are WGS84's."""
    crs = whole.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    return name if name and not any(same in name for same in ("CRS84", "4326", "4490")) else None


def _feature(feature: object, place: int, by_code: Mapping[str, Known], by_name: Mapping[str, Known]) -> Read:
    read = Read(f"第 {place} 个")
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        read.problem = "不是要素（Feature），请核对文件。"
        return read
    told = feature.get("properties")
    properties = {str(key).casefold(): value for key, value in told.items()} if isinstance(told, dict) else {}
    code = next((str(properties[key]).strip() for key in CODES if properties.get(key)), "")
    name = next((str(properties[key]).strip() for key in NAMES if properties.get(key)), "")
    read.title = (name or code or read.title)[:60]
    read.grid = by_code.get(code.casefold()) or by_name.get(name)
    if not code and not name:
        read.problem = "没有写是哪个网格：属性里要有 code（代码）或 name（名称）。"
    elif read.grid is None:
        read.problem = "本社区没有这个代码或名称的网格，请先新建网格，或改正文件。"
    try:
        read.shape = read_shape(feature.get("geometry"))
    except ShapeError as error:
        read.problem = read.problem or str(error)
    return read


def _only_once(read: Iterable[Read]) -> None:
    seen: set[str] = set()
    for one in read:
        if one.grid is None or not one.good:
            continue
        if one.grid.key in seen:
            one.problem = "这个网格在文件里不止一个范围；分成几块的请合成一个 MultiPolygon。"
        seen.add(one.grid.key)


def warn_of_overlaps(read: Iterable[Read]) -> None:
    """Say of each grid with which other it shares ground; such bounds may be saved, and should be looked at."""
    good = [one for one in read if one.good and one.shape]
    for one, other, square_metres in overlaps([found.shape for found in good if found.shape]):
        for here, there in ((good[one], good[other]), (good[other], good[one])):
            called = there.grid.name if there.grid else there.title
            here.warnings.append(f"与“{called}”重叠约 {square_metres:,.0f} 平方米。")


def write_collection(grids: Iterable[tuple[str, str, Shape, date]]) -> str:
    """A file of grids given as (code, name, shape, from which day), which `read_collection` reads back."""
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name, "since": since.isoformat()}, "geometry": shape}
        for code, name, shape, since in grids
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
