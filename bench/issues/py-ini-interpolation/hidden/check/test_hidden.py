import unittest

from plainini import ConfigError, load


class HiddenTest(unittest.TestCase):
    def test_same_section_and_another(self):
        text = "[paths]\nbase = /srv\nlogs = ${base}/logs\n[web]\nstatic = ${paths:base}/static:${paths:logs}\n"
        self.assertEqual(load(text)["paths"]["logs"], "/srv/logs")
        self.assertEqual(load(text)["web"]["static"], "/srv/static:/srv/logs")

    def test_defaults(self):
        text = "[defaults]\nhost = h\nport = 1\n[web]\nport = 2\nurl = ${host}:${port}\n[x]\nurl = ${web:host}/${web:port}\n"
        self.assertEqual(load(text)["web"]["url"], "h:2")
        self.assertEqual(load(text)["x"]["url"], "h/2")
        self.assertEqual(list(load(text)["web"]), ["port", "url"])

    def test_used_before_it_is_written(self):
        self.assertEqual(load("[a]\nx = ${y}!\ny = ${z}\nz = 1\n")["a"]["x"], "1!")

    def test_a_reference_is_resolved_where_it_stands(self):
        self.assertEqual(load("[a]\nn = 1\nv = <${n}>\n[b]\nn = 2\nw = ${a:v}\n")["b"]["w"], "<1>")

    def test_dollars(self):
        self.assertEqual(load("[a]\nx = $$5 and $${y}\nz = ${x}\n")["a"], {"x": "$5 and ${y}", "z": "$5 and ${y}"})

    def test_circles(self):
        for text in ("[a]\nx = ${x}\n", "[a]\nx = ${y}\ny = ${b:z}\n[b]\nz = ${a:x}\n"):
            with self.assertRaises(ConfigError):
                load(text)

    def test_missing_names_are_told(self):
        for text in ("[sec]\nkey = ${nothing}\n", "[sec]\nkey = ${other:x}\n"):
            with self.assertRaises(ConfigError) as caught:
                load(text)
            self.assertIn("sec", str(caught.exception))
            self.assertIn("key", str(caught.exception))

    def test_as_they_are(self):
        self.assertEqual(load("[a]\nx = ${y} $$\n", interpolate=False), {"a": {"x": "${y} $$"}})


if __name__ == "__main__":
    unittest.main()
