-- Runs in place of citeproc where each chapter of a book has its own bibliography. Citeproc runs on
-- each chapter separately, so that numbers, first and later forms, and disambiguation start anew. A
-- chapter's bibliography is the div `refs-2`, and an entry in it is `ref-2-KEY`.

local citeproc = pandoc.utils.citeproc

-- The metadata that citeproc reads (Pandoc's manual, "Citations"). The work's `nocite` belongs to no
-- chapter. Each chapter's own `nocite` is at its heading, where `before.lua` put it.
local READ = {
  'bibliography', 'csl', 'citation-style', 'references', 'lang', 'link-citations',
  'link-bibliography', 'notes-after-punctuation', 'citation-abbreviations',
}

local function begins(block)
  return block.t == 'Header' and block.level == 1
    and (block.classes:includes('chapter') or block.classes:includes('part'))
end

local function named_after(number, blocks)
  local entries = {}
  blocks:walk({ Div = function(div)
    if div.classes:includes('csl-entry') then entries['#' .. div.identifier] = true end
  end })
  local function renamed(id) return (id:gsub('^(#?ref)', '%1-' .. number, 1)) end
  return blocks:walk({
    Div = function(div)
      if div.identifier == 'refs' then
        div.identifier = 'refs-' .. number
      elseif entries['#' .. div.identifier] then
        div.identifier = renamed(div.identifier)
      end
      return div
    end,
    Link = function(link)
      if entries[link.target] then link.target = renamed(link.target) end
      return link
    end,
  })
end

function Pandoc(doc)
  local chapters = pandoc.List({ pandoc.Blocks({}) })
  for _, block in ipairs(doc.blocks) do
    if begins(block) then chapters:insert(pandoc.Blocks({})) end
    chapters[#chapters]:insert(block)
  end
  if #chapters == 1 then return citeproc(doc) end
  local read = {}
  for _, name in ipairs(READ) do read[name] = doc.meta[name] end
  doc.meta.nocite = nil
  local blocks = pandoc.Blocks({})
  for number, chapter in ipairs(chapters) do
    local first = chapter[1]
    read.nocite = first and first.t == 'Header' and first.attributes.nocite
      and pandoc.MetaBlocks(pandoc.read(first.attributes.nocite, 'markdown', nil, {}).blocks) or nil
    local done = citeproc(pandoc.Pandoc(chapter, read)).blocks
    blocks:extend(named_after(number - 1, done))
  end
  return pandoc.Pandoc(blocks, doc.meta)
end
