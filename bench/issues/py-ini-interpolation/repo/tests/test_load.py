import unittest

from plainini import ConfigError, load


class LoadTest(unittest.TestCase):
    def test_sections_and_values(self):
        text = "# comment\n[web]\nport = 80\n; more\nname=a = b\n"
        self.assertEqual(load(text), {"web": {"port": "80", "name": "a = b"}})

    def test_what_is_wrong_is_told_with_its_line(self):
        for text, line in (("[web\n", 1), ("[web]\nport\n", 2), ("port = 1\n", 1)):
            with self.assertRaisesRegex(ConfigError, f"line {line}"):
                load(text)


if __name__ == "__main__":
    unittest.main()
