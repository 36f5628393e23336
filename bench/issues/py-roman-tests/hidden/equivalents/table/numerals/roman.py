THOUSANDS = ["", "M", "MM", "MMM"]
HUNDREDS = ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"]
TENS = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"]
ONES = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]


def to_roman(number):
    if type(number) is bool or not isinstance(number, int):
        raise TypeError("a whole number is needed")
    if number < 1 or number > 3999:
        raise ValueError("from 1 to 3999")
    return THOUSANDS[number // 1000] + HUNDREDS[number // 100 % 10] + TENS[number // 10 % 10] + ONES[number % 10]


ALL = {to_roman(number): number for number in range(1, 4000)}


def from_roman(text):
    try:
        return ALL[text.upper()]
    except KeyError:
        raise ValueError("no roman numeral") from None
