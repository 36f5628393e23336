from .settle import balances_of, settle
from .split import split

__all__ = ["balances_of", "settle", "split"]
