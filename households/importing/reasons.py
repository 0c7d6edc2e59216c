"""Why a cell, a household or a file is refused, and what a warning says: one text for each code.

A fault is stored as its code and parameters and worded where it is shown, in the language of the
reader.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households import codes

CELLS = {
    "measure": _("write a number from 0 with at most two decimals"),
    "percent": _("write a whole number from 1 to 100"),
    "bank_account": _("write the 8 to 30 digits of the account"),
    "blank": _("fill in this cell"),
    "full_width": _("write digits and letters in half width"),
    "shortened": _(
        "the spreadsheet has shortened this number: format the column as text and write it anew"
    ),
    "not_listed": _("use a code or a label of the list"),
    "not_yes_no": _("write yes or no"),
    "digits_12": _("write the 12 digits of the village code"),
    "number_form": _("use at most 20 digits, letters A–Z and hyphens"),
    "too_long": _("at most %(limit)s characters"),
    "not_storable": _("remove the invisible character"),
    "name_formula": _("a name cannot start with = + - or @"),
    "name_invisible": _("remove the control, format or private-use character"),
    "id_number": _("%(why)s"),
    "date_form": _("write an existing date as 2019-06-01"),
    "date_future": _("the date lies in the future"),
    "months": _("write a whole number from 0 to 12"),
    "phone": _("write the 11 digits of the phone number"),
    "year_form": _("write a year in four digits"),
    "year_late": _("the year lies after %(year)s"),
    "money": _(
        "write yuan from 0 to 99999999.99 with at most two decimals, without signs or commas"
    ),
    "money_signed": _("write yuan with at most two decimals, without commas"),
    "marriage_main": _("marriage can only be another cause"),
    "many_causes": _("at most two other causes, with a comma between them"),
    "surplus": _("this cell stands beyond the last heading"),
}

PERSONS = {
    "sex_differs": _("the ID number says %(sex)s"),
    "birth_differs": _("the ID number says another date of birth"),
    "sex_on_record": _("it does not agree with the ID number on record"),
    "birth_on_record": _("it does not agree with the ID number on record"),
    "needed_without_id": _("needed for a person without an ID number"),
    "end_date_missing": _("give the date with the reason"),
    "end_reason_missing": _("give the reason with the date"),
    "keys_differ": _("the keys of this row belong to two different persons"),
    "person_unclear": _(
        "several people of the household have this name and date of birth; give the person number"
    ),
    "same_person": _("the same person stands on row %(other)s"),
    "active_elsewhere": _("this person is a member of another household; a move goes by transfer"),
    "shared": _("another household of this file has the same person"),
    "left_before": _(
        "this person left the household before; report the return as a change of the household"
    ),
}

HOUSEHOLDS = {
    "values_differ": _("the rows of the household give different values"),
    "village_unknown": _("no village has this code; compare it with the official list"),
    "village_ended": _("this village is no longer in force; use its successor"),
    "village_outside": _("this village lies outside your posting"),
    "number_used": _("number already used"),
    "village_moved": _("the household is recorded in another village; a move goes by transfer"),
    "exit_year_missing": _("needed for status exited or relapsed"),
    "exit_year_surplus": _("leave it blank: only exited and relapsed households have one"),
    "cause_repeated": _("the main cause stands among the other causes"),
    "no_head": _("exactly one active member must be the head; there is none"),
    "two_heads": _("exactly one active member must be the head; there are %(heads)s"),
    "year_frozen": _(
        "the year %(year)s is frozen for %(place)s; only a correction of this household changes it"
    ),
    "changed_meanwhile": _("somebody changed this household meanwhile; import the file again"),
}

WARNINGS = {
    "unknown_column": _("This column is not known and was left out: %(column)s."),
    "status_ignored": _("A village official cannot set status and exit year; both were left out."),
    "status_stays": _("The state on record stays; it changes only through a case."),
    "exit_year_stays": _("The exit year on record stays; it changes only through a case."),
    "reason_beside_id": _("The reason for no ID number was left out: the person has one."),
    "number_stays": _("The person has another number on record, which stays."),
    "still_ended": _("This membership has ended; the row does not bring the person back."),
    "not_in_file": _("%(count)s members on record are not in the file; they stay and count."),
    "per_capita": _(
        "The per-capita net income in the file differs from the computed %(computed)s."
    ),
    "medical_contradicts": _("Basic medical care is met, but a member lacks medical insurance."),
    "medical_insured": _("Basic medical care is not met, but every member has medical insurance."),
    "housing_contradicts": _("The housing guarantee contradicts the grade of the house."),
}

FILES = {
    "empty": _("The file is empty. Fill in the template and try again."),
    "no_rows": _("The file has a heading but no rows."),
    "utf16": _("The file is UTF-16 text. Save it as “CSV UTF-8” or as XLSX."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Save it as “CSV UTF-8” or as XLSX."),
    "old_excel": _("This is an old Excel file (.xls). Save it as XLSX or “CSV UTF-8”."),
    "not_comma": _(
        "The columns must be separated by commas. Save the file as “CSV UTF-8” or XLSX."
    ),
    "quotes": _("Record %(record)s is broken: close its quotation marks, or save as XLSX."),
    "long_cell": _(
        "Record %(record)s has a cell of more than %(limit)s characters. Shorten it, or close its "
        "quotation marks."
    ),
    "column_missing": _("These columns are missing: %(columns)s. Start from the template."),
    "column_twice": _("Two columns have the same meaning: %(columns)s. Remove one of them."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "too_large": _("The file is larger than %(limit)s MB. Split it."),
    "unzipped": _("The workbook unpacks to more than %(limit)s MB. Copy the rows to a new one."),
    "broken_xlsx": _("The workbook cannot be read. Save it again as XLSX or “CSV UTF-8”."),
    "macros": _("The workbook holds macros. Save it as plain XLSX."),
    "links": _("The workbook refers to other files. Copy the values to a new workbook."),
    "gone": _("The uploaded file was removed. Upload it again."),
    "gave_up": _("The file could not be processed. Tell the system administrator."),
    "unreadable": _("The file cannot be read: %(why)s"),
}

ENTRIES = {
    "closed": _("this household is cancelled; nothing in it changes any more"),
    "number_twice": _("another household beside it has the same number"),
    "taken_meanwhile": _(
        "the number or one of the people was registered elsewhere in this moment; send it again"
    ),
    "no_members": _("enter the people of the household, the head first"),
    "amount_differs": _("quantity, price and coefficient make %(computed)s; correct one of them"),
    "quantity_and_price": _("quantity and unit price go together; or write the amount alone"),
    "item_of_other_kind": _("this item belongs to another kind of income"),
    "none_and_some": _("you said that there is none: take the tick away, or clear the amounts"),
    "sum_too_large": _("the amounts of this kind make more than %(most)s; correct them"),
    "sum_differs": _("the lines add up to %(computed)s; leave the sum blank or correct the lines"),
    "reason_missing": _("say why it changed by %(percent)s percent or more against last year"),
    "consent_missing": _("say when and how the household agreed"),
    "photo_missing": _("add the photo of the signature, or say that a signed slip is in the files"),
}

TEXTS: Mapping[str, Any] = CELLS | PERSONS | HOUSEHOLDS | WARNINGS | FILES | ENTRIES


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code in the active language; parameters that are reasons are translated."""
    text = str(TEXTS[code])
    if not params:
        return text
    return text % {name: _worded(name, value) for name, value in params.items()}


def _worded(name: str, value: Any) -> Any:
    if name == "why":
        return gettext(value)
    return codes.label("sex", value) if name == "sex" else value
