import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    stub = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P))
    stubs = [pdf.make_indirect(pikepdf.Dictionary(stub)) for _ in range(20_000)]
    root = pdf.Root.StructTreeRoot
    for one in stubs:
        one.P = root
    kids = root.K if isinstance(root.K, pikepdf.Array) else pikepdf.Array([root.K])
    root.K = pikepdf.Array([*kids, *stubs])
    pdf.save()
