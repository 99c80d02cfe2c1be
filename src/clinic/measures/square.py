"""A link as a square to point a camera at, for a person without phone or e-mail on record."""

import base64

import qrcode
from qrcode.image.svg import SvgPathFillImage


def image(link: str) -> str:
    """The square as a data URI; it is drawn here, so the link goes to nobody."""
    drawn = qrcode.make(link, image_factory=SvgPathFillImage, border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.to_string()).decode()
