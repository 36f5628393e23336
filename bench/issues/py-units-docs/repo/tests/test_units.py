import unittest

from units import Quantity, UnitError, parse


class UnitsTest(unittest.TestCase):
    def test_convert(self):
        self.assertEqual(repr(Quantity(3, "km").to("m")), "3000 m")

    def test_add_and_compare(self):
        self.assertEqual(Quantity(1, "m") + Quantity(50, "mm"), parse("1050 mm"))
        self.assertLess(parse("59 s"), parse("1 min"))

    def test_kinds(self):
        with self.assertRaises(UnitError):
            Quantity(1, "kg").to("m")


if __name__ == "__main__":
    unittest.main()
