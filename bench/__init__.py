"""How fast a running server answers, and how much memory a page takes: `make bench`."""
