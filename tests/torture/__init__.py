"""Torture: kills, broken disks and other hands, for as long as one likes.

`python -m tests.torture` kills a busy bise a thousand times and prints what was counted;
`--kills N` and `--seed N` change that. The tests beside it are its short form.
"""
