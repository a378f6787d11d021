"""Where rows live: the tables, the connection to SQLite or PostgreSQL, and the migrations."""
