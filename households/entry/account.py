"""The income account of an entry: its lines, the reasons of jumps, and the figure of each kind."""

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from households.entry import fields
from households.entry.content import StepContent, Value
from households.entry.judged import EntryFault, Judged, as_text
from households.importing.template import MONEY_KEYS
from households.incomes import coefficient_of, items
from workflow.parameters import COEFFICIENTS, coefficient_key
from workflow.queries import parameters_in_force

WHOLE_PERCENT = 100
COUNTY_DIGITS = 6
MOST_FEN = 9_999_999_999
CENT = Decimal("0.01")


class Coefficients:
    """The coefficients that hold in counties and years, looked up once for each."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], dict[str, int]] = {}

    def of(self, village: str, year: int) -> dict[str, int]:
        """Those that hold where the village lies, in percent, by coefficient name."""
        key = village[:COUNTY_DIGITS], year
        if key not in self.found:
            self.found[key] = coefficients(village, year)
        return self.found[key]


def read_incomes(judged: Judged, known: Coefficients) -> dict[str, str]:
    """The lines, the reasons, and the figure of each kind as a cell of the import would hold it.

    A kind with lines is their sum; one that is said to be none is 0; else what was typed as sum.
    """
    step, entry = judged.entry.step(fields.INCOMES), judged.entry
    found, reason = fields.line_rules(), fields.reason_rule()
    for place, row in enumerate(step.rows):
        judged.lines += _line(judged, place, row, found, known.of(entry.village, entry.year))
    for name, value in step.values.items():
        if name.startswith(fields.REASON_PREFIX):
            figure = name.removeprefix(fields.REASON_PREFIX)
            _read_reason(judged, name, figure, value, reason)
    return {kind: text for kind in MONEY_KEYS if (text := _figure(judged, step, kind))}


def _read_reason(
    judged: Judged, name: str, figure: str, value: Value, rule: Callable[[str], Any]
) -> None:
    kept: dict[str, Any] = {}
    judged.read(kept, (fields.INCOMES, None, name), value, rule)
    if name in kept and figure in (*MONEY_KEYS, "per_capita"):
        judged.reasons[figure] = kept[name]


def coefficients(village: str, year: int) -> dict[str, int]:
    """The coefficients that hold where the village lies, in percent, by coefficient name."""
    keys = {coefficient_key(name): name for name in COEFFICIENTS}
    found = parameters_in_force(keys, village[:COUNTY_DIGITS], year)
    return {keys[key]: row.value for key, row in found.items()}


def _line(
    judged: Judged,
    place: int,
    row: Mapping[str, str],
    found: Mapping[str, Callable[[str], Any]],
    known: Mapping[str, int],
) -> Iterator[dict[str, Any]]:
    """The line of a row; none while something in it is faulty."""
    before = len(judged.faults)
    values: dict[str, Any] = {}
    for name, one in fields.LINES.items():
        at = (fields.INCOMES, place, name)
        if row.get(name, "").strip():
            judged.read(values, at, row[name], found[name])
        elif one.required:
            judged.faults.append(EntryFault(*at, one.required))
    if len(judged.faults) > before:
        return
    if items()[values["item"]].kind != values["kind"]:
        judged.faults.append(EntryFault(fields.INCOMES, place, "item", "item_of_other_kind"))
        return
    if "quantity" in values and "unit_price" in values:
        values.setdefault("coefficient_percent", coefficient_of(values["item"], known))
        amount = worked_out(values["quantity"], values["unit_price"], values["coefficient_percent"])
        if values.setdefault("amount", amount) != amount:
            at = (fields.INCOMES, place, "amount")
            judged.faults.append(EntryFault(*at, "amount_differs", {"computed": _yuan(amount)}))
            return
    elif "quantity" in values or "unit_price" in values:
        name = "unit_price" if "quantity" in values else "quantity"
        judged.faults.append(EntryFault(fields.INCOMES, place, name, "quantity_and_price"))
        return
    else:
        values.pop("coefficient_percent", None)
    if "amount" not in values:
        judged.faults.append(EntryFault(fields.INCOMES, place, "amount", "blank"))
        return
    yield values


def worked_out(quantity: Decimal, price_fen: int, percent: int) -> int:
    """Quantity × unit price × coefficient in fen, rounded half away from zero."""
    exact = quantity * price_fen * percent / WHOLE_PERCENT
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _figure(judged: Judged, step: StepContent, kind: str) -> str:
    """The sum of a kind as a cell of the import would hold it; what contradicts it is a fault."""
    rows = [place for place, row in enumerate(step.rows) if row.get("kind") == kind]
    typed = as_text(step.values.get(kind, "")).strip()
    none = bool(step.values.get(fields.NONE_PREFIX + kind))
    if none and (rows or typed):
        at = (fields.INCOMES, None, fields.NONE_PREFIX + kind)
        judged.faults.append(EntryFault(*at, "none_and_some"))
    if not rows:
        return "0" if none else typed
    total = sum(line["amount"] for line in judged.lines if line["kind"] == kind)
    if total > MOST_FEN:
        at_line = (fields.INCOMES, rows[-1], "amount")
        judged.faults.append(EntryFault(*at_line, "sum_too_large", {"most": _yuan(MOST_FEN)}))
        return ""
    if typed and Decimal(_yuan(total)) != _decimal(typed):
        at_sum = (fields.INCOMES, None, kind)
        judged.faults.append(EntryFault(*at_sum, "sum_differs", {"computed": _yuan(total)}))
    return _yuan(total)


def _decimal(text: str) -> Decimal | None:
    """A typed amount; None for what is none, which its own cell tells."""
    return Decimal(text) if text.isascii() and text.replace(".", "", 1).isdecimal() else None


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) * CENT:.2f}"
