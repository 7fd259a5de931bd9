"""The OCR service: accounts, storage, jobs and the HTTP APIs over them."""
