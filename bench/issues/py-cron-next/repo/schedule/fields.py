from typing import NamedTuple, Optional


class Field(NamedTuple):
    name: str
    low: int
    high: int


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day", 1, 31),
    Field("month", 1, 12),
    Field("weekday", 0, 6),
)


def parse_field(field: Field, text: str) -> Optional[int]:
    """The number that fits; None when all do."""
    if text == "*":
        return None
    number = int(text)
    if not field.low <= number <= field.high:
        raise ValueError(f"{field.name} {number} is not from {field.low} to {field.high}")
    return number
