-- Runs right before citeproc. Notes which works the bibliography holds of those that are cited, and mends
-- what citeproc would read wrong in them.

local stringify = pandoc.utils.stringify

-- Citeproc joins family name and given name without a space in scripts that it takes for East Asian.
-- These include Armenian, Georgian and the scripts of India and Thailand. An invisible mark prevents
-- this. It is removed from the result later.
local MARK = '\u{200E}'

local function spaced(name)
  if (name.family or '') == '' then return false end
  local last = utf8.codepoint(name.family, utf8.offset(name.family, -1))
  if (last >= 0x530 and last <= 0x58F) or (last >= 0x900 and last <= 0x10FF) then
    name.family = name.family .. MARK
    return true
  end
  return false
end

-- Citeproc puts the stop of an initial behind a given name of a script without capitals, which it does not
-- shorten. A sign that no text has marks each word of the name: `pandoc.py` takes the stop behind it off.
local UNSHORTENED = '\u{FDD0}'

local function without_initials(name)
  local given = name.given
  if type(given) ~= 'string' or not given:find('%S') then return false end
  if pandoc.text.upper(given) ~= pandoc.text.lower(given) then return false end
  name.given = given:gsub('[^%s.]+', '%0' .. UNSHORTENED)
  if type(name.family) == 'string' then name.family = name.family .. UNSHORTENED end
  return true
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
    if raw.text:match('^%s*\\[cp][eu]%s*%b{}%s*$') then return pandoc.Math('InlineMath', raw.text) end
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

-- Most styles do not know that a volume has a title of its own: it follows that of the whole.
local function with_volume(reference)
  local volume = reference['volume-title']
  local whole = reference['container-title'] and 'container-title' or 'title'
  if not volume or not reference[whole] then return false end
  local joined = pandoc.Inlines(reference[whole])
  joined:extend({ pandoc.Str('.'), pandoc.Space() })
  joined:extend(pandoc.Inlines(volume))
  reference[whole], reference['volume-title'] = joined, nil
  return true
end

local function prepare_references(doc, references, read)
  local changed = {}
  local volumes = stringify(doc.meta['triptych-volumes'] or '') == ''
  for number, reference in ipairs(references) do
    local found = formulas_of(reference) or read[number]
    if volumes and with_volume(reference) then found = true end
    for _, names in pairs(reference) do
      if type(names) == 'table' and type(names[1]) == 'table' and names[1].family then
        for _, name in ipairs(names) do
          found = spaced(name) or found
          found = without_initials(name) or found
        end
      end
    end
    if found then changed[#changed + 1] = reference end
  end
  if #changed > 0 then doc.meta.references = changed end
end

-- A reference as it is handed on, in which a formula stands between dollars, as CSL-JSON has them.
local function with_dollars(reference)
  local copy = {}
  for name, value in pairs(reference) do
    copy[name] = pandoc.utils.type(value) == 'Inlines' and value:walk({
      Math = function(math) return pandoc.Str('$' .. math.text .. '$') end,
    }) or value
  end
  return copy
end

local function note_references(doc)
  if stringify(doc.meta.bibliography or '') == '' then doc.meta.bibliography = nil end
  local references, read, lost = pandoc.utils.references(doc), {}, {}
  for number, reference in ipairs(references) do
    read[number] = words_of_tex(reference, lost)
  end
  doc.meta['triptych-lost'] = pandoc.MetaBlocks({ pandoc.RawBlock('html', pandoc.json.encode(lost)) })
  -- Raw, because pandoc takes long to escape a string of this size.
  doc.meta['triptych-references'] = pandoc.MetaBlocks({
    pandoc.RawBlock('html', pandoc.json.encode(pandoc.List.map(references, with_dollars))),
  })
  prepare_references(doc, references, read)
  doc.meta['link-citations'] = true
  doc.meta['reference-section-title'] = nil
  return doc
end

return { { Pandoc = note_references } }
