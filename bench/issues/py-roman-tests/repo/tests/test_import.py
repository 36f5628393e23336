import unittest


class ImportTest(unittest.TestCase):
    def test_it_can_be_imported(self):
        import numerals

        self.assertTrue(numerals)


if __name__ == "__main__":
    unittest.main()
