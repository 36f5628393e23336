"""Each unit with its kind and how many of the smallest one of the kind it is."""

UNITS = {
    "mm": ("length", 1),
    "m": ("length", 1000),
    "km": ("length", 1_000_000),
    "in": ("length", 25.4),
    "ft": ("length", 304.8),
    "g": ("mass", 1),
    "kg": ("mass", 1000),
    "s": ("time", 1),
    "min": ("time", 60),
    "h": ("time", 3600),
}
