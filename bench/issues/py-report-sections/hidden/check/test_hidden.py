import ast
import unittest
from datetime import date
from pathlib import Path
from unittest import mock

import report.summary
from report import Order, html_report, text_report
from report.summary import Summary, summarise

ORDERS = [Order("b", date(2026, 11, 3), 500), Order("a", date(2026, 9, 30), 500), Order("c", date(2025, 12, 1), 7)]


def source(name):
    return Path(report.summary.__file__).with_name(f"{name}.py").read_text()


class HiddenTest(unittest.TestCase):
    def test_the_summary(self):
        summary = summarise(ORDERS)
        self.assertIsInstance(summary, Summary)
        self.assertEqual(list(summary.by_month.items()), [("2025-12", 7), ("2026-09", 500), ("2026-11", 500)])
        self.assertEqual((summary.total, summary.best), (1007, "a"))

    def test_no_orders(self):
        summary = summarise([])
        self.assertEqual((dict(summary.by_month), summary.total, summary.best), ({}, 0, None))

    def test_orders_may_come_from_a_generator(self):
        self.assertEqual(summarise(order for order in ORDERS).total, 1007)

    def test_text_as_before(self):
        self.assertEqual(text_report(ORDERS), "2025-12       0.07\n2026-09       5.00\n2026-11       5.00\ntotal        10.07\nbest customer: a\n")
        self.assertEqual(text_report([]), "total         0.00\n")

    def test_html_as_before(self):
        rows = "".join(f"<tr><td>{m}</td><td>{v}</td></tr>\n" for m, v in (("2025-12", "0.07"), ("2026-09", "5.00"), ("2026-11", "5.00")))
        self.assertEqual(html_report(ORDERS), f"<table>\n{rows}<tr><th>total</th><th>10.07</th></tr>\n</table>\n<p>best customer: a</p>\n")
        self.assertEqual(html_report([]), "<table>\n<tr><th>total</th><th>0.00</th></tr>\n</table>\n")

    def test_reports_only_format(self):
        for name in ("text_report", "html_report"):
            text = source(name)
            self.assertNotIn("strftime", text, name)
            self.assertNotIn(".cents", text, name)
            self.assertNotIn(".customer", text, name)
            calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            names = {getattr(func, "id", getattr(func, "attr", "")) for func in calls}
            self.assertIn("summarise", names, name)


if __name__ == "__main__":
    unittest.main()
