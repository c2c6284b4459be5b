-- What `read/book.py` wrote at the headings of chapters.

-- Works that chapters list without citing them, named at their headings, join the list of the work,
-- if it has one.
local function gather_uncited(doc)
  local uncited = pandoc.Blocks({})
  doc:walk({ Header = function(header)
    local names = header.attributes.nocite
    if names then uncited:extend(pandoc.read(names, 'markdown', nil, {}).blocks) end
  end })
  if #uncited == 0 then return nil end
  local own = doc.meta.nocite
  if pandoc.utils.type(own) == 'Inlines' then uncited:insert(1, pandoc.Plain(own)) end
  if pandoc.utils.type(own) == 'Blocks' then uncited = own .. uncited end
  doc.meta.nocite = pandoc.MetaBlocks(uncited)
  return doc
end

-- The authors of a chapter stand below its heading.
local function byline(header)
  local people = header.attributes.byline
  if not people then return nil end
  header.attributes.byline = nil
  local span = pandoc.Span(pandoc.Str(people), pandoc.Attr('', { 'chapter-byline' }))
  return { header, pandoc.Para({ span }) }
end

return { { Pandoc = gather_uncited, Header = byline } }
