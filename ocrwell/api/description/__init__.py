"""The API described for programs and for people: an OpenAPI document and the page that shows it."""
