"""Routes of candidates, and of the accounts that they need."""

from django.urls import path

from teams.views import candidates, unposted

urlpatterns = [
    path("candidates/", candidates.listing, name="candidates"),
    path("candidates/propose/", candidates.propose, name="candidate_propose"),
    path("candidates/<int:case>/", candidates.mend, name="candidate_mend"),
    path("accounts/", unposted.listing, name="accounts"),
]
