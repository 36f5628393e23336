from .errors import ConfigError
from .load import load

__all__ = ["ConfigError", "load"]
