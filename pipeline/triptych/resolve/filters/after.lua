-- Runs after citeproc. Wraps each citation cluster, as citeproc rendered it, in a span of class
-- `cluster` that holds what the author wrote: keys, prefixes, suffixes. If the style puts the
-- cluster into a note, the span goes inside that note.

local stringify = pandoc.utils.stringify

local function attributes(cite)
  local citations = {}
  for n, citation in ipairs(cite.citations) do
    citations[n] = {
      key = citation.id,
      mode = citation.mode,
      prefix = stringify(citation.prefix),
      suffix = stringify(citation.suffix),
    }
  end
  return pandoc.Attr('', { 'cluster' }, { citations = pandoc.json.encode(citations) })
end

local function into_note(note, attr)
  local first = note.content[1]
  if first and first.content then
    first.content = { pandoc.Span(first.content, attr) }
  end
  note.content[1] = first
  return note
end

local function cluster(cite)
  local attr = attributes(cite)
  for n, inline in ipairs(cite.content) do
    if inline.t == 'Note' then
      cite.content[n] = into_note(inline, attr)
      return cite.content
    end
  end
  return pandoc.Span(cite.content, attr)
end

-- In a style with notes, citeproc puts round brackets around a citation that stands within a note. Where
-- the author has brackets around it already, they go; where there are round ones around it, those within
-- are made square, as in `(see A. Doe, Title [London, 1985])`.

local function made_square(inlines)
  return inlines:walk({ Str = function(str)
    str.text = str.text:gsub('%(', '['):gsub('%)', ']')
    return str
  end })
end

local function is_bracket(inline, bracket)
  return inline and inline.t == 'Str' and inline.text == bracket
end

local function bracketed(cite, around)
  local content = cite.content
  local own = is_bracket(content[1], '(') and is_bracket(content[#content], ')')
    and cite.citations[1].mode ~= 'AuthorInText'
  if not own and around ~= '(' then return nil end
  if own then
    content:remove(#content)
    content:remove(1)
  end
  if around ~= '[' then content = made_square(content) end
  if own and around == '' then
    content:insert(1, pandoc.Str('('))
    content:insert(pandoc.Str(')'))
  end
  cite.content = content
  return cite
end

-- The author's brackets that are open, the innermost last, as `open` is carried through a block.
local function through(inlines, open)
  for at, inline in ipairs(inlines) do
    if inline.t == 'Cite' then
      inlines[at] = bracketed(inline, open[#open] or '') or inline
    elseif inline.t == 'Str' then
      for sign in inline.text:gmatch('[%(%)%[%]]') do
        if sign == '(' or sign == '[' then open[#open + 1] = sign else open[#open] = nil end
      end
    elseif inline.content and inline.t ~= 'Note' then
      inline.content = through(inline.content, open)
      inlines[at] = inline
    end
  end
  return inlines
end

-- Citeproc ends a citation that begins a note as if it were all of the note. Where the sentence goes on,
-- as in `[@lee, p. 3]; quoted in [@may]`, the stop goes; that of a shortened word stays.

local SHORTENED = { ['ed.'] = true, ['eds.'] = true, ['rev.'] = true, ['vol.'] = true, ['vols.'] = true,
  ['n.d.'] = true, ['Jr.'] = true, ['Inc.'] = true, ['Co.'] = true, ['Ltd.'] = true, ['al.'] = true }

local function goes_on(inlines)
  local next = inlines[2]
  if next and next.t == 'Str' then return next.text:match('^[,;:.?!)%]]') ~= nil end
  local word = next and next.t == 'Space' and inlines[3]
  return word and word.t == 'Str' and word.text:match('^[%l(]') ~= nil
end

local function without_stop(inlines)
  local last = inlines[#inlines]
  if last and last.t == 'Str' and not SHORTENED[last.text] then
    last.text = last.text:gsub('%.$', '')
  elseif last and last.content then
    last.content = without_stop(last.content)
  end
  return inlines
end

local function continued(block)
  local cite = block and block.content and block.content[1]
  if cite and cite.t == 'Cite' and goes_on(block.content) then
    cite.content = without_stop(cite.content)
    block.content[1] = cite
  end
  return block
end

-- `cf. [@lee].`: citeproc puts the stop before the mark of the note, where one stands already.

local function stopped_once(inlines)
  for at = #inlines, 2, -1 do
    local before = inlines[at - 1]
    local noted = inlines[at].t == 'Cite'
      and inlines[at].content:find_if(function(i) return i.t == 'Note' end)
    if noted and before.t == 'Str' then
      local around = inlines[at - 2]
      if before.text:match('[^.]%.%.$') then
        before.text = before.text:sub(1, -2)
      elseif before.text == '.' and around and around.t == 'Str' and around.text:match('[^.]%.$') then
        inlines:remove(at - 1)
      end
    end
  end
  return inlines
end

local function unnested(note)
  note.content[1] = continued(note.content[1])
  for at, block in ipairs(note.content) do
    if block.t == 'Para' or block.t == 'Plain' then
      block.content = through(block.content, {})
      note.content[at] = block
    end
  end
  return note
end

local function unnested_notes(doc)
  local style = stringify(doc.meta['triptych-style'] or '')
  if style ~= 'note' then return nil end
  return doc:walk({ Note = unnested }):walk({ Inlines = stopped_once })
end

-- Pandoc would give a picture its formulas as TeX in its alternative text. So the words stand before it in
-- a span, which `alternative_texts.py` reads when formulas are normalised. In a figure, the caption says them.

local function has_math(inlines)
  local found = false
  inlines:walk({ Math = function() found = true end })
  return found
end

local function words_of(inlines)
  return inlines:walk({
    Note = function() return {} end,
    Span = function(span) return span.content end,
    Link = function(link) return link.content end,
  })
end

local function described(image)
  if image.attributes.alt or not has_math(image.caption) then return nil end
  local words = words_of(image.caption)
  image.caption = {}
  return { pandoc.Span(words, pandoc.Attr('', {}, { described = 'picture' })), image }
end

local function said_by_caption(figure)
  local body = figure.content[1]
  local span = #figure.content == 1 and body.t == 'Plain' and body.content[1]
  if not (span and span.t == 'Span' and span.attributes.described) then return nil end
  local caption = words_of(pandoc.utils.blocks_to_inlines(figure.caption.long))
  if stringify(caption) ~= stringify(span) then return nil end
  body.content:remove(1)
  figure.content[1] = body
  return figure
end

return {
  { Pandoc = unnested_notes },
  { Cite = cluster, Image = described, Figure = said_by_caption },
}
