"""HTTP and nothing else: requests in, calls to the core, answers out."""
