-- Lists whose marks no format's own list has, such as `(1)`, `a)` or those of `\item[(a)]`: the marks become
-- words of their items, in lists without marks, which are divisions of class `delimited`.

local OWN = '\u{FDD1}'  -- as `latex.lua` puts it before a mark of an item's own
local ENDS = { OneParen = { '', ')' }, TwoParens = { '(', ')' } }

local function letters(number)
  local said = ''
  while number > 0 do
    said = string.char(97 + (number - 1) % 26) .. said
    number = (number - 1) // 26
  end
  return said
end

local function counted(number, style)
  local said = tostring(number)
  if style:match('Alpha') and number > 0 then said = letters(number) end
  if style:match('Roman') then said = pandoc.utils.to_roman_numeral(number):lower() end
  return style:match('^Upper') and said:upper() or said
end

local function first_inline(item)
  local block = item[1]
  return block and (block.t == 'Plain' or block.t == 'Para') and block.content[1] or nil
end

-- The words of an item's own mark, or nil.
local function own(item)
  local first = first_inline(item)
  if not first or first.t ~= 'Str' or first.text:sub(1, #OWN) ~= OWN then return nil end
  first.text = first.text:sub(#OWN + 1)
  return first.text
end

local function put(item, mark)
  local words = pandoc.Inlines({ pandoc.Str(mark), pandoc.Str('\u{A0}') })
  if not first_inline(item) then
    item:insert(1, pandoc.Plain(words))
  else
    item[1].content = words .. item[1].content
  end
end

local function marked(list, mark_of)
  for _, item in ipairs(list.content) do
    if own(item) == nil then put(item, mark_of()) end
  end
  return pandoc.Div({ pandoc.BulletList(list.content) }, pandoc.Attr('', { 'delimited' }))
end

local function has_own(list)
  for _, item in ipairs(list.content) do
    local first = first_inline(item)
    if first and first.t == 'Str' and first.text:sub(1, #OWN) == OWN then return true end
  end
  return false
end

local function ordered(list)
  local attributes = list.listAttributes
  local ends = ENDS[attributes.delimiter]
  if not ends and not has_own(list) then return nil end
  ends = ends or { '', '.' }
  local number = attributes.start - 1
  return marked(list, function()
    number = number + 1
    return ends[1] .. counted(number, attributes.style) .. ends[2]
  end)
end

local function bulleted(list)
  return has_own(list) and marked(list, function() return '•' end) or nil
end

return { { OrderedList = ordered, BulletList = bulleted } }
