-- Runs after citeproc. Works that a chapter lists without citing them are listed now.

return { { Header = function(header)
  if not header.attributes.nocite then return nil end
  header.attributes.nocite = nil
  return header
end } }
