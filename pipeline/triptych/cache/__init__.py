"""The cache: what was worked out once and is worked out again only where its sources change.

`store` keeps bytes by what they are made from, `press_state` knows the press itself, and `probes`
notes what a build looks at.
"""
