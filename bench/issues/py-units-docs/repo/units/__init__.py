from .quantity import Quantity, UnitError
from .parse import parse

__all__ = ["Quantity", "UnitError", "parse"]
