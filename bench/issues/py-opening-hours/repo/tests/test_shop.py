import unittest
from datetime import datetime

from hours import is_open, next_opening

KIOSK = {day: [("10:00", "12:00"), ("14:00", "18:30")] for day in range(5)}


class ShopTest(unittest.TestCase):
    def test_is_open_within_a_span(self):
        monday = datetime(2026, 11, 2, 11, 59)
        self.assertTrue(is_open(KIOSK, monday))
        self.assertFalse(is_open(KIOSK, monday.replace(hour=12, minute=0)))
        self.assertFalse(is_open(KIOSK, monday.replace(hour=9)))

    def test_next_opening_after_the_weekend(self):
        saturday = datetime(2026, 11, 7, 12, 0)
        self.assertEqual(next_opening(KIOSK, saturday), datetime(2026, 11, 9, 10, 0))


if __name__ == "__main__":
    unittest.main()
