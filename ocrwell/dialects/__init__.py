"""Our objects as the JSON of the two API contracts: pure functions, one module a dialect."""
