-- Runs before citeproc: all that every text needs, in one walk, because each walk through a long work takes
-- a second. Notes which keys are cited, and settles what citations say. Writes the quotation marks of the
-- work's language. Pandoc comes first to what stands within something else.

local stringify = pandoc.utils.stringify
local places = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'places.lua' }))

-- Pandoc loses a note within a note. Its words are kept, in brackets.
local function flat(note)
  return note:walk({
    Note = function(inner)
      local words = pandoc.utils.blocks_to_inlines(inner.content)
      table.insert(words, 1, pandoc.Str('('))
      table.insert(words, 1, pandoc.Space())
      words[#words + 1] = pandoc.Str(')')
      return words
    end,
  })
end

-- `[@a, @b]` in place of `[@a; @b]`: the second citation would be in the first one's suffix, and
-- citeproc would lose the first.
local function is_nested(cite)
  for _, citation in ipairs(cite.citations) do
    for _, inline in ipairs(citation.suffix) do
      if inline.t == 'Cite' then return true end
    end
  end
  return false
end

local SEPARATORS = { '\u{61B}', '\u{FF1B}', ',', '&', '\u{60C}', '\u{FF0C}', '\u{3001}', 'and' }
local SEMICOLONS = 2

-- How many letters of `text` at its end part citations, and whether they are a semicolon of another
-- script, which says as much as `;`.
local function separator(text)
  for n, sign in ipairs(SEPARATORS) do
    if text:sub(-#sign) == sign and (n < #SEPARATORS or text == sign) then
      return #sign, n <= SEMICOLONS
    end
  end
  return 0, false
end

-- Take what parts two citations off the end of the first one's suffix. Whether it was such a semicolon.
local function take_separators(suffix)
  local semicolon = false
  while #suffix > 0 do
    local last = suffix[#suffix]
    local text = last.t == 'Str' and last.text or ''
    local length, is_semicolon = separator(text)
    if length == 0 and not last.t:match('Space$') and last.t ~= 'SoftBreak' then break end
    suffix:remove(#suffix)
    if length < #text then suffix:insert(pandoc.Str(text:sub(1, -length - 1))) end
    semicolon = semicolon or is_semicolon
  end
  return semicolon
end

local function part_citations(cite)
  local citations, find = pandoc.List({}), nil
  for _, citation in ipairs(cite.citations) do
    local whole = citation.suffix
    citation.suffix = pandoc.Inlines({})
    citations:insert(citation)
    for _, inline in ipairs(whole) do
      local last = citations[#citations]
      if inline.t == 'Cite' then
        if not take_separators(last.suffix) then
          find = find or '@' .. citation.id .. stringify(whole[1])
        end
        for _, other in ipairs(inline.citations) do
          if other.mode == 'AuthorInText' then other.mode = 'NormalCitation' end
          citations:insert(other)
        end
      else
        last.suffix:insert(inline)
      end
    end
  end
  cite.citations = citations
  if find == nil then return cite end
  return { cite, pandoc.Span({}, pandoc.Attr('', { 'told' }, {
    ['told-code'] = 'citation-parted',
    ['told-find'] = find,
    ['told-message'] = 'a citation stands within another: they are read as two',
    ['told-hint'] = 'separate them with a semicolon: [@a; @b]',
  })) }
end

-- A work may be cited by another key than the one by which pandoc knows it: one of its `ids`, or one
-- with signs that pandoc's reader of BibTeX does not take.
local aliases, cited, known, marks = {}, pandoc.List({}), {}, {}

local function read_settings(meta)
  places.speak(stringify(meta['triptych-and'] or ''))
  aliases = pandoc.json.decode(stringify(meta['triptych-aliases'] or '{}'), false)
  marks = pandoc.json.decode(stringify(meta['triptych-quotes']), false)['']
end

local function settle(cite)
  local parts = is_nested(cite) and part_citations(cite) or cite
  for _, citation in ipairs(cite.citations) do
    if #citation.suffix > 0 then citation.suffix = places.settled(citation.suffix) end
    citation.id = aliases[citation.id] or citation.id
    if not known[citation.id] then cited:insert(citation.id) end
    known[citation.id] = true
  end
  return parts
end

local function note_cited(meta)
  meta['triptych-cited'] = pandoc.json.encode(cited)
  return meta
end

local function quoted(element)
  local first = element.quotetype == 'SingleQuote' and 3 or 1
  local content = element.content
  content:insert(1, pandoc.Str(marks[first]))
  content:insert(pandoc.Str(marks[first + 1]))
  return content
end

-- A citation, cross-reference or note within a link would be a link within a link, which no format has: the
-- link ends before it, and goes on behind it.
local function leads(inline)
  return inline.t == 'Cite' or inline.t == 'Note' or (inline.t == 'Span' and inline.classes:includes('xref'))
end

local function cites(inline)
  local found = false
  local function look(inner) found = found or leads(inner) end
  inline:walk({ Cite = look, Note = look, Span = look })
  return found
end

local function parted(link)
  if not cites(link) then return nil end
  local linked = false
  local function split(inlines)
    local out, run = pandoc.Inlines({}), pandoc.Inlines({})
    local function close()
      local behind = pandoc.Inlines({})
      while #run > 0 and run[1].t:match('Space$') do out:insert(run:remove(1)) end
      while #run > 0 and run[#run].t:match('Space$') do behind:insert(run:remove(#run)) end
      if #run > 0 then
        out:insert(pandoc.Link(run, link.target, link.title, link.attr))
        link.attr.identifier = ''
        linked = true
      end
      out:extend(behind)
      run = pandoc.Inlines({})
    end
    for _, inline in ipairs(inlines) do
      if leads(inline) then
        close()
        out:insert(inline)
      elseif inline.content and cites(inline) then
        close()
        inline.content = split(inline.content)
        out:insert(inline)
      else
        run:insert(inline)
      end
    end
    close()
    return out
  end
  local inlines = split(link.content)
  if not linked then
    inlines:insert(pandoc.Span({}, pandoc.Attr('', { 'told' }, {
      ['told-code'] = 'citation-linked',
      ['told-find'] = link.target,
      ['told-message'] = 'a link to ' .. link.target .. ' holds what has a link of its own, and nothing else',
      ['told-hint'] = 'put the address behind it, or into the entry',
    })))
  end
  return inlines
end

-- Where no blank line stands before a definition, pandoc takes all its paragraphs for plain text, which
-- HTML would run together.
local function as_paragraphs(list)
  for _, item in ipairs(list.content) do
    for _, blocks in ipairs(item[2]) do
      for at = 2, #blocks do
        if blocks[at - 1].t:match('^P') and blocks[at].t == 'Plain' then
          blocks[at - 1] = pandoc.Para(blocks[at - 1].content)
          blocks[at] = pandoc.Para(blocks[at].content)
        end
      end
    end
  end
  return list
end

return {
  { Meta = read_settings },
  {
    Note = flat,
    Cite = settle,
    Link = parted,
    Quoted = quoted,
    Meta = note_cited,
    DefinitionList = as_paragraphs,
  },
}
