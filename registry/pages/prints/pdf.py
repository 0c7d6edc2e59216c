"""A sheet as a PDF file, where the extra "pdf" (WeasyPrint) is installed; browsers need no extra.

WeasyPrint and what it loads cost every process time and memory, so it is loaded when somebody asks
for a file. It reads our own style sheets and nothing else: no network, no other file.
"""

import mimetypes
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

WRITER = "weasyprint"
OWN_SITE = "https://registry.invalid/"


def can_write() -> bool:
    """Whether this installation writes PDF files."""
    return find_spec(WRITER) is not None


def pdf_of(html: str) -> bytes:
    """The page as a PDF file. Raises ModuleNotFoundError without the extra."""
    weasyprint, urls = import_module(WRITER), import_module(f"{WRITER}.urls")

    class OwnFiles(urls.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            kind, content = own_file(url)
            return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    page = weasyprint.HTML(string=html, base_url=OWN_SITE, url_fetcher=OwnFiles())
    return page.write_pdf()


def own_file(url: str) -> tuple[str, bytes]:
    """Type and content of a static file of ours. Raises ValueError for any other address."""
    start = f"{OWN_SITE.rstrip('/')}{settings.STATIC_URL}"
    name = url.removeprefix(start)
    if not url.startswith(start) or ".." in name:
        raise ValueError("A sheet takes nothing from elsewhere.")
    collected = Path(settings.STATIC_ROOT) / name
    path = collected if collected.is_file() else Path(str(finders.find(name)))
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return kind, path.read_bytes()
