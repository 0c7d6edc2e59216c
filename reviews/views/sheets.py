"""A table as the answer to a request for a file."""

from django.http import HttpResponse

from reviews.queries.sheets import TYPES, FileForm, Sheet, csv_lines, xlsx_bytes


def as_file(sheet: Sheet, form: FileForm, name: str) -> HttpResponse:
    """The table to save under `name` with the ending of its form."""
    content = csv_lines(sheet) if form == "csv" else xlsx_bytes(sheet)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
