from typing import NamedTuple

DAY = 24 * 60


class Span(NamedTuple):
    """Minutes since midnight of the day on which it starts."""

    start: int
    end: int


def parse_time(text: str) -> int:
    hours, minutes = text.split(":")
    value = int(hours) * 60 + int(minutes)
    if not 0 <= value < DAY or not 0 <= int(minutes) < 60:
        raise ValueError(f"{text} is not a time of day")
    return value


def parse_span(pair: tuple[str, str]) -> Span:
    start, end = map(parse_time, pair)
    return Span(start, end)
