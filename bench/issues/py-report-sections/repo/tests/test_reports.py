import unittest
from datetime import date

from report import Order, html_report, text_report

ORDERS = [
    Order("Zoe & Co", date(2026, 11, 3), 1250),
    Order("Adler", date(2026, 9, 30), 999),
    Order("Zoe & Co", date(2026, 11, 4), 50),
]


class ReportTest(unittest.TestCase):
    def test_text(self):
        self.assertEqual(
            text_report(ORDERS),
            "2026-09       9.99\n2026-11      13.00\ntotal        22.99\nbest customer: Zoe & Co\n",
        )

    def test_html(self):
        page = html_report(ORDERS)
        self.assertIn("<tr><td>2026-11</td><td>13.00</td></tr>", page)
        self.assertIn("<p>best customer: Zoe &amp; Co</p>", page)


if __name__ == "__main__":
    unittest.main()
