class ConfigError(ValueError):
    """The text is not a configuration; the message says where."""
