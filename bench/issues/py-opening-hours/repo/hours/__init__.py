from .spans import Span, parse_span
from .shop import is_open, next_opening

__all__ = ["Span", "parse_span", "is_open", "next_opening"]
