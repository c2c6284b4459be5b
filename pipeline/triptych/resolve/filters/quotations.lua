-- The quotation marks of passages in other languages than the work's; and of scripts without spaces.
-- All others are written by `before.lua`.

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

-- In scripts without spaces between words, pandoc reads every straight quotation mark as a closing
-- one. If a block has no others, they open and close in turn.
local UNSPACED = { ja = true, zh = true, th = true, lo = true, km = true, my = true, ko = true }

local function by_turns(marks)
  local function open_and_close(block)
    local text = stringify(block)
    local _, closing = text:gsub('”', '')
    if text:find('“') or closing % 2 == 1 then return nil end
    local opens = false
    return block:walk({ Str = function(str)
      str.text = str.text:gsub('”', function()
        opens = not opens
        return marks[opens and 1 or 2]
      end)
      return str
    end })
  end
  return { Para = open_and_close, Plain = open_and_close, Header = open_and_close }
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
  local language, own = stringify(doc.meta.lang or ''), marks['']
  marks[''] = nil
  if next(marks) then doc = doc:walk({ Span = passage }):walk({ Div = passage }) end
  if UNSPACED[language:lower():match('^%a+')] then doc = doc:walk(by_turns(own)) end
  return doc
end

return { { Pandoc = quotation_marks } }

