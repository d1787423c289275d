"""Excel workbooks made for tests."""

import io

import openpyxl


def workbook(**sheets):
    """An XLSX file of sheets given as rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
