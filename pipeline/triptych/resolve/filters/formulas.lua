-- Runs last. Pandoc's reader of TeX gives up on a formula at the first command it does not know, and
-- drops some that it knows. Here such commands are replaced by others that it shows. What it cannot
-- express, such as colours and rules, becomes a mark in the formula, which
-- `mathematics/placeholders.py` reads. A formula rewritten in this way stands in a span of class
-- `formula` with the author's TeX and the commands that no edition shows. A formula that cannot be
-- read stays as it was, in such a span with the command to blame.

local function beside(name)
  return dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), name }))
end
local dropped, steps = beside('tex_dropped.lua'), beside('tex_unknown.lua')

local tried = {}

local function is_readable(formula)
  local html = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), 'html5',
    { html_math_method = 'mathml' })
  return html:find('<math', 1, true) ~= nil
end

local function readable(formula)
  local name = formula.mathtype .. formula.text
  if tried[name] == nil then tried[name] = is_readable(formula) end
  return tried[name]
end

-- The one command without which an unreadable formula could be read; '' if there is none.
local function culprit(formula)
  local tried = {}
  for name in formula.text:gmatch('\\(%a+)') do
    if not tried[name] then
      tried[name] = true
      local without = formula.text:gsub('\\' .. name .. '%f[%A]%*?', ' ')
      if readable(pandoc.Math(formula.mathtype, without)) then return '\\' .. name end
    end
  end
  return ''
end

local function unread(formula)
  return pandoc.Span({ formula }, pandoc.Attr('', { 'formula' },
    { { 'tex', formula.text }, { 'unread', culprit(formula) } }))
end

local function rewritten(formula)
  local context = { display = formula.mathtype == 'DisplayMath', lost = {} }
  local tex = dropped.carry(formula.text, context)
  if tex == formula.text and readable(formula) then return nil end
  local other = pandoc.Math(formula.mathtype, tex)
  if not readable(other) then
    for _, step in ipairs(steps) do tex = step(tex) end
    other = pandoc.Math(formula.mathtype, tex)
    if not readable(other) then return unread(formula) end
  end
  local lost = pandoc.List({})
  for name in pairs(context.lost) do lost:insert(name) end
  table.sort(lost)
  return pandoc.Span({ other }, pandoc.Attr('', { 'formula' },
    { { 'tex', formula.text }, { 'lost', table.concat(lost, ', ') } }))
end

return { { Pandoc = dropped.of }, { Math = rewritten } }
