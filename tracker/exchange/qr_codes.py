"""QR codes as inline SVG (segno): no style attribute, which the pages' Content-Security-Policy would refuse."""

import segno

PIXELS_A_MODULE = 5


def write_qr_code(text: str, title: str) -> str:
    """Markup to stand in a page; `title` is what a screen reader says."""
    made = segno.make(text, error="m", micro=False)
    return made.svg_inline(
        scale=PIXELS_A_MODULE, light="#fff", title=title, svgclass="qr-code", lineclass=None
    )
