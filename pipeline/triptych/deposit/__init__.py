"""The deposit: an edition with all that it was made of, preserved as a version in a store.

The way: `package` gathers the files, `sbom`, `provenance`, `crate` and `readme` write what tells of
them, `bag` puts all into a BagIt bag, `archive` shelves the bag as a version of an OCFL object in a
`store`, on `disk` or on `s3`. `verify`, `rebuild` and `restore` lead back from the store.
"""
