"""The routes of plans."""

from django.urls import path

from assistance.views import plan_drafts, plan_items, plans

urlpatterns = [
    path("", plans.index, name="plans"),
    path("plans/households/<str:number>/", plan_drafts.draft, name="plan_draft"),
    path("plans/villages/<str:code>/", plan_drafts.draft_village, name="plan_draft_village"),
    path("plans/<uuid:plan>/", plans.show, name="plan"),
    path("plans/<uuid:plan>/goal/", plan_drafts.frame, name="plan_frame"),
    path("plans/<uuid:plan>/change/", plan_drafts.begin, name="plan_begin"),
    path("plans/<uuid:plan>/carry/", plan_drafts.carry, name="plan_carry"),
    path("plans/<uuid:plan>/sign/", plan_drafts.sign, name="plan_sign"),
    path("plans/<uuid:plan>/revise/", plan_drafts.take_up, name="plan_revise"),
    path("plans/<uuid:plan>/withdraw/", plan_drafts.withdraw, name="plan_withdraw"),
    path("plans/<uuid:plan>/measures/", plan_items.choose, name="plan_choose"),
    path("plans/<uuid:plan>/measures/<str:code>/", plan_items.add, name="plan_add"),
    path("plans/measures/<uuid:item>/change/", plan_items.change, name="plan_item_change"),
    path("plans/measures/<uuid:item>/replace/", plan_items.replace, name="plan_item_replace"),
    path("plans/measures/<uuid:item>/drop/", plan_items.drop, name="plan_item_drop"),
]
