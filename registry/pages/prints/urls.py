from django.urls import path

from registry.pages.prints import help as help_pages
from registry.pages.prints import months, views

urlpatterns = [
    path("households/<str:number>/print/", views.choose, name="print_choose"),
    path("households/<str:number>/print/<slug:sheet>/", views.household_page, name="print_sheet"),
    path("cases/<int:case>/print/minutes/", views.minutes, name="print_minutes"),
    path("cases/<int:case>/print/file/", views.case_file, name="print_case_file"),
    path("teams/presence/<str:cadre>/<str:month>/print/", months.month_page, name="print_month"),
    path("help/keyboard/", help_pages.keyboard, name="help_keyboard"),
    path("help/printing/", help_pages.printing, name="help_printing"),
]
