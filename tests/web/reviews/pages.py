"""How the tests ask for a page of a review."""

from django.urls import reverse

from reviews.models import Review


def page_of(client, name: str, review: Review, query: str = ""):
    return client.get(reverse(f"reviews:{name}", args=[review.pk]) + query)
