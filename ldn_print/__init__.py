"""Printable patient handouts about low dose naltrexone, in many languages.

The rooms of this package and what each may import are drawn in the README (Architecture) and held
true by ``tests/test_layers.py``.
"""

__version__ = "0.1.0"
