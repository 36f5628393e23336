from .errors import ConfigError


def load(text):
    sections = {}
    current = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("["):
            if not line.endswith("]"):
                raise ConfigError(f"line {number}: the section has no end")
            current = sections.setdefault(line[1:-1].strip(), {})
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise ConfigError(f"line {number}: neither a section nor name = value")
        if current is None:
            raise ConfigError(f"line {number}: a value before the first section")
        current[name.strip()] = value.strip()
    return sections
