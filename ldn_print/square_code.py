"""A square code (QR) as a drawing: the address at which a sheet's own code can be looked up. No patient data."""

from __future__ import annotations

_QUIET = 4  # modules that stay white around the code (ISO/IEC 18004)


def draw_square_code(text: str) -> bytes:
    """Return a text as a QR code with middling error correction, which survives a photocopy; SVG."""
    import segno

    rows = segno.make(text, error="m", micro=False, boost_error=False).matrix
    size = len(rows) + 2 * _QUIET
    dark = ((x, y) for y, row in enumerate(rows, _QUIET) for x, module in enumerate(row, _QUIET) if module)
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
    return f'{box}<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'.encode()
