"""The tables of comparisons, changes, corrections and batches as files: what their pages show."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from officers.models import Officer
from reviews.models import BatchAcceptance, Review
from reviews.queries.about import about_review, moment
from reviews.queries.batches import left_out_rows, shown_rows
from reviews.queries.changes import Change
from reviews.queries.comparing import Effect, Pair
from reviews.queries.corrected import CorrectedRow
from reviews.queries.flips import about_pair
from reviews.queries.proposals import Row
from reviews.queries.standard_pages import PartChange
from reviews.queries.tables import shown
from trail.sheets import Cell, Sheet


def sides_sheet(officer: Officer, pair: Pair, effect: Effect) -> Sheet:
    """Households and people of each proposal before and after, and who comes to it or leaves it."""
    headings = [
        _("Proposal"), _("Households before"), _("Households after"), _("come to it"),
        _("leave it"), _("Persons before"), _("Persons after"),
    ]  # fmt: skip
    rows = [
        [
            str(side.name),
            *map(shown, side.households),
            shown(side.gained),
            shown(side.lost),
            *map(shown, side.persons),
        ]
        for side in effect.sides
    ]
    return Sheet(_("Comparison"), headings, rows, about_pair(officer, pair, []))


def places_sheet(officer: Officer, pair: Pair, parts: Sequence[PartChange]) -> Sheet:
    """Where the proposals change."""
    headings = [_("Code"), _("Place"), _("Households"), _("With another proposal")]
    rows = [
        [one.division.pk, one.division.name, shown(one.households), shown(one.changed)]
        for one in parts
    ]
    return Sheet(_("By place"), headings, rows, about_pair(officer, pair, []))


def changes_sheet(
    officer: Officer,
    review: Review,
    place: str,
    changes: Sequence[Change],
    filters: Sequence[tuple[str, str]],
) -> Sheet:
    """One page of the changes since the first run, without names."""
    headings = [
        _("Household number"), _("Village code"), _("Village"), _("Reason"),
        _("Proposal before"), _("Proposal after"), _("Changed"),
    ]  # fmt: skip
    rows = [
        [
            change.proposal.household.number,
            change.proposal.village_id,
            change.proposal.village.name,
            _(", ").join(map(str, change.reasons)),
            _kind(change.before),
            _kind(change.after),
            moment(change.moment),
        ]
        for change in changes
    ]
    about = about_review(officer, review, place, filters)
    return Sheet(_("Changes"), headings, rows, about)


def _kind(row: Row | None) -> str:
    return row.kind if row else _("none")


def corrected_sheet(
    officer: Officer,
    review: Review,
    place: str,
    found: Sequence[CorrectedRow],
    filters: Sequence[tuple[str, str]],
) -> Sheet:
    """One page of the households whose facts were corrected, without names of people in them."""
    headings = [
        _("Household number"), _("Village code"), _("Village"), _("What changed, amounts in yuan"),
        _("Proposal before"), _("Proposal after"), _("Corrected by"),
    ]  # fmt: skip
    rows = [
        [
            row.proposal.household.number,
            row.proposal.village_id,
            row.proposal.village.name,
            "\n".join(f"{one['label']} {one['before']} → {one['after']}" for one in row.changes),
            row.kind_before,
            row.kind_after,
            "\n".join(f"{act.proposed_by}, {act.approved_by}" for act in row.acts),
        ]
        for row in found
    ]
    about = about_review(officer, review, place, filters)
    return Sheet(_("Facts since corrected"), headings, rows, about)


def left_out_sheet(officer: Officer, batch: BatchAcceptance) -> Sheet:
    """What a batch left out, and why, without names."""
    headings = [
        _("Household number"), _("Village code"), _("Village"), _("Proposal"), _("Why")
    ]  # fmt: skip
    about = about_review(officer, batch.review, batch.division_id, [(_("Batch"), str(batch.pk))])
    return Sheet(_("Left out"), headings, _left_out(batch), about)


def _left_out(batch: BatchAcceptance) -> Iterator[list[Cell]]:
    for row in shown_rows(left_out_rows(batch)):
        yield [
            row.proposal.household.number,
            row.proposal.village_id,
            row.proposal.village.name,
            str(row.proposal.get_kind_display()),
            row.why,
        ]
