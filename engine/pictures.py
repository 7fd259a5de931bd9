"""Pages as pictures for people."""

from __future__ import annotations

import io

from PIL import Image as Pillow

from engine.types import Image

QUALITY = 80


def jpeg(image: Image) -> bytes:
    """An RGB image (height, width, 3) as a JPEG of the same size."""
    file = io.BytesIO()
    Pillow.fromarray(image).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
