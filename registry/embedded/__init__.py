"""PostgreSQL and Valkey for running and testing on a machine with Python and make only.

`enter()` makes this process a user of the servers of STATE_DIR: it holds a shared lock on the
folder for as long as it lives, and finds the servers' addresses in the environment. The servers
belong to a supervisor, which stops them when it can take that lock alone. Nothing is started where
DATABASE_URL names a database.

`python -m registry.embedded -- COMMAND…` runs any command as such a user.
"""

from registry.embedded.launcher import VOLATILE, NoServers, enter, lend_keys

__all__ = ["VOLATILE", "NoServers", "enter", "lend_keys"]
