"""Mathematics: formulas read from TeX, settled as MathML, put into words, and drawn.

`settle` makes one tree of every formula, which all editions show; `spoken` says it in words;
`layout` draws it for print by the rules of MathML Core and the measures of a typeface (`font`).
"""
