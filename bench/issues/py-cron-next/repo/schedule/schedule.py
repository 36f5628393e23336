from datetime import datetime, timedelta
from typing import Optional

from .fields import FIELDS, parse_field


class Schedule:
    def __init__(self, text: str):
        parts = text.split()
        if len(parts) != len(FIELDS):
            raise ValueError(f"{text!r} has {len(parts)} fields, not {len(FIELDS)}")
        self._wanted = [parse_field(field, part) for field, part in zip(FIELDS, parts)]

    def fits(self, moment: datetime) -> bool:
        weekday = moment.isoweekday() % 7
        values = (moment.minute, moment.hour, moment.day, moment.month, weekday)
        return all(wanted is None or wanted == value for wanted, value in zip(self._wanted, values))

    def next_after(self, moment: datetime) -> Optional[datetime]:
        candidate = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = candidate + timedelta(days=4 * 366)
        while candidate < end:
            if self.fits(candidate):
                return candidate
            # No minute of a day fits on which no minute fits.
            whole_day = candidate.hour == 0 and candidate.minute == 0
            candidate += timedelta(days=1) if whole_day and not self._fits_day(candidate) else timedelta(minutes=1)
        return None

    def _fits_day(self, moment: datetime) -> bool:
        weekday = moment.isoweekday() % 7
        values = (moment.day, moment.month, weekday)
        return all(wanted is None or wanted == value for wanted, value in zip(self._wanted[2:], values))
