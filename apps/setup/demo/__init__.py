"""The demo: users, a pool on a generated business database, stored queries over it, and its dictionary.

Everything in it is made up by the code here, and the same on every machine.
"""
