"""The deposit: an edition with everything it was made from, preserved as a version in a store.

The way: `package` gathers the files. `sbom`, `provenance`, `crate` and `readme` describe them.
`bag` puts everything into a BagIt bag. `archive` adds the bag as a version of an OCFL object to a
`store`, on `disk` or on `s3`. `verify`, `rebuild` and `restore` lead back from the store: `fixity`
and the modules of rules read what any program may have written, `proof` proves a version.
"""
