"""How the dashboard writes dates."""
