import re

from .quantity import Quantity, UnitError


def parse(text):
    match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*([a-z]+)\s*", text)
    if match is None:
        raise UnitError(f"{text!r} is not a number with a unit")
    number, unit = match.groups()
    return Quantity(float(number) if "." in number else int(number), unit)
