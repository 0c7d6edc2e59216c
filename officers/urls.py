from django.urls import path

from officers.views import accounts, clients, postings, signing

app_name = "officers"
urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("act-as/", signing.act_as, name="act_as"),
    path("account/", signing.account, name="account"),
    path("account/password/", signing.password, name="password"),
    path("reset/<uidb64>/<token>/", signing.Reset.as_view(), name="reset"),
    path("accounts/", accounts.listing, name="accounts"),
    path("accounts/new/", accounts.create, name="create"),
    path("accounts/<int:pk>/", accounts.show, name="show"),
    path("accounts/<int:pk>/reset-link/", accounts.reset_link, name="reset_link"),
    path("accounts/<int:pk>/deactivate/", accounts.deactivate, name="deactivate"),
    path("accounts/<int:pk>/activate/", accounts.activate, name="activate"),
    path("accounts/<int:pk>/grant/", postings.grant, name="grant"),
    path("clients/", clients.listing, name="clients"),
    path("clients/new/", clients.create, name="new_client"),
    path("clients/<int:pk>/", clients.show, name="client"),
    path("clients/<int:pk>/networks/", clients.networks, name="client_networks"),
    path("clients/keys/<int:pk>/rotate/", clients.rotate, name="rotate_key"),
    path("clients/keys/<int:pk>/revoke/", clients.revoke, name="revoke_key"),
    path("postings/<int:pk>/end/", postings.end, name="end"),
    path("postings/<int:pk>/hand-over/", postings.pass_on, name="hand_over"),
    path("posting-requests/<int:pk>/", postings.decide, name="decide"),
    path("posting-requests/<int:pk>/confirm/", postings.confirm, name="confirm"),
]
