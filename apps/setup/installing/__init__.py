"""Installing: from no framework database, or the embedded one, to one on PostgreSQL."""
