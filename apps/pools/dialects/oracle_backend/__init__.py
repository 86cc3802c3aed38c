"""Django's back end for Oracle, for pools."""
