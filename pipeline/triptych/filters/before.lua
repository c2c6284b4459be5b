-- Runs before citeproc. Turns cross-references, which share Pandoc's citation syntax, into spans
-- of class `xref`, so that citeproc does not take them for citations; notes which keys are cited
-- and which of them the bibliography holds; marks raw TeX, which HTML would drop in silence.

local stringify = pandoc.utils.stringify
local KINDS = { fig = true, tbl = true, tab = true, sec = true, eq = true, lst = true }

local function is_label(id)
  local kind = id:match('^(%a+)[:%-]')
  return kind ~= nil and KINDS[kind:lower()] == true
end

local function cross_references(cite)
  for _, citation in ipairs(cite.citations) do
    if not is_label(citation.id) then return nil end
  end
  local keys = {}
  for n, citation in ipairs(cite.citations) do keys[n] = citation.id end
  return pandoc.Span({}, pandoc.Attr('', { 'xref' }, { keys = pandoc.json.encode(keys) }))
end

local function raw_tex(element)
  if not element.format:match('tex') then return nil end
  local inner = pandoc.Code(element.text)
  local attr = pandoc.Attr('', { 'raw-tex' })
  if element.t == 'RawBlock' then
    return pandoc.Div({ pandoc.Plain({ inner }) }, attr)
  end
  return pandoc.Span({ inner }, attr)
end

local function note_references(doc)
  if stringify(doc.meta.bibliography or '') == '' then doc.meta.bibliography = nil end
  local cited = {}
  doc:walk({ Cite = function(cite)
    for _, citation in ipairs(cite.citations) do cited[#cited + 1] = citation.id end
  end })
  doc.meta['triptych-cited'] = pandoc.json.encode(cited)
  -- Raw, for pandoc takes long to escape a string of this size.
  doc.meta['triptych-references'] = pandoc.MetaBlocks({
    pandoc.RawBlock('html', pandoc.json.encode(pandoc.utils.references(doc))),
  })
  doc.meta['link-citations'] = true
  doc.meta['reference-section-title'] = nil
  return doc
end

return {
  { Cite = cross_references, RawInline = raw_tex, RawBlock = raw_tex },
  { Pandoc = note_references },
}
