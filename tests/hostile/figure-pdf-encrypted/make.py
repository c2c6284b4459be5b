import pikepdf

with pikepdf.new() as pdf:
    pdf.add_blank_page()
    pdf.save("a.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret"))
