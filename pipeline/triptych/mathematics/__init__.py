"""Mathematics: MathML as pandoc made it of TeX, brought to one form, put into words, and drawn.

`tidy` and `spacing` make one tree of a formula, which all editions show; `spoken` says it in words;
`layout` draws it for print by the rules of MathML Core and the measures of a typeface (`font`).
"""
