-- Cross-references share Pandoc's citation syntax. They become spans of class `xref`, so that citeproc
-- does not read them as citations.

local stringify = pandoc.utils.stringify
local L = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'label_words.lua' }))
local is_label, trim = L.is_label, L.trim

-- What stands before or behind a reference in its bracket: words go with its name, and what is more
-- than words (emphasis, a formula, another reference) stands within its span.
local function xref(citations)
  local items, affixes = {}, pandoc.Inlines({})
  for n, citation in ipairs(citations) do
    local item = { key = citation.id,
      form = citation.mode == 'SuppressAuthor' and 'number' or 'full' }
    for _, side in ipairs({ 'prefix', 'suffix' }) do
      local inlines = pandoc.Inlines(citation[side])
      if side == 'prefix' then inlines = trim(inlines) end
      if side == 'suffix' and #inlines > 0 and citation.mode == 'AuthorInText' then
        inlines = pandoc.Inlines({ pandoc.Str(' (') }) .. inlines .. { pandoc.Str(')') }
      end
      item[side] = stringify(inlines)
      local words = inlines:find_if(function(i) return i.t ~= 'Str' and i.t ~= 'Space' end) == nil
      if not words then
        affixes:insert(pandoc.Span(inlines, pandoc.Attr('', { 'affix' }, { of = n .. side })))
      end
    end
    items[n] = item
  end
  return pandoc.Span(affixes, pandoc.Attr('', { 'xref' }, { keys = pandoc.json.encode(items) }))
end

-- The references and citations of a bracket, in their order; nil if it has citations alone.
local function cross_references(cite, leads_to_label)
  local inlines, run, referring, found = pandoc.Inlines({}), pandoc.List({}), nil, false
  local function close()
    if #run == 0 then return end
    -- `@fig:x [in @sec:y]`: what is in the bracket stands in one, as a citation does by itself.
    local bracket = referring and #inlines == 1 and cite.citations[1].mode == 'AuthorInText'
    if #inlines > 0 then
      if referring and not bracket then inlines:insert(pandoc.Str(',')) end
      inlines:insert(pandoc.Space())
    end
    if bracket then inlines:insert(pandoc.Str('(')) end
    inlines:insert(referring and xref(run) or pandoc.Cite(pandoc.Inlines({}), run))
    if bracket then inlines:insert(pandoc.Str(')')) end
    run = pandoc.List({})
  end
  for n, citation in ipairs(cite.citations) do
    local label = leads_to_label(citation.id)
    if label ~= referring or (n == 2 and label and cite.citations[1].mode == 'AuthorInText') then close() end
    referring, found = label, found or label
    run:insert(citation)
  end
  close()
  return found and inlines or nil
end

-- A work whose key looks like a label is a citation, unless something has that label.
local function all_references(doc)
  local labels, cited = {}, {}
  local function note(element)
    if element.identifier and element.identifier ~= '' then labels[element.identifier] = true end
    local more = element.attributes and element.attributes.labels
    for _, label in ipairs(more and pandoc.json.decode(more, false) or {}) do labels[label] = true end
  end
  local function note_cited(cite)
    for _, citation in ipairs(cite.citations) do cited[citation.id] = true end
  end
  doc:walk({ Div = note, Span = note, Figure = note, Table = note, Header = note, Image = note,
    CodeBlock = note, Code = note, Link = note, Cite = note_cited })
  local possible, doubtful, works = false, false, {}
  for id in pairs(cited) do
    possible = possible or is_label(id) or id:find(':') ~= nil
    doubtful = doubtful or is_label(id) ~= (labels[id] or false)
  end
  if not possible then return nil end
  if doubtful and stringify(doc.meta.bibliography or '') ~= '' then
    for _, reference in ipairs(pandoc.utils.references(doc)) do works[reference.id] = true end
  end
  local function leads_to_label(id)  -- of a known kind, or with a colon and the id of something
    if works[id] and not (is_label(id) and labels[id]) then return false end
    return is_label(id) or (id:find(':') ~= nil and labels[id] == true)
  end
  return doc:walk({ Cite = function(cite) return cross_references(cite, leads_to_label) end })
end

return { { Pandoc = all_references } }
