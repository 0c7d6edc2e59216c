"""The resources under `/api/v1/sync/`, where other systems push, pull and compare."""
