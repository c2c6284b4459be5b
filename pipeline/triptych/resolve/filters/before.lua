-- Runs right before citeproc. Notes which keys are cited, and which of them the bibliography holds.
-- Marks raw markup, which HTML would drop silently. Writes the quotation marks of each passage's
-- language.

local stringify = pandoc.utils.stringify

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
local function part_citations(cite)
  local citations, nested, find = pandoc.List({}), false, nil
  for _, citation in ipairs(cite.citations) do
    local suffix, inner = pandoc.Inlines({}), pandoc.List({})
    for _, inline in ipairs(citation.suffix) do
      if inline.t == 'Cite' then
        nested = true
        find = find or '@' .. citation.id .. stringify(citation.suffix[1])
        for _, other in ipairs(inline.citations) do
          other.mode = 'NormalCitation'
          inner:insert(other)
        end
      elseif #inner == 0 then
        suffix:insert(inline)
      else
        inner[#inner].suffix:insert(inline)
      end
    end
    while #suffix > 0 and #inner > 0 and (suffix[#suffix].t == 'Space'
      or (suffix[#suffix].t == 'Str' and suffix[#suffix].text:match('^[,&]?a?n?d?$'))) do
      suffix:remove(#suffix)
    end
    citation.suffix = suffix
    citations:insert(citation)
    citations:extend(inner)
  end
  if not nested then return nil end
  cite.citations = citations
  return { cite, pandoc.Span({}, pandoc.Attr('', { 'told' }, {
    ['told-code'] = 'citation-parted',
    ['told-find'] = find,
    ['told-message'] = 'a citation stands within another: they are read as two',
    ['told-hint'] = 'separate them with a semicolon: [@a; @b]',
  })) }
end

-- Pandoc writes a PDF as an <embed>, and loses its description.
local function describe(image)
  if not image.src:lower():match('%.pdf$') and not image.src:lower():match('%.e?ps$') then return nil end
  image.attributes['data-described'] = image.attributes.alt or stringify(image.caption)
  return image
end

local function raw(element)
  if element.format:match('html') then return nil end
  local inner = pandoc.Code(element.text)
  local attr = pandoc.Attr('', { element.format:match('tex') and 'raw-tex' or 'raw-other' })
  if element.t == 'RawBlock' then
    return pandoc.Div({ pandoc.CodeBlock(element.text) }, attr)
  end
  return pandoc.Span({ inner }, attr)
end

-- Citeproc joins family name and given name without a space in scripts that it takes for East Asian.
-- These include Armenian, Georgian and the scripts of India and Thailand. An invisible mark prevents
-- this. It is removed from the result later.
local MARK = '\u{200E}'

local function spaced(name)
  local last = name.family and utf8.codepoint(name.family, utf8.offset(name.family, -1))
  if last == nil then return false end
  if (last >= 0x530 and last <= 0x58F) or (last >= 0x900 and last <= 0x10FF) then
    name.family = name.family .. MARK
    return true
  end
  return false
end

-- `$…$` in titles of CSL-JSON. Pandoc reads it as words, and a style would change its capitals. As in
-- Markdown, there is no blank just inside the dollars, and no digit after them.
local FIELDS = { 'title', 'title-short', 'container-title', 'collection-title', 'volume-title',
  'original-title', 'reviewed-title' }

local function formulas_in(inlines)
  local found = false
  local written, at = pandoc.Inlines({}), 1
  while at <= #inlines do
    local inline = inlines[at]
    local before, opened = '', nil
    if inline.t == 'Str' then before, opened = inline.text:match('^(.-)%$(%S.*)$') end
    local last, tex = at, opened
    while tex and not tex:match('^[^$]*%S%$') and last < #inlines and last < at + 40 do
      last = last + 1
      tex = tex .. (inlines[last].t == 'Str' and inlines[last].text or stringify(inlines[last]))
    end
    local inside, after = (tex or ''):match('^([^$]*%S)%$(.*)$')
    if inside and not after:match('^%d') then
      found = true
      if before ~= '' then written:insert(pandoc.Str(before)) end
      written:insert(pandoc.Math('InlineMath', inside))
      at = last + 1
      if after ~= '' then written:extend((formulas_in({ pandoc.Str(after) }))) end
    else
      written:insert(inline)
      at = at + 1
    end
  end
  return written, found
end

-- TeX in a field that pandoc's reader does not know: a command's argument stays, or several; what has
-- none is lost, and noted.
local function known_words(tex)
  local words, rest = pandoc.Inlines({}), tex:gsub('^\\%a+%*?%s*', '')
  while rest:match('^%b[]') do rest = rest:gsub('^%b[]%s*', '') end
  while rest:match('^%b{}') do
    local argument = rest:match('^%b{}')
    local read = pandoc.read(argument:sub(2, -2), { format = 'latex', extensions = { 'raw_tex' } }, nil, {})
    words:extend(pandoc.utils.blocks_to_inlines(read.blocks))
    rest = rest:sub(#argument + 1):gsub('^%s*', '')
  end
  return words
end

local function words_of_tex(reference, lost)
  local found = false
  local function words(raw)
    if not raw.format:match('tex') then return nil end
    found = true
    local known = known_words(raw.text):walk({ RawInline = words })
    if #known == 0 then lost[#lost + 1] = { id = reference.id, tex = raw.text } end
    return known
  end
  local function note()
    found = true
    lost[#lost + 1] = { id = reference.id, tex = '\\footnote' }
    return {}
  end
  for name, value in pairs(reference) do
    if pandoc.utils.type(value) == 'Inlines' then
      reference[name] = value:walk({ RawInline = words, Note = note })
    end
  end
  return found
end

local function formulas_of(reference)
  local any = false
  for _, name in ipairs(FIELDS) do
    local value = reference[name]
    if pandoc.utils.type(value) == 'Inlines' then
      local inlines, found = formulas_in(value)
      if found then reference[name], any = inlines, true end
    end
  end
  return any
end

local function prepare_references(doc, references, read)
  local changed = {}
  for number, reference in ipairs(references) do
    local found = formulas_of(reference) or read[number]
    for _, names in pairs(reference) do
      if type(names) == 'table' and type(names[1]) == 'table' and names[1].family then
        for _, name in ipairs(names) do found = spaced(name) or found end
      end
    end
    if found then changed[#changed + 1] = reference end
  end
  if #changed > 0 then doc.meta.references = changed end
end

local function quoted_with(marks)
  return { Quoted = function(quoted)
    local first = quoted.quotetype == 'SingleQuote' and 3 or 1
    local content = quoted.content
    content:insert(1, pandoc.Str(marks[first]))
    content:insert(pandoc.Str(marks[first + 1]))
    return content
  end }
end

-- In scripts without spaces between words, pandoc reads every straight quotation mark as a closing
-- one. If a block has no others, they open and close in turn.
local UNSPACED = { ja = true, zh = true, th = true, lo = true, km = true, my = true, ko = true }

local function by_turns(language, marks)
  if not UNSPACED[language:lower():match('^%a+')] then return {} end
  local function open_and_close(block)
    local text = stringify(block)
    local _, closing = text:gsub('”', '')
    if text:find('“') or closing % 2 == 1 then return nil end
    local opens = false
    return block:walk({ Str = function(str)
      str.text = str.text:gsub('”', function()
        opens = not opens
        return marks[opens and 1 or 2]
      end)
      return str
    end })
  end
  return { Para = open_and_close, Plain = open_and_close, Header = open_and_close }
end

-- The innermost passage comes first, so that its quotations get its own language's marks.
local function quotation_marks(doc)
  local marks = pandoc.json.decode(stringify(doc.meta['triptych-quotes']), false)
  local function passage(element)
    local own = marks[element.attributes.lang or '']
    if element.attributes.lang and own then
      element.content = element.content:walk(quoted_with(own))
      return element
    end
  end
  return doc:walk({ Span = passage }):walk({ Div = passage })
    :walk(by_turns(stringify(doc.meta.lang or ''), marks['']))
    :walk(quoted_with(marks['']))
end

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

-- A work may be cited by another key than the one by which pandoc knows it: one of its `ids`, or one
-- with signs that pandoc's reader of BibTeX does not take.
local aliases = {}

local function read_aliases(meta)
  aliases = pandoc.json.decode(stringify(meta['triptych-aliases'] or '{}'), false)
end

local function by_known_keys(cite)
  for _, citation in ipairs(cite.citations) do
    citation.id = aliases[citation.id] or citation.id
  end
  return cite
end

-- A citation within a link would be a link within a link, which no format has: the link ends before it,
-- and goes on behind it.
local function cites(inline)
  local found = false
  inline:walk({ Cite = function() found = true end })
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
      if inline.t == 'Cite' then
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
      ['told-message'] = 'a link to ' .. link.target .. ' holds a citation alone, which leads to its entry',
      ['told-hint'] = 'put the address behind the citation, or into the entry',
    })))
  end
  return inlines
end

local function note_references(doc)
  if stringify(doc.meta.bibliography or '') == '' then doc.meta.bibliography = nil end
  local cited = {}
  doc:walk({ Cite = function(cite)
    for _, citation in ipairs(cite.citations) do cited[#cited + 1] = citation.id end
  end })
  doc.meta['triptych-cited'] = pandoc.json.encode(cited)
  local references, read, lost = pandoc.utils.references(doc), {}, {}
  for number, reference in ipairs(references) do
    read[number] = words_of_tex(reference, lost)
  end
  doc.meta['triptych-lost'] = pandoc.MetaBlocks({ pandoc.RawBlock('html', pandoc.json.encode(lost)) })
  -- Raw, because pandoc takes long to escape a string of this size.
  doc.meta['triptych-references'] = pandoc.MetaBlocks({
    pandoc.RawBlock('html', pandoc.json.encode(references)),
  })
  prepare_references(doc, references, read)
  doc.meta['link-citations'] = true
  doc.meta['reference-section-title'] = nil
  return doc
end

return {
  { Meta = read_aliases },
  { Note = flat },
  { Cite = part_citations },
  { Cite = by_known_keys },
  { Link = parted },
  { RawInline = raw, RawBlock = raw, Image = describe },
  { Pandoc = quotation_marks },
  { Pandoc = gather_uncited, Header = byline },
  { Pandoc = note_references },
}
