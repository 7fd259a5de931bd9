"""The core: uploads, jobs, their life and their results."""
