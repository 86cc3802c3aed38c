"""Database servers and a browser for the tests: found or installed, started privately, stopped after.

`python -m tests.servers -- COMMAND` runs a command with them. A server that runs already is never touched:
ours have their own data in a temporary folder, a free port on the loopback interface, passwords of their own
and, when started by root, the account `nobody`.
"""
