import doctest
import re
import unittest
from pathlib import Path

from units.table import UNITS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLES = doctest.DocTestParser().get_examples(README.replace("```", "\n"))


class HiddenTest(unittest.TestCase):
    def test_examples_are_true(self):
        text = re.sub(r"^```.*$", "", README, flags=re.M)
        test = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
        said = []
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test, out=said.append)
        self.assertEqual(runner.failures, 0, "".join(said))

    def test_as_the_issue_runs_it(self):
        said = []
        test = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test, out=said.append)
        self.assertEqual(runner.failures, 0, "".join(said))
        self.assertGreaterEqual(runner.tries, 6)

    def test_what_is_asked_for_is_shown(self):
        code = "\n".join(example.source for example in EXAMPLES)
        for pattern in (r"\.to\(", r"\bparse\(", r"\+", r"<|>|==", r"Quantity\("):
            self.assertRegex(code, pattern)
        self.assertIn("UnitError", README)

    def test_every_unit_is_told_with_its_kind(self):
        rows = [line for line in README.splitlines() if line.startswith("|")]
        for unit, (kind, _) in UNITS.items():
            told = [row for row in rows if re.search(rf"(?<![a-z]){unit}(?![a-z])", row) and kind in row]
            self.assertTrue(told, f"{unit} ({kind})")

    def test_nothing_old_is_left(self):
        self.assertNotIn("convert(", README)


if __name__ == "__main__":
    unittest.main()
