"""The dashboard: Django's admin for operators and for the people of an organisation."""
