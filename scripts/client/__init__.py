"""Drives the web client of the original product against the original and against us: `make test-client`.

The original is the package `liberty-framework` of PyPI, installed as a separate program under `var/`:
nothing of it is part of this project. Both servers get the same data, one browser does the same steps on
both, and what the client shows and asks for is compared.
"""
