"""A QR code as a drawing that prints at any size."""

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

#: Four modules of white around it, as the standard wants: without them phones do not find it.
QUIET_ZONE = 4


def svg(address: str) -> str:
    """The code of an address as an SVG element, one path without style.

    A quarter of it may be torn off or drawn over (level Q); the next level needs smaller modules, which phones read
    from less far.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE, image_factory=SvgPathImage)
    code.add_data(address)
    code.make(fit=True)
    return str(code.make_image().to_string(encoding="unicode"))
