"""PDF by reportlab: A4 pages with numbers, tables that go on over pages under their header, charts, Unicode.

reportlab and not fpdf2, because it is imported in half a second where fpdf2 takes more than one, and because a table can be a
part of its page layout that splits itself: 50,000 rows are laid out one by one.
"""

from shared.exports.pdf.writer import write_pdf

__all__ = ["write_pdf"]
