"""Mathematics: the MathML that pandoc makes from TeX is normalised, put into words, and drawn.

`tidy` and `spacing` normalise the tree of a formula, which all editions show. `spoken` says it in
words. `layout` draws it for print by the rules of MathML Core, with the metrics of a typeface
(`font`).
"""
