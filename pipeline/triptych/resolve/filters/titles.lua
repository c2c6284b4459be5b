-- The first filter. Title, subtitle and abstract stand behind the text (`read/titles.py`), each after an
-- empty span that names it. Here they come into a division at the head of the document, so that they
-- are read as its text is: their notes and citations are counted first.

local function named(block)
  local first = block and (block.t == 'Para' or block.t == 'Plain') and block.content[1]
  if first and first.t == 'Span' and first.classes[1] == 'title-part' then return first.attributes.of end
  return nil
end

-- The text without the parts, which are the last of its blocks; and the parts. A division that the
-- author has left open holds them with the text.
local function parted(blocks, count)
  local last = blocks[#blocks]
  if last and last.t == 'Div' then
    local inner, held = parted(last.content, count)
    if next(held) then
      last.content = inner
      return blocks, held
    end
  end
  local text, parts, name, first = blocks:clone(), {}, nil, #blocks + 1
  while count > 0 and first > 1 do
    first = first - 1
    if named(blocks[first]) then count = count - 1 end
  end
  for _ = first, #blocks do text:remove(first) end
  for at = first, #blocks do
    local block = blocks[at]
    local begun = named(block)
    if begun then
      name = begun
      parts[name] = pandoc.Blocks({})
      block.content:remove(1)
    end
    if not name then
      text:insert(block)
    elseif not begun or #block.content > 0 then
      parts[name]:insert(block)
    end
  end
  return text, parts
end

-- Pandoc's reader has counted notes and citations where it read them. Styles with notes ask for this.
local function counted(doc)
  local number = 0
  local function count(cite)
    for _, citation in ipairs(cite.citations) do citation.note_num = number end
    return cite
  end
  return doc:walk({
    traverse = 'topdown',
    Note = function(note)
      number = number + 1
      note.content = note.content:walk({ Cite = count })
      return note, false
    end,
    Cite = function(cite)
      number = number + 1
      return count(cite), false
    end,
  })
end

local function calls(blocks)
  local found = false
  blocks:walk({ Cite = function() found = true end, Note = function() found = true end })
  return found
end

function Pandoc(doc)
  local count = tonumber(pandoc.utils.stringify(doc.meta['triptych-titles']))
  local text, parts = parted(doc.blocks, count)
  if next(parts) == nil then return nil end
  local head = pandoc.Blocks({})
  for _, name in ipairs({ 'title', 'subtitle' }) do
    if parts[name] then
      local line = pandoc.utils.blocks_to_inlines(parts[name])
      if name == 'title' and parts.thanks then line:insert(pandoc.Note(parts.thanks)) end
      head:insert(pandoc.Div({ pandoc.Plain(line) }, pandoc.Attr('', { name })))
    end
  end
  if parts.abstract then
    parts.abstract:insert(1, pandoc.Plain({})) -- a heading at the beginning would become the division
    head:insert(pandoc.Div(parts.abstract, pandoc.Attr('', { 'abstract' })))
  end
  text:insert(1, pandoc.Div(head, pandoc.Attr('', { 'title-block' })))
  doc.blocks = text
  return calls(head) and counted(doc) or doc
end
