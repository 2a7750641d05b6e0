"""Words of a plan that ask for each of something: every grid, every building, every estate, places that are named."""

from __future__ import annotations

import re

from nianlun.ledgers.models import Over

EACH = r"(?:每个|每一个|各个|各|逐个|所有|全部)"
NAMED = re.compile(
    r"(?:有|存在)隐患的|重点(?:场所|单位|部位|区域|院落)|九小场所|隐患点|(?:各|每家|所有)(?:单位|商户|企业|商铺)"
)
GRIDS = re.compile(rf"{EACH}网格(?!员|长|化)|以网格为单位|逐网格")
BUILDINGS = re.compile(rf"每栋|每幢|逐栋|逐幢|各栋|{EACH}楼栋|{EACH}楼(?!长)|每个单元")
ESTATES = re.compile(rf"{EACH}(?:小区|院落|院区|庭院|楼院)|逐院|每个院")


def suggested(text: str) -> Over | None:
    """What a duty's words ask for; a list that somebody must name goes before all of a kind."""
    for pattern, over in (
        (NAMED, Over.LISTED), (GRIDS, Over.GRIDS), (BUILDINGS, Over.BUILDINGS), (ESTATES, Over.ESTATES),
    ):  # fmt: skip
        if pattern.search(text):
            return over
    return Over.LISTED if "院落" in text and "检查" in text else None
