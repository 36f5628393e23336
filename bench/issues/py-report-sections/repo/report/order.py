from datetime import date
from typing import NamedTuple


class Order(NamedTuple):
    customer: str
    day: date
    cents: int
