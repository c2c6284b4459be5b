import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    first = pdf.Root.StructTreeRoot.K
    first = first[0] if isinstance(first, pikepdf.Array) else first
    first.K = pikepdf.Array([first, first])
    pdf.save()
