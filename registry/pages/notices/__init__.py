"""Public notices: the officers' list and record, the poster, and the page that anybody may read."""
