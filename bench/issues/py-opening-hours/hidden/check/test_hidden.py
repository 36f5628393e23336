import unittest
from datetime import datetime

from hours import is_open, next_opening

BAR = {4: [("18:00", "02:00")], 5: [("18:00", "02:00")]}
# 2026-11-02 is a Monday.


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute)


class HiddenTest(unittest.TestCase):
    def test_after_midnight(self):
        self.assertTrue(is_open(BAR, at(7, 0, 30)))
        self.assertTrue(is_open(BAR, at(7, 1, 59)))
        self.assertFalse(is_open(BAR, at(7, 2, 0)))
        self.assertTrue(is_open(BAR, at(6, 23, 59)))
        self.assertFalse(is_open(BAR, at(6, 1, 0)))

    def test_from_sunday_to_monday(self):
        self.assertTrue(is_open({6: [("22:00", "06:00")]}, at(9, 5)))

    def test_the_whole_day(self):
        week = {2: [("00:00", "00:00")]}
        self.assertTrue(is_open(week, at(4, 0)))
        self.assertTrue(is_open(week, at(4, 23, 59)))
        self.assertFalse(is_open(week, at(5, 0)))

    def test_later_on_the_same_day(self):
        self.assertEqual(next_opening({6: [("10:00", "12:00")]}, at(8, 8)), at(8, 10))
        self.assertEqual(next_opening({0: [("14:00", "18:00"), ("10:00", "12:00")]}, at(2, 11)), at(2, 14))

    def test_from_this_moment_on(self):
        self.assertEqual(next_opening({6: [("10:00", "12:00")]}, at(8, 10)), at(8, 10))
        self.assertEqual(next_opening({6: [("10:00", "12:00")]}, datetime(2026, 11, 8, 10, 0, 1)), at(15, 10))

    def test_a_week_later(self):
        self.assertEqual(next_opening({6: [("10:00", "12:00")]}, at(8, 11)), at(15, 10))

    def test_never(self):
        self.assertIsNone(next_opening({}, at(8, 11)))
        self.assertIsNone(next_opening({3: []}, at(8, 11)))


if __name__ == "__main__":
    unittest.main()
