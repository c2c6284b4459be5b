-- Marks raw markup of other formats, which HTML would drop silently.

local function raw(element)
  if element.format:match('html') then return nil end
  local inner = pandoc.Code(element.text)
  local attr = pandoc.Attr('', { element.format:match('tex') and 'raw-tex' or 'raw-other' })
  if element.t == 'RawBlock' then
    return pandoc.Div({ pandoc.CodeBlock(element.text) }, attr)
  end
  return pandoc.Span({ inner }, attr)
end

return { { RawInline = raw, RawBlock = raw } }
