"""A sheet as a file: only where the extra is installed, and never loaded before it is asked for."""

import sys
from pathlib import Path

import pytest

from registry.pages.prints import pdf
from tests import factories as make
from trail.models import Change

WRITER = """
class HTML:
    def __init__(self, string, base_url, url_fetcher):
        self.text = string
        self.sheet = url_fetcher.fetch(base_url + "static/print.css")

    def write_pdf(self):
        return b"%PDF-" + self.sheet + self.text.encode()
"""
URLS = """
class URLFetcher: ...


def URLFetcherResponse(url, content, headers):
    return content
"""


@pytest.fixture
def without_writer(monkeypatch):
    """An installation without the extra."""
    monkeypatch.setattr(pdf, "WRITER", "no_such_writer")


@pytest.fixture
def small_writer(monkeypatch, tmp_path: Path):
    """An installation whose writer is a small module with WeasyPrint's entry."""
    package = tmp_path / "small_pdf_writer"
    package.mkdir()
    (package / "__init__.py").write_text(WRITER)
    (package / "urls.py").write_text(URLS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pdf, "WRITER", "small_pdf_writer")
    for name in ("small_pdf_writer", "small_pdf_writer.urls"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.django_db
def test_without_the_extra_the_officer_is_told_how_to_print(
    cast, signed_in, household, without_writer
):
    path = f"/households/{household.number}/print/slip/"
    client = signed_in(cast.county_clerk)
    assert client.get(f"{path}?form=pdf").url == "/help/printing/"
    assert not Change.objects.filter(action="print").exists()
    assert "form=pdf" not in client.get(path).text


@pytest.mark.django_db
def test_with_the_extra_the_same_page_comes_as_a_file(cast, signed_in, household, small_writer):
    path = f"/households/{household.number}/print/slip/"
    client = signed_in(cast.county_clerk)
    assert "form=pdf" in client.get(path).text
    answer = client.get(f"{path}?year=2019&form=pdf")
    serial = Change.objects.filter(action="print").latest("pk").pk
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="slip-{serial}.pdf"'
    assert "陈大山".encode() in answer.content


@pytest.mark.django_db
def test_a_stranger_gets_no_file(cast, signed_in, small_writer):
    path = f"/households/{make.make_household().number}/print/slip/?form=pdf"
    assert signed_in(cast.stranger).get(path).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/x.css",
        "file:///etc/passwd",
        f"{pdf.OWN_SITE}households/1/",
        f"{pdf.OWN_SITE}static/../registry/settings.py",
    ],
)
def test_a_file_takes_nothing_from_elsewhere(url):
    with pytest.raises(ValueError, match="elsewhere"):
        pdf.own_file(url)


def test_the_writer_is_loaded_when_somebody_asks_for_a_file_and_not_before(small_writer):
    assert pdf.can_write()
    assert "small_pdf_writer" not in sys.modules
    assert pdf.pdf_of("<p>").startswith(b"%PDF-")
    assert "small_pdf_writer" in sys.modules
