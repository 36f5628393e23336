from functools import total_ordering

from .table import UNITS


class UnitError(ValueError):
    pass


@total_ordering
class Quantity:
    def __init__(self, value, unit):
        if unit not in UNITS:
            raise UnitError(f"unknown unit {unit}")
        self.value = value
        self.unit = unit

    def to(self, unit):
        kind, factor = UNITS[self.unit]
        if unit not in UNITS:
            raise UnitError(f"unknown unit {unit}")
        other, divisor = UNITS[unit]
        if kind != other:
            raise UnitError(f"{self.unit} is a {kind}, {unit} is a {other}")
        value = self.value * factor / divisor
        return Quantity(int(value) if value == int(value) else value, unit)

    def __add__(self, other):
        return Quantity(self.value + other.to(self.unit).value, self.unit)

    def __sub__(self, other):
        return Quantity(self.value - other.to(self.unit).value, self.unit)

    def __eq__(self, other):
        return isinstance(other, Quantity) and UNITS[self.unit][0] == UNITS[other.unit][0] and self.value == other.to(self.unit).value

    def __lt__(self, other):
        return self.value < other.to(self.unit).value

    __hash__ = None

    def __repr__(self):
        return f"{self.value} {self.unit}"
