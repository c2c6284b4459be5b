-- Converts the targets of references, as written for pandoc-crossref, Quarto and LaTeX, to plain
-- forms: figures with ids, panels in figures, listings, divisions of class `equation`. References
-- share Pandoc's citation syntax. They become spans of class `xref`, so that citeproc does not read
-- them as citations.

local stringify = pandoc.utils.stringify
local KINDS = {}
for kind in ([[fig tbl tab sec chap app eq eqn lst alg algo thm lem cor prp prop prf cnj def exm exr rem
  sol nte tip wrn imp cau]]):gmatch('%a+') do KINDS[kind] = true end

local function is_label(id)
  local kind = id:match('^(%a+)[:%-]')
  return kind ~= nil and KINDS[kind:lower()] == true
end

-- `\label{x}`, or `[]{#tbl:x short-caption="…"}`, as templates for theses have it.
local function has_label(span)
  return span.classes:includes('label') or (#span.content == 0 and is_label(span.identifier))
end

-- Take the labels out of some blocks or inlines. Return the rest and the first label.
local function take_label(content)
  local label
  content = content:walk({
    Span = function(span)
      if not has_label(span) then return nil end
      label = label or span.identifier
      return {}
    end,
  })
  return content, label
end

local function trim(inlines)
  while #inlines > 0 and (inlines[#inlines].t == 'Space' or inlines[#inlines].t == 'SoftBreak') do
    inlines:remove(#inlines)
  end
  while #inlines > 0 and (inlines[1].t == 'Space' or inlines[1].t == 'SoftBreak') do
    inlines:remove(1)
  end
  return inlines
end

-- `{#eq:x tag="…"}` at a place in a list of inlines, up to its closing brace.
local function attributes_at(inlines, start)
  if inlines[start] == nil or inlines[start].t ~= 'Str' or not inlines[start].text:match('^{#') then
    return nil
  end
  local words = ''
  for n = start, math.min(#inlines, start + 12) do
    local inline = inlines[n]
    words = words .. (inline.t == 'Quoted' and '"' .. stringify(inline.content) .. '"'
      or stringify(inline))
    local inside, after = words:match('^{(.-)}(.*)$')
    if inside then
      return { id = inside:match('#([^%s}]+)'), tag = inside:match('tag="([^"]*)"'), last = n,
        after = after }
    end
  end
  return nil
end

-- --- Equations -----------------------------------------------------------------------------------

local function clean(tex)
  return (tex:gsub('\n%s*%%%s*\n', '\n'):gsub('\n%s*%%%s*\n', '\n'):gsub('^%s*%%%s*\n', ''))
end

-- The formula without its labels; and the labels and tags of its rows, '' where one is missing.
local function labels_in(tex)
  local labels, tags = {}, {}
  for row in (tex .. '\\\\'):gmatch('(.-)\\\\') do
    local tag = (row:match('\\tag%*?%s*(%b{})') or ''):gsub('[%${}]', ''):gsub("'", '′')
    local first = #labels
    for label in row:gmatch('\\label%s*{([^{}]*)}') do
      labels[#labels + 1] = label
      tags[#labels] = #labels == first + 1 and tag or ''
    end
    if #labels == first and tag ~= '' then
      labels[#labels + 1], tags[#labels + 1] = '', tag
    end
  end
  return (tex:gsub('\\label%s*{[^{}]*}', '')), labels, tags
end

-- Give a name to the first row of a formula, which may have a tag of its own.
local function name_first(labels, tags, id, tag)
  if labels[1] == '' then
    labels[1], tags[1] = id, tag or tags[1]
  else
    table.insert(labels, 1, id)
    table.insert(tags, 1, tag or '')
  end
end

local function first_name(labels)
  for _, label in ipairs(labels) do if label ~= '' then return label end end
  return nil
end

local function equation(tex, labels, tags)
  local bare = tex:gsub('\\tag%*?%s*%b{}', '')
  return pandoc.Div({ pandoc.Plain({ pandoc.Math('DisplayMath', bare) }) },
    pandoc.Attr(first_name(labels), { 'equation' },
      { labels = pandoc.json.encode(labels), tags = pandoc.json.encode(tags) }))
end

-- A paragraph that holds labelled formulas becomes several blocks.
local function split_equations(para)
  local blocks, line = pandoc.Blocks({}), pandoc.Inlines({})
  local make = para.t == 'Plain' and pandoc.Plain or pandoc.Para
  local function flush()
    if #trim(line) > 0 then blocks:insert(make(line)) end
    line = pandoc.Inlines({})
  end
  local n, found = 1, false
  while n <= #para.content do
    local inline = para.content[n]
    -- `$x$ {#eq:x}` alone in its paragraph is displayed, as by pandoc-eqnos.
    if inline.t == 'Math' and n == 1 and inline.mathtype == 'InlineMath' then
      local behind = para.content[2] and para.content[2].t == 'Space' and 3 or 2
      local given = attributes_at(para.content, behind)
      if given and given.id and is_label(given.id) and given.last == #para.content then
        inline.mathtype = 'DisplayMath'
      end
    end
    if inline.t == 'Math' and inline.mathtype == 'DisplayMath' then
      local tex, labels, tags = labels_in(clean(inline.text))
      local at = n + 1
      while para.content[at] and (para.content[at].t == 'Space' or para.content[at].t == 'SoftBreak')
      do at = at + 1 end
      local given = attributes_at(para.content, at)
      if given and given.id then
        name_first(labels, tags, given.id, given.tag)
        n = given.last
      end
      if first_name(labels) then
        found = true
        flush()
        blocks:insert(equation(tex, labels, tags))
        if given and given.after ~= '' then line:insert(pandoc.Str(given.after)) end
      else
        inline.text = tex
        line:insert(inline)
      end
    elseif inline.t == 'Span' and inline.identifier ~= '' and #inline.content == 1
      and inline.content[1].t == 'Math' and inline.content[1].mathtype == 'DisplayMath' then
      found = true
      flush()
      local tex, _, tags = labels_in(clean(inline.content[1].text))
      blocks:insert(equation(tex, { inline.identifier }, { tags[1] or '' }))
    else
      line:insert(inline)
    end
    n = n + 1
  end
  if not found then return pandoc.Blocks({ make(line) }) end
  flush()
  return blocks
end

-- --- Figures, tables, listings -------------------------------------------------------------------

local function label_figure(figure)
  local blocks, label = take_label(figure.caption.long)
  figure.caption.long = blocks
  figure.content, label = take_label(figure.content), label or figure.identifier
  if figure.identifier == '' then figure.identifier = label or '' end
  return figure
end

local function label_table(tbl)
  local blocks, label = take_label(tbl.caption.long)
  -- `: A caption {#tbl:x}`, as older readers leave it.
  local last = blocks[#blocks]
  if last and last.content then
    for n = 1, #last.content do
      local given = attributes_at(last.content, n)
      if given and given.id and given.last == #last.content then
        for _ = n, given.last do last.content:remove(n) end
        last.content, label = trim(last.content), given.id
        break
      end
    end
  end
  tbl.caption.long = blocks
  if tbl.identifier == '' then tbl.identifier = label or '' end
  return tbl
end

local function label_heading(heading)
  local content, label = take_label(heading.content)
  if not label then return nil end
  heading.content, heading.identifier = trim(content), label
  return heading
end

-- Turn an image with a label or a caption in its attributes into a figure.
local function figure_of(image)
  local attr, caption = pandoc.Attr(image.identifier), image.attributes['fig-cap']
  image.identifier, image.attributes['fig-cap'] = '', nil
  local words = caption and pandoc.read(caption, 'markdown', nil, {}).blocks or { pandoc.Plain(image.caption) }
  return pandoc.Figure({ pandoc.Plain({ image }) }, words, attr)
end

-- A labelled image at the start of a paragraph is a figure even if other words follow.
local function free_figures(para)
  local first, second = para.content[1], para.content[2]
  if not (first and first.t == 'Image') then return nil end
  if not (is_label(first.identifier) or first.attributes['fig-cap']) then return nil end
  if second and second.t ~= 'SoftBreak' and second.t ~= 'LineBreak' then return nil end
  local rest = trim(pandoc.Inlines({ table.unpack(para.content, 3) }))
  local blocks = pandoc.Blocks({ figure_of(first) })
  if #rest > 0 then blocks:extend(free_figures(pandoc.Para(rest)) or { pandoc.Para(rest) }) end
  return blocks
end

local function is_row(block) return block.t == 'Div' and block.classes:includes('side-by-side') end

-- A row with its images turned into figures: all, or only those with a label or a caption.
local function row_of_figures(row, all)
  for n, cell in ipairs(row.content) do
    local image = cell.t == 'Plain' and #cell.content == 1 and cell.content[1]
    if image and image.t == 'Image' and (all or is_label(image.identifier)
      or image.attributes['fig-cap']) then
      row.content[n] = figure_of(image)
    end
  end
  return row
end

-- `<div id="fig:x">` or `::: {#fig-x}`: panels, then a last paragraph that is the common caption.
local function group(div)
  local kind = div.identifier:match('^(%a+)[:%-]')
  if kind then kind = kind:lower() end
  if kind ~= 'fig' and kind ~= 'tbl' and kind ~= 'lst' then return nil end
  local caption = div.attributes['fig-cap'] or div.attributes['tbl-cap']
  local last = div.content[#div.content]
  local words
  if caption then
    words = pandoc.read(caption, 'markdown', nil, {}).blocks
  elseif #div.content > 1 and last.t == 'Para' and not (last.content[1].t == 'Image') then
    words = pandoc.Blocks({ pandoc.Plain(last.content) })
    div.content:remove(#div.content)
  end
  if kind == 'tbl' and #div.content == 1 and div.content[1].t == 'Table' then
    local tbl = div.content[1]
    if tbl.identifier == '' then tbl.identifier = div.identifier end
    if words then tbl.caption.long = words end
    return tbl
  end
  if kind == 'lst' and #div.content == 1 and div.content[1].t == 'Figure' then return nil end
  local blocks = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    local images = block.content and (block.t == 'Para' or block.t == 'Plain')
      and block.content:filter(function(inline) return inline.t == 'Image' end) or {}
    if is_row(block) then
      blocks:insert(row_of_figures(block, kind == 'fig'))
    elseif #images == 0 then
      blocks:insert(block)
    elseif #images == 1 and #div.content == 1 and images[1].identifier == '' then
      if not words then words = pandoc.Blocks({ pandoc.Plain(images[1].caption) }) end
      blocks:insert(pandoc.Plain({ images[1] }))
    else
      for _, image in ipairs(images) do blocks:insert(figure_of(image)) end
    end
  end
  if #blocks == 1 and blocks[1].t == 'Figure' and blocks[1].identifier == '' then
    blocks[1].identifier = div.identifier
    if words then blocks[1].caption.long = words end
    return blocks[1]
  end
  local class = ({ fig = 'panels', tbl = 'tables', lst = 'listing' })[kind]
  local figure = pandoc.Figure(blocks, words or {}, pandoc.Attr(div.identifier, { class }))
  figure.attributes['fig-align'] = div.attributes['fig-align']
  return figure
end

local function listing(code, caption)
  local id = code.identifier
  code.identifier = ''
  for _, name in ipairs({ 'caption', 'lst-cap', 'label', 'lst-label', 'language' }) do
    code.attributes[name] = nil
  end
  return pandoc.Figure({ code }, caption, pandoc.Attr(id, { 'listing' }))
end

local function code_block(code)
  local caption = code.attributes.caption or code.attributes['lst-cap']
  if not caption then return nil end
  if code.attributes['lst-label'] then code.identifier = code.attributes['lst-label'] end
  return listing(code, pandoc.read(caption, 'markdown', nil, {}).blocks)
end

-- `Listing: A caption {#lst:x}` before a block of code, or `: A caption {#lst:x}` after it.
local function listing_caption(para, sign)
  if not para or (para.t ~= 'Para' and para.t ~= 'Plain') then return nil end
  local first = para.content[1]
  if not (first and first.t == 'Str' and first.text == sign) then return nil end
  local words = trim(pandoc.Inlines({ table.unpack(para.content, 2) }))
  for n = 1, #words do
    local given = attributes_at(words, n)
    if given and given.id and given.last == #words then
      for _ = n, given.last do words:remove(n) end
      return trim(words), given.id
    end
  end
  return sign == 'Listing:' and words or nil, ''
end

local function caption_listings(blocks)
  local n = 1
  while n <= #blocks do
    if blocks[n].t == 'CodeBlock' then
      local words, id = listing_caption(blocks[n - 1], 'Listing:')
      local at = n - 1
      if not words then words, id = listing_caption(blocks[n + 1], ':'); at = n + 1 end
      if words then
        if blocks[n].identifier == '' then blocks[n].identifier = id end
        blocks[n] = listing(blocks[n], { pandoc.Plain(words) })
        blocks:remove(at)
        if at < n then n = n - 1 end
      end
    end
    n = n + 1
  end
  return blocks
end

-- --- References ----------------------------------------------------------------------------------

-- For pandoc-xnos, `+@fig:x` and `*@fig:x` mean `@fig:x`, `!@fig:x` means its number, and braces may
-- stand around each.
local function signed(inlines)
  for n = 2, #inlines do
    local cite, before = inlines[n], inlines[n - 1]
    if cite.t == 'Cite' and before.t == 'Str' and is_label(cite.citations[1].id) then
      local start, brace, sign = before.text:match('^([%(%[]*)({?)([+*!]?)$')
      if brace == '{' and inlines[n + 1] and inlines[n + 1].t == 'Str' then
        inlines[n + 1].text = inlines[n + 1].text:gsub('^}', '')
      end
      if start then
        before.text = start
        if sign == '!' then cite.citations[1].mode = 'SuppressAuthor' end
      end
    end
  end
  return inlines
end

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
    if #inlines > 0 then
      if referring then inlines:insert(pandoc.Str(',')) end
      inlines:insert(pandoc.Space())
    end
    inlines:insert(referring and xref(run) or pandoc.Cite(pandoc.Inlines({}), run))
    run = pandoc.List({})
  end
  for _, citation in ipairs(cite.citations) do
    local label = leads_to_label(citation.id)
    if label ~= referring then close() end
    referring, found = label, found or label
    run:insert(citation)
  end
  close()
  return found and inlines or nil
end

-- A work whose key looks like a label is a citation, unless something has that label.
local function all_references(doc)
  local labels, doubtful = {}, false
  local function note(element)
    if element.identifier and element.identifier ~= '' then labels[element.identifier] = true end
    local more = element.attributes and element.attributes.labels
    for _, label in ipairs(more and pandoc.json.decode(more, false) or {}) do labels[label] = true end
  end
  doc:walk({ Div = note, Span = note, Figure = note, Table = note, Header = note, Image = note,
    CodeBlock = note, Code = note, Link = note })
  doc:walk({ Cite = function(cite)
    for _, citation in ipairs(cite.citations) do
      if is_label(citation.id) ~= (labels[citation.id] or false) then doubtful = true end
    end
  end })
  local works = {}
  if doubtful and stringify(doc.meta.bibliography or '') ~= '' then
    for _, reference in ipairs(pandoc.utils.references(doc)) do works[reference.id] = true end
  end
  local function leads_to_label(id)  -- of a known kind, or with a colon and the id of something
    if works[id] and not (is_label(id) and labels[id]) then return false end
    return is_label(id) or (id:find(':') ~= nil and labels[id] == true)
  end
  return doc:walk({ Cite = function(cite) return cross_references(cite, leads_to_label) end })
end

return {
  { Figure = label_figure, Table = label_table, Header = label_heading },
  { Blocks = caption_listings },
  { CodeBlock = code_block, Para = split_equations, Plain = split_equations },
  { Para = free_figures },
  { Div = group },
  { Div = function(div) return is_row(div) and row_of_figures(div, false) or nil end },
  { Inlines = signed },
  { Pandoc = all_references },
}
