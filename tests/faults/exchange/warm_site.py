"""The site with all its pages loaded, so that a worker that is forked from it answers at once."""

from django.urls import get_resolver

from registry.wsgi import application

__all__ = ["application", "pages"]

pages = get_resolver().url_patterns
