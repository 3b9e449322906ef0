"""A procedure made for the tests and benches of the runtime: small, with a branch of every kind that matters."""
