from django.urls import path

from reviews.api import views

urlpatterns = [
    path("reviews/", views.Reviews.as_view(), name="reviews"),
    path("reviews/<int:review_id>/", views.OneReview.as_view(), name="review"),
    path("reviews/<int:review_id>/proposals/", views.Proposals.as_view(), name="proposals"),
]
