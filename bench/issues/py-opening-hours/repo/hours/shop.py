from datetime import datetime, timedelta

from .spans import parse_span


def is_open(week: dict, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    spans = map(parse_span, week.get(at.weekday(), []))
    return any(span.start <= minute < span.end for span in spans)


def next_opening(week: dict, after: datetime) -> datetime:
    """The next moment, from `after` on, at which a span starts."""
    day = after.replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        day += timedelta(days=1)
        spans = sorted(map(parse_span, week.get(day.weekday(), [])))
        if spans:
            return day + timedelta(minutes=spans[0].start)
