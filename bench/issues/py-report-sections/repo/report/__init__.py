from .html_report import html_report
from .order import Order
from .text_report import text_report

__all__ = ["Order", "html_report", "text_report"]
