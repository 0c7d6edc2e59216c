"""The life of some households, whatever officers try in whatever order.

Registered, corrected, split, transferred, born into and died out of, identified, objected to,
appealed, approved, frozen: after every act the invariants of the register hold (domain reference
§19.2). 1,000 lives of 50 acts in `make faults`, 50 in the suite.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.households.life import Life, hire

FULL = os.environ.get("FAULTS") == "full"
LIVES, ACTS = (1000, 50) if FULL else (50, 50)


def test_no_life_breaks_an_invariant(real_database, calendar):
    hire()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=ACTS,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
