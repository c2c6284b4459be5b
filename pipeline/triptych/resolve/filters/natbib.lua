-- Citation commands of natbib that pandoc's reader misreads or does not know. Runs before `latex.lua`,
-- while commands are raw: what this filter leaves is read there.

local stringify = pandoc.utils.stringify

-- Commands in capitals, for the beginning of a sentence.
local SAME = { Citet = 'citet', Citep = 'citep', Citeauthor = 'citeauthor' }

-- The command of a raw inline that has no options, and its keys as written.
local function command(inline)
  if not inline or inline.t ~= 'RawInline' or not inline.format:match('tex') then return nil end
  local name, keys = inline.text:match('^\\(%a+)%*?%s*{([^{}]*)}%s*$')
  return SAME[name] or name, keys
end

local function blank(inline)
  return inline ~= nil and (inline.t == 'Space' or inline.t == 'SoftBreak'
    or (inline.t == 'Str' and (inline.text == '\u{A0}' or inline.text == '~')))
end

-- `\citeauthor{x} (\citeyear{x})` is `\citet{x}`: what it begins with at a place, and where that ends.
local function author_and_year(inlines, at)
  local name, keys = command(inlines[at])
  if name ~= 'citeauthor' then return nil end
  local next = blank(inlines[at + 1]) and at + 2 or at + 1
  local year, same = command(inlines[next])
  if year == 'citeyearpar' and same == keys then return keys, next, '' end
  local opening = inlines[next]
  if not (opening and opening.t == 'Str' and opening.text:match('^[~\u{A0}]*%($')) then return nil end
  year, same = command(inlines[next + 1])
  local closing = inlines[next + 2]
  if year ~= 'citeyear' or same ~= keys or not closing or closing.t ~= 'Str' then return nil end
  local behind = closing.text:match('^%)(.*)$')
  if not behind then return nil end
  return keys, next + 2, behind
end

-- Works by their keys, and the keys that only name an author or a year: LaTeX lists these works too.
local works, named

-- Pandoc hands over only works that are cited: a paragraph that cites those named is enough.
local function found(doc)
  local citations, by_key = pandoc.List({}), {}
  doc:walk({ RawInline = function(raw)
    local name, keys = command(raw)
    if name ~= 'citeauthor' and name ~= 'citeyear' then return nil end
    for key in keys:gmatch('[^,%s]+') do citations:insert(pandoc.Citation(key, 'NormalCitation')) end
  end })
  local cited = pandoc.Pandoc({ pandoc.Para({ pandoc.Cite({}, citations) }) }, doc.meta)
  for _, reference in ipairs(pandoc.utils.references(cited)) do by_key[reference.id] = reference end
  return by_key
end

local function authors(work)
  local names = {}
  for _, name in ipairs(work.author or work.editor or {}) do
    local particle = name['non-dropping-particle']
    local family = stringify(name.family or name.literal or '')
    names[#names + 1] = particle and stringify(particle) .. ' ' .. family or family
  end
  if #names > 2 then return names[1] .. ' et al.' end
  return #names > 0 and table.concat(names, ' & ') or nil
end

local function year(work)
  local issued = work.issued
  local parts = issued and issued['date-parts'] and issued['date-parts'][1]
  return parts and tostring(parts[1]) or nil
end

-- An author's name or a year alone, as words; nil where a work has none, or nothing has the key.
local function alone(name, keys, doc)
  local said = name == 'citeauthor' and authors or name == 'citeyear' and year or nil
  if not said then return nil end
  works = works or found(doc)
  local words = {}
  for key in keys:gmatch('[^,%s]+') do
    local one = works[key] and said(works[key])
    if not one then return nil end
    words[#words + 1] = one
    named[#named + 1] = key
  end
  return pandoc.Inlines(table.concat(words, ', '))
end

local function listed(doc)
  if #named == 0 then return doc end
  local citations = pandoc.List(named):map(function(key) return pandoc.Citation(key, 'NormalCitation') end)
  local also = { pandoc.Cite({ pandoc.Str('') }, citations) }
  local before = doc.meta.nocite
  local kept = before and pandoc.utils.type(before) == 'Blocks' and before
    or before and pandoc.Blocks({ pandoc.Plain(pandoc.Inlines(before)) }) or pandoc.Blocks({})
  kept:insert(pandoc.Para(also))
  doc.meta.nocite = pandoc.MetaBlocks(kept)
  return doc
end

local function read(doc)
  named = {}
  local function inlines(content)
    local written, at = pandoc.Inlines({}), 1
    while at <= #content do
      local keys, last, behind = author_and_year(content, at)
      local name, own = command(content[at])
      if keys then
        written:insert(pandoc.RawInline('tex', '\\citet{' .. keys .. '}'))
        if behind ~= '' then written:insert(pandoc.Str(behind)) end
        at = last
      elseif name == 'nocite' then
        for key in own:gmatch('[^,%s]+') do named[#named + 1] = key end
        if blank(content[at + 1]) and (blank(written[#written]) or #written == 0) then at = at + 1 end
      elseif name then
        local words = alone(name, own, doc)
        if words then
          written:extend(words)
        else
          content[at].text = content[at].text:gsub('^\\(%u%a+)', function(capital)
            return '\\' .. (SAME[capital] or capital)
          end)
          written:insert(content[at])
        end
      else
        written:insert(content[at])
      end
      at = at + 1
    end
    return written
  end
  local function block(raw)
    if not raw.format:match('tex') then return nil end
    local keys = raw.text:match('^%s*\\nocite%s*{([^{}]*)}%s*$')
    if not keys then return nil end
    for key in keys:gmatch('[^,%s]+') do named[#named + 1] = key end
    return {}
  end
  return listed(doc:walk({ Inlines = inlines, RawBlock = block }))
end

return { { Pandoc = read } }
