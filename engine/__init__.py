"""Documents in, text out. Knows nothing of Django, Celery, the network or the environment."""
