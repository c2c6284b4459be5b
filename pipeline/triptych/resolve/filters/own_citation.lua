-- Runs before citeproc. Has the work itself set as an entry of a bibliography, in the style and the language
-- of the work, by a run of citeproc of its own, which changes nothing in the article.

local READ = { 'csl', 'citation-style', 'lang' }

local function without_citations(inlines)
  local kept = pandoc.Inlines {}
  for _, inline in ipairs(inlines) do
    if inline.t ~= 'Note' and inline.t ~= 'Cite' then
      kept:insert(inline)
    elseif #kept > 0 and kept[#kept].t == 'Space' then
      kept:remove()
    end
  end
  return kept
end

local function title_of(markdown)
  local blocks = pandoc.read(markdown, 'markdown', nil, {}).blocks
  return pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(blocks):walk {
    Inlines = without_citations,
    Link = function(link) return link.content end,
    Image = function(image) return image.caption end,
  })
end

local function content_of(inline) return inline.content end

-- The words of the entry, without its number; of emphasis it keeps what tells a title from other words.
local function entry_in(doc)
  local entry, beside
  doc:walk {
    Div = function(div)
      if div.classes:includes('csl-entry') then entry = pandoc.utils.blocks_to_inlines(div.content) end
    end,
    Span = function(span)
      if span.classes:includes('csl-right-inline') then beside = span.content end
    end,
  }
  return entry and (beside or entry):walk {
    Link = content_of, SmallCaps = content_of, Span = content_of, Strong = content_of,
    Underline = content_of,
  }
end

function Meta(meta)
  if not meta['triptych-own'] then return nil end
  local given = pandoc.utils.stringify(meta['triptych-own'])
  local item = pandoc.read('[' .. given .. ']', 'csljson').meta.references[1]
  item.title = title_of(pandoc.json.decode(given).title)
  local read = { references = pandoc.MetaList { item }, nocite = pandoc.MetaInlines {
    pandoc.Cite({}, { pandoc.Citation('*', 'NormalCitation') }),
  } }
  for _, name in ipairs(READ) do read[name] = meta[name] end
  local entry = entry_in(pandoc.utils.citeproc(pandoc.Pandoc({}, read)))
  meta['triptych-own'] = entry
    and pandoc.write(pandoc.Pandoc { pandoc.Plain(entry) }, 'html5') or nil
  return meta
end
