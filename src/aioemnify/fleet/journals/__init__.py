"""What keeps the items of a job and their states: what a job needs of it, and the file of one process."""
