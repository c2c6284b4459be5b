-- Gives figures, tables, headings and listings the labels and captions that are written for
-- pandoc-crossref, Quarto and LaTeX: in a caption, behind a heading, or in a line beside a block of code.

local L = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'label_words.lua' }))
local is_label, trim, attributes_at = L.is_label, L.trim, L.attributes_at

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

return {
  { Figure = label_figure, Table = label_table, Header = label_heading },
  { Blocks = caption_listings },
  { CodeBlock = code_block },
}
