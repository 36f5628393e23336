import random
import unittest

from ledger import balances_of, settle, split

FLAT = ["ann", "bob", "cem"]


class HiddenTest(unittest.TestCase):
    def test_left_over_cents_in_order(self):
        self.assertEqual(split(1000, FLAT), {"ann": 334, "bob": 333, "cem": 333})
        self.assertEqual(split(1001, FLAT), {"ann": 334, "bob": 334, "cem": 333})
        self.assertEqual(split(1, FLAT), {"ann": 1, "bob": 0, "cem": 0})

    def test_weights(self):
        self.assertEqual(split(1001, FLAT, [2, 1, 1]), {"ann": 501, "bob": 250, "cem": 250})
        self.assertEqual(split(1003, FLAT, [2, 1, 1]), {"ann": 502, "bob": 251, "cem": 250})

    def test_weight_zero_gets_nothing(self):
        self.assertEqual(split(101, FLAT, [0, 1, 1]), {"ann": 0, "bob": 51, "cem": 50})

    def test_refunds_mirror(self):
        self.assertEqual(split(-1000, FLAT), {"ann": -334, "bob": -333, "cem": -333})

    def test_sums_and_large_amounts(self):
        draw = random.Random(7)
        for _ in range(300):
            amount = draw.randrange(-10**18, 10**18)
            weights = [draw.randrange(0, 9) for _ in FLAT[:-1]] + [draw.randrange(1, 9)]
            self.assertEqual(sum(split(amount, FLAT, weights).values()), amount, (amount, weights))

    def test_weights_that_are_none(self):
        for weights in ([0, 0, 0], [1, 1], [1, -1, 1]):
            with self.assertRaises(ValueError):
                split(100, FLAT, weights)

    def test_books_add_up(self):
        balances = balances_of([("ann", 1000), ("bob", 50), ("cem", 7)], FLAT)
        self.assertEqual(sum(balances.values()), 0)
        for debtor, creditor, paid in settle(balances):
            balances[debtor] += paid
            balances[creditor] -= paid
        self.assertEqual(set(balances.values()), {0})


if __name__ == "__main__":
    unittest.main()
