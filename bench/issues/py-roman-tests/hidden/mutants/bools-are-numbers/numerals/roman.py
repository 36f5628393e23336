PAIRS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)


def to_roman(number):
    if not isinstance(number, int):
        raise TypeError(f"{number!r} is not a whole number")
    if not 1 <= number <= 3999:
        raise ValueError(f"{number} has no roman numeral")
    text = ""
    for value, letters in PAIRS:
        count, number = divmod(number, value)
        text += letters * count
    return text


def from_roman(text):
    capitals = text.upper()
    number = 0
    rest = capitals
    for value, letters in PAIRS:
        while rest.startswith(letters):
            number += value
            rest = rest[len(letters):]
    if rest or not 1 <= number <= 3999 or to_roman(number) != capitals:
        raise ValueError(f"{text!r} is not a roman numeral")
    return number
