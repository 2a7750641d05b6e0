"""Small pictures that are drawn, not taken: a wall, a door, some boxes; nobody's place and nobody's face."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from nianlun.demo.register.world import World
from nianlun.kernel.ids import uuid7
from nianlun.ledgers.models import EntryFile

SIZE = (640, 480)
WALLS = ("#d8d2c4", "#c9d3d6", "#dcd6da", "#cfd8c8")
FLOORS = ("#8f8a80", "#7c868a", "#968c84")
BOXES = ("#b07d4a", "#a5683d", "#8d6f52", "#6f7f8d", "#b5554a")


def picture(world: World) -> EntryFile:
    """A stairwell with a door and things that stand about, as a JPEG of some kilobytes; its entry is set later."""
    drawn = Image.new("RGB", SIZE, world.pick(WALLS))
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, 350, *SIZE), fill=world.pick(FLOORS))
    left = world.chance.randint(60, 380)
    draw.rectangle((left, 120, left + 150, 352), fill="#5f6b66", outline="#3c4541", width=4)
    draw.ellipse((left + 118, 232, left + 130, 244), fill="#d9c36a")
    for _ in range(world.chance.randint(2, 5)):
        side, at = world.chance.randint(45, 110), world.chance.randint(0, 540)
        draw.rectangle((at, 420 - side, at + side, 420), fill=world.pick(BOXES), outline="#4a3a2a", width=3)
        draw.line((at, 420 - side // 2, at + side, 420 - side // 2), fill="#4a3a2a", width=2)
    into = BytesIO()
    drawn.save(into, "JPEG", quality=70)
    content = into.getvalue()
    made = EntryFile(name="现场照片.jpg", kind="image/jpeg", size=len(content))
    made.file.save(f"{uuid7()}.jpeg", ContentFile(content), save=False)
    return made
