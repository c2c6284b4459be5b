-- The quotation marks of passages in other languages than the work's. All others are written by
-- `before.lua`.

local stringify = pandoc.utils.stringify

local function quoted_with(marks)
  return { Quoted = function(quoted)
    local first = quoted.quotetype == 'SingleQuote' and 3 or 1
    local content = quoted.content
    content:insert(1, pandoc.Str(marks[first]))
    content:insert(pandoc.Str(marks[first + 1]))
    return content
  end }
end

-- The innermost passage comes first, so that its quotations get its own language's marks.
local function quotation_marks(doc)
  local marks = pandoc.json.decode(stringify(doc.meta['triptych-quotes']), false)
  local function passage(element)
    local own = marks[element.attributes.lang or '']
    if element.attributes.lang and own then
      element.content = element.content:walk(quoted_with(own))
      return element
    end
  end
  marks[''] = nil
  if next(marks) then doc = doc:walk({ Span = passage }):walk({ Div = passage }) end
  return doc
end

return { { Pandoc = quotation_marks } }

