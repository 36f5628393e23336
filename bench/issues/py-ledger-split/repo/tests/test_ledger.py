import unittest

from ledger import balances_of, settle, split


class LedgerTest(unittest.TestCase):
    def test_an_even_split(self):
        self.assertEqual(split(900, ["ann", "bob", "cem"]), {"ann": 300, "bob": 300, "cem": 300})

    def test_weights(self):
        self.assertEqual(split(400, ["ann", "bob"], [3, 1]), {"ann": 300, "bob": 100})

    def test_payments(self):
        balances = balances_of([("ann", 900)], ["ann", "bob", "cem"])
        self.assertEqual(balances, {"ann": 600, "bob": -300, "cem": -300})
        self.assertEqual(sorted(settle(balances)), [("bob", "ann", 300), ("cem", "ann", 300)])

    def test_nobody(self):
        with self.assertRaises(ValueError):
            split(100, [])


if __name__ == "__main__":
    unittest.main()
