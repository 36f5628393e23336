import unittest
from datetime import datetime

from schedule import Schedule


class ScheduleTest(unittest.TestCase):
    def test_every_day_at_a_time(self):
        schedule = Schedule("30 7 * * *")
        self.assertTrue(schedule.fits(datetime(2026, 11, 3, 7, 30)))
        self.assertFalse(schedule.fits(datetime(2026, 11, 3, 7, 31)))

    def test_next(self):
        self.assertEqual(Schedule("0 9 * * 1").next_after(datetime(2026, 11, 3, 7, 30)), datetime(2026, 11, 9, 9, 0))
        self.assertIsNone(Schedule("0 0 31 2 *").next_after(datetime(2026, 11, 3)))

    def test_what_is_wrong(self):
        for text in ("* * * *", "60 * * * *", "x * * * *"):
            with self.assertRaises(ValueError):
                Schedule(text)


if __name__ == "__main__":
    unittest.main()
