"""Routes of measures that are delivered, of what is kept of them, and of what is due."""

from django.urls import path

from assistance.views import due, items, kept

urlpatterns = [
    path("due/", due.index, name="due"),
    path("due/totals/", due.totals, name="due_totals"),
    path("items/<uuid:item>/", items.page, name="item"),
    path("items/<uuid:item>/deliver/", items.deliver, name="item_deliver"),
    path("items/<uuid:item>/instalments/", items.instalments, name="item_instalments"),
    path("items/<uuid:item>/finish/", items.finish, name="item_finish"),
    path("items/<uuid:item>/stop/", items.stop, name="item_stop"),
    path("items/<uuid:item>/loan/", kept.loan, name="item_loan"),
    path("items/<uuid:item>/loan/extend/", kept.extend, name="item_loan_extend"),
    path("items/<uuid:item>/loan/repay/", kept.repay, name="item_loan_repay"),
    path("items/<uuid:item>/contracts/new/", kept.contract, name="item_contract"),
    path(
        "items/<uuid:item>/contracts/<int:contract>/end/",
        kept.contract_end,
        name="item_contract_end",
    ),
    path("items/<uuid:item>/move/", kept.move, name="item_move"),
    path("items/<uuid:item>/course/", kept.course, name="item_course"),
    path("items/<uuid:item>/course/certificate/", kept.certificate, name="item_certificate"),
    path("deliveries/<uuid:delivery>/withdraw/", items.withdraw, name="delivery_withdraw"),
]
