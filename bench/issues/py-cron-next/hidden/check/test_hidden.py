import unittest
from datetime import datetime, timedelta

from schedule import Schedule

START = datetime(2026, 11, 2)  # a Monday


def fitting(text, minutes=24 * 60, start=START):
    schedule = Schedule(text)
    moments = (start + timedelta(minutes=n) for n in range(minutes))
    return [moment for moment in moments if schedule.fits(moment)]


class HiddenTest(unittest.TestCase):
    def test_lists_ranges_steps(self):
        self.assertEqual([m.minute for m in fitting("*/15 0 * * *")], [0, 15, 30, 45])
        self.assertEqual([m.minute for m in fitting("0,30-45/5 0 * * *")], [0, 30, 35, 40, 45])
        self.assertEqual([m.hour for m in fitting("0 8-18/4 * * *")], [8, 12, 16])
        self.assertEqual([m.hour for m in fitting("0 3,1,2 * * *")], [1, 2, 3])

    def test_working_hours(self):
        self.assertEqual(len(fitting("*/15 8-18 * * 1-5", 7 * 24 * 60)), 5 * 11 * 4)

    def test_sunday_has_two_numbers(self):
        week = 7 * 24 * 60
        for text in ("0 0 * * 0", "0 0 * * 7"):
            self.assertEqual([m.day for m in fitting(text, week)], [8])
        self.assertEqual([m.day for m in fitting("0 0 * * 5-7", week)], [6, 7, 8])

    def test_day_or_weekday(self):
        self.assertEqual([m.day for m in fitting("0 0 4 * 5", 7 * 24 * 60)], [4, 6])
        self.assertEqual([m.day for m in fitting("0 0 4 * *", 7 * 24 * 60)], [4])
        self.assertEqual([m.day for m in fitting("0 0 4 12 5", 7 * 24 * 60)], [])

    def test_next(self):
        self.assertEqual(Schedule("*/20 9 * * 1-5").next_after(datetime(2026, 11, 6, 9, 40)), datetime(2026, 11, 9, 9, 0))
        self.assertEqual(Schedule("0 0 29 2 *").next_after(datetime(2026, 11, 6)), datetime(2028, 2, 29))
        self.assertEqual(Schedule("0 0 13 * 5").next_after(datetime(2026, 11, 7)), datetime(2026, 11, 13))

    def test_what_is_wrong_is_named(self):
        wrong = {"minute": "60 * * * *", "hour": "* 5-1 * * *", "day": "* * 0 * *", "month": "* * * 1-13 *", "weekday": "* * * * 8"}
        for name, text in wrong.items():
            with self.assertRaisesRegex(ValueError, name):
                Schedule(text)

    def test_rubbish(self):
        for part in ("*/0", "1-", "-1", ",", "1,,2", "*/x", "/5", "1/2/3", "1-2-3", "", "1.5", "**"):
            with self.assertRaises(ValueError, msg=part):
                Schedule(f"{part} * * * *")


if __name__ == "__main__":
    unittest.main()
