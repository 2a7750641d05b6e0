"""The reading of a version, outside the request: it starts over when it is run again and writes all or nothing."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from nianlun.plans.store_reading import fail, store_reading

logger = logging.getLogger(__name__)


@app.task(name="plans.read_version", queue="plans")
def read_version(version_id: str) -> None:
    """Read a version's bytes into items; does nothing for one that is read already or was thrown away."""
    try:
        store_reading(version_id)
    except Exception:
        logger.exception("reading of plan version %s failed", version_id)
        fail(version_id, "读取时出了意外，没有保存任何内容。请重试；仍然不行，请另存为 .docx 或 .txt 再上传。")
