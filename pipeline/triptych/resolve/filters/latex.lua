-- Reads the raw LaTeX in Markdown with pandoc's own LaTeX reader, so that its tables,
-- figures, lists and citations join the document before citeproc runs. Labels become spans of class
-- `label`, references spans of class `xref`. What the reader does not know stays raw. It is shown and
-- reported later.

local tables = dofile(
  pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'tex_tables.lua' }))

local REFERENCES = {
  ref = 'number', eqref = 'bracket', autoref = 'full', cref = 'full', Cref = 'full',
  vref = 'full', nameref = 'title', subref = 'number', labelcref = 'number',
}
local FORMULAS = {
  equation = true, align = true, gather = true, multline = true, eqnarray = true, flalign = true,
  alignat = true, displaymath = true, dmath = true, math = true,
}
local STATEMENTS = {
  theorem = 'theorem', lemma = 'lemma', corollary = 'corollary', proposition = 'proposition',
  conjecture = 'conjecture', definition = 'definition', example = 'example',
  exercise = 'exercise', remark = 'remark', proof = 'proof',
  thm = 'theorem', lem = 'lemma', cor = 'corollary', prop = 'proposition', conj = 'conjecture',
  defn = 'definition', ex = 'example', rmk = 'remark',
}

local function is_tex(element) return element.format:match('tex') ~= nil end

local function reference(form, keys)
  local items = {}
  for key in keys:gmatch('[^,]+') do
    items[#items + 1] = { key = key:match('^%s*(.-)%s*$'), form = form }
  end
  return pandoc.Span({}, pandoc.Attr('', { 'xref' }, { keys = pandoc.json.encode(items) }))
end

-- A macro that we handle ourselves, or nil.
local function macro(text)
  local name, keys = text:match('^%s*\\(%a+)%*?%s*{([^{}]*)}%s*$')
  if name == 'label' then return pandoc.Span({}, pandoc.Attr(keys, { 'label' })) end
  if REFERENCES[name] then return reference(REFERENCES[name], keys) end
  return nil
end

local function environment(text)
  local name = text:match('^%s*\\begin%s*{(%a+)%*?}')
  if name == nil or not text:match('\\end%s*{' .. name .. '%*?}%s*$') then return nil end
  return name
end

local function inner_text(text)
  return text:gsub('^%s*\\begin%s*{%a+%*?}', ''):gsub('\\end%s*{%a+%*?}%s*$', '')
end

-- What ends a proof or lays out pages, and prints nothing of its own in an edition.
local DROPPED = { qedhere = true, phantomsection = true, FloatBarrier = true, allowdisplaybreaks = true }

local function known_inline(raw)
  if not is_tex(raw) then return nil end
  if DROPPED[raw.text:match('^%s*\\(%a+)%s*$')] then return {} end
  return macro(raw.text)
end

-- Pandoc's reader loses `\item[(a)]`, and enumitem's `label=(\alph*)`, of which it knows the form `[(a)]`.
local COUNTERS = { alph = 'a', Alph = 'A', roman = 'i', Roman = 'I', arabic = '1' }

local function with_marks(text)
  if not text:find('\\begin%s*{%a+%*?}%s*%[') and not text:find('\\item%s*%[') then return text end
  text = text:gsub('(\\begin%s*{enumerate}%s*)%[([^%[%]]*)%]', function(begin, options)
    local label = options:match('label%s*=%s*(%b{})') or options:match('label%s*=%s*([^,]*)') or ''
    local form, times = label:gsub('[{}]', ''):gsub('\\(%a+)%*', function(name) return COUNTERS[name] end)
    return times > 0 and begin .. '[' .. form .. ']' or nil
  end)
  local around, pieces, at = {}, {}, 1
  for first, name, last in text:gmatch('()\\(%a+)%s*()') do
    local environment = text:match('^{(%a+)%*?}', last)
    if name == 'begin' then around[#around + 1] = environment or '' end
    if name == 'end' then around[#around] = nil end
    local inside = around[#around]
    local mark, behind = text:match('^%[([^%[%]]*)%]%s*()', last)
    if name == 'item' and mark and (inside == 'enumerate' or inside == 'itemize') then
      pieces[#pieces + 1] = text:sub(at, first - 1) .. '\\item \u{FDD1}'
        .. mark .. (mark ~= '' and '~' or '')
      at = behind
    end
  end
  return table.concat(pieces) .. text:sub(at)
end

-- Pandoc would print the day of the build for \today: it is shown as it is written.
local function read(text)
  text = tables.plain(with_marks(text))
  text = text:gsub('\\today%f[%A]', '\\texttt{\\textbackslash{}today}')
  local ok, doc = pcall(pandoc.read, text, 'latex+raw_tex', nil, {})
  if not ok then return nil end
  return tables.with_head(doc.blocks:walk({ RawInline = known_inline }), text)
end

-- Where a work has chapters, its sections are below them. Pandoc reads each command by itself, and makes
-- both headings of the first level. Statements have the names that the author gave them.
local has_chapters = false

local function note_definitions(doc)
  local kinds = {}
  for _, kind in pairs(STATEMENTS) do kinds[kind] = true end
  doc:walk({ RawBlock = function(raw)
    if not is_tex(raw) then return nil end
    has_chapters = has_chapters or raw.text:find('\\chapter%*?%s*[%[{]') ~= nil
    for name, rest in raw.text:gmatch('\\newtheorem%*?%s*{(%a+)}%s*(%b{})') do
      local kind = rest:sub(2, -2):lower()
      if kinds[kind] then STATEMENTS[name] = kind end
    end
    for name, word in raw.text:gmatch('\\newtheorem%s*{(%a+)}%s*%b[]%s*{([^{}]*)}') do
      if kinds[word:lower()] then STATEMENTS[name] = word:lower() end
    end
  end })
end

-- LaTeX numbers no `\paragraph`.
local function levelled(blocks, text)
  local lower = has_chapters and not text:find('\\chapter%f[%A]') and not text:find('\\part%f[%A]')
  local unnumbered = text:find('^%s*\\s?u?b?paragraph%f[%A]')
  if not lower and not unnumbered then return blocks end
  return blocks:walk({ Header = function(header)
    if lower then header.level = math.min(header.level + 1, 6) end
    if unnumbered then header.classes:insert('unnumbered') end
    return header
  end })
end

local function formula(text)
  return pandoc.Math('DisplayMath', (text:gsub('^%s*(.-)%s*$', '%1')))
end

-- Citation commands that pandoc's reader does not know, and commands it knows that mean the same.
local CITING = { citeonline = 'citet', citeauthoryear = 'citep', shortcite = 'citep' }

local function known_citing(raw)
  return pandoc.RawInline(raw.format, (raw.text:gsub('^\\(%a+)', function(name)
    return CITING[name] and '\\' .. CITING[name] or nil
  end)))
end

-- mhchem's commands may stand in the text.
local function is_chemistry(text) return text:match('^%s*\\[cp][eu]%s*%b{}%s*$') ~= nil end

local function inline(raw)
  if not is_tex(raw) then return nil end
  raw = known_citing(raw)
  local name = environment(raw.text)
  if FORMULAS[name] then return formula(raw.text) end
  if raw.text:match('^%s*\\today%f[%A]') then return raw end
  local known = macro(raw.text)
  if known then return known end
  if DROPPED[raw.text:match('^%s*\\(%a+)%s*$')] then return {} end
  if is_chemistry(raw.text) then return pandoc.Math('InlineMath', raw.text) end
  local place, words = raw.text:match('^%s*\\hypertarget%s*{([^{}]*)}%s*(%b{})%s*$')
  if place then
    local said = pandoc.utils.blocks_to_inlines(read(words:sub(2, -2)) or {})
    return pandoc.Span(said, pandoc.Attr(place))
  end
  local blocks = read(raw.text)
  if blocks == nil or #blocks ~= 1 or not blocks[1].content then return raw end
  if blocks[1].t ~= 'Para' and blocks[1].t ~= 'Plain' then return raw end
  return blocks[1].content
end

-- `$\eqref{x}$`: a reference between dollars stands in the text, parted from the formulas beside it.
local function beside(tex)
  if not tex:find('%S') then return {} end
  local words = tex:match('^%s*\\text%s*(%b{})%s*$')
  if words then return { pandoc.Str(words:sub(2, -2)) } end
  local signs = tex:gsub('~', '\u{A0}'):gsub('\\[,;: ]', ' '):gsub('%-+', '–')
  if signs:match('^[%s\u{A0}()%[%],;.–]*$') then return { pandoc.Str(signs) } end
  return { pandoc.Math('InlineMath', tex) }
end

local function references_in(math)
  if math.mathtype ~= 'InlineMath' then return nil end
  local inlines, start, found = pandoc.Inlines({}), 1, false
  for first, name, keys, last in math.text:gmatch('()\\(%a+)%*?%s*{([^{}]*)}()') do
    local before = math.text:sub(start, first - 1)
    local _, opened = before:gsub('{', '')
    local _, closed = before:gsub('}', '')
    if REFERENCES[name] and opened == closed then
      found = true
      inlines:extend(beside(before))
      inlines:insert(reference(REFERENCES[name], keys))
      start = last
    end
  end
  if not found then return nil end
  inlines:extend(beside(math.text:sub(start)))
  return inlines
end

-- The text without what stands in environments, whose labels are their own.
local function outside(text)
  local pieces, depth, at = {}, 0, 1
  for first, name, last in text:gmatch('()\\(%a+)%s*%b{}()') do
    if name == 'begin' or name == 'end' then
      if depth == 0 then pieces[#pieces + 1] = text:sub(at, first - 1) end
      depth, at = math.max(0, depth + (name == 'begin' and 1 or -1)), last
    end
  end
  return table.concat(pieces) .. text:sub(at)
end

-- \begin{theorem}[Name]\label{x} … \end{theorem}. What a proof has there stands for its word.
local function statement(kind, text)
  local body = inner_text(text)
  local title = body:match('^%s*(%b[])')
  if title then body = body:gsub('^%s*%b[]', '', 1) end
  local label = outside(body):match('\\label%s*{([^{}]*)}')
  if label then
    local first, last = body:find('\\label{' .. label .. '}', 1, true)
    if first then body = body:sub(1, first - 1) .. body:sub(last + 1) end
  end
  local blocks = read(body)
  if blocks == nil then return nil end
  if title then
    local words = pandoc.utils.blocks_to_inlines(read(title:sub(2, -2)) or {})
    blocks:insert(1, pandoc.Plain({ pandoc.Span(words, pandoc.Attr('', { 'topic' })) }))
  end
  return pandoc.Div(blocks, pandoc.Attr(label or '', { 'statement' },
    { ['data-kind'] = kind, ['data-named'] = kind == 'proof' and title and 'yes' or nil }))
end

-- A table inside the division that has its label.
local function labelled_table(div)
  local inside = div.content[1]
  if #div.content == 1 and inside.t == 'Table' and div.identifier ~= '' then
    inside.identifier = div.identifier
    return inside
  end
  return nil
end

-- `\begin{subfigure}{0.48\textwidth}`: the width is a share of the row, and its content fills it.
local function share_widths(blocks, text)
  local figure, n = blocks[1], 0
  if figure.t ~= 'Figure' then return blocks end
  local panels = figure.content:filter(function(panel) return panel.t == 'Figure' end)
  for share in text:gmatch('\\begin%s*{subfigure}%s*%[?%a*%]?%s*{([%d.]+)%s*\\%a+}') do
    n = n + 1
    if panels[n] then panels[n].attributes.width = ('%g%%'):format(tonumber(share) * 100) end
  end
  return blocks
end

local function whole_width(image)
  if not (image.attributes.width or ''):match('^\\') then return nil end
  image.attributes.width = nil
  return image
end

-- `\hypertarget{x}{…}` stands before or around a float or heading in the LaTeX that pandoc writes. The
-- text without it, and the names that no \label repeats.
local function unanchored(text)
  local names = pandoc.List({})
  text = text:gsub('\\hypertarget%s*{([^{}]*)}%s*(%b{})', function(name, body)
    names:insert(name)
    return (body:sub(2, -2):gsub('^%%[^\n]*\n', ''))
  end)
  return text:gsub('^%s+', ''), names:filter(function(name)
    return not text:find('\\label{' .. name .. '}', 1, true)
  end)
end

-- Give a name to the first float or heading without one; to a place of its own, where there is none.
local function name_first(blocks, name)
  for _, found in ipairs(blocks) do
    if (found.t == 'Figure' or found.t == 'Table' or found.t == 'Header') and found.identifier == ''
      and not pandoc.utils.stringify(found):match('^$') then
      found.identifier = name
      return blocks
    end
  end
  blocks:insert(1, pandoc.Para({ pandoc.Span({}, pandoc.Attr(name, { 'label' })) }))
  return blocks
end

local read_block

local function block(raw)
  if not is_tex(raw) then return nil end
  if not raw.text:find('\\hypertarget', 1, true) then return read_block(raw.text) end
  local text, names = unanchored(raw.text)
  local blocks = pandoc.Blocks(text:find('%S') and read_block(text) or {})
  for _, name in ipairs(names) do blocks = name_first(blocks, name) end
  return blocks
end

function read_block(text)
  local name = environment(text)
  if FORMULAS[name] then return pandoc.Para({ formula(text) }) end
  if is_chemistry(text) then return pandoc.Para({ pandoc.Math('InlineMath', text) }) end
  if STATEMENTS[name] then return statement(STATEMENTS[name], text) end
  local blocks = read(text)
  if blocks == nil or #blocks == 0 then return nil end
  blocks = levelled(blocks, text)
  return share_widths(blocks, text):walk({ Div = labelled_table, Image = whole_width })
end

-- A place right before a float is the float's name. One whose name something else has is none.
local function lone_name(found)
  local span = found and found.t == 'Para' and #found.content == 1 and found.content[1]
  local lone = span and span.t == 'Span' and span.classes:includes('label') and #span.content == 0
  return lone and span.identifier
end

local function settle_names(doc)
  local found, times = false, {}
  doc:walk({ Blocks = function(blocks)
    for _, each in ipairs(blocks) do found = found or lone_name(each) end
  end })
  if not found then return nil end
  local function count(element)
    local id = element.identifier
    times[id] = (times[id] or 0) + 1
  end
  doc:walk({ Figure = count, Table = count, Header = count, Div = count, Span = count, Image = count,
    CodeBlock = count })
  return doc:walk({ Blocks = function(blocks)
    for n = #blocks, 1, -1 do
      local name, after = lone_name(blocks[n]), blocks[n + 1]
      if name and times[name] > 1 then
        blocks:remove(n)
      elseif name and after and (after.t == 'Figure' or after.t == 'Table') and after.identifier == ''
      then
        after.identifier = name
        blocks:remove(n)
      end
    end
    return blocks
  end })
end

return {
  { Pandoc = note_definitions },
  { Math = references_in, RawInline = inline, RawBlock = block }, { Pandoc = settle_names },
}
