-- Displayed formulas with labels become divisions of class `equation`.

local stringify = pandoc.utils.stringify
local L = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'label_words.lua' }))
local is_label, trim, attributes_at = L.is_label, L.trim, L.attributes_at

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
local function may_hold_equation(inline)
  return inline.t == 'Math' or (inline.t == 'Span' and inline.identifier ~= '')
end

local function split_equations(para)
  if not para.content:find_if(may_hold_equation) then return nil end
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

return { { Para = split_equations, Plain = split_equations } }
