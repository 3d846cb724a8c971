"""QR codes as inline SVG (segno): no style attribute, which the pages' Content-Security-Policy would refuse."""

import segno

PIXELS_A_MODULE = 5


def write_qr_code(text: str, title: str) -> str:
    """Returns markup for a page; `title` is what a screen reader says."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(
        scale=PIXELS_A_MODULE, light="#fff", title=title, svgclass="qr-code", lineclass=None
    )
