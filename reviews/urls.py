from django.urls import path

from reviews.views import proposal, proposals, reviews

app_name = "reviews"
urlpatterns = [
    path("", reviews.index, name="list"),
    path("propose/", reviews.propose, name="propose"),
    path("<int:review_id>/", reviews.page, name="review"),
    path("<int:review_id>/progress/", reviews.progress, name="progress"),
    path("<int:review_id>/commit/", reviews.commit, name="commit"),
    path("<int:review_id>/cancel/", reviews.cancel, name="cancel"),
    path("<int:review_id>/proposals/", proposals.index, name="proposals"),
    path("<int:review_id>/proposals/download/", proposals.download, name="download"),
    path("<int:review_id>/proposals/<int:proposal_id>/", proposal.page, name="proposal"),
    path("<int:review_id>/proposals/<int:proposal_id>/accept/", proposal.accept, name="accept"),
]
