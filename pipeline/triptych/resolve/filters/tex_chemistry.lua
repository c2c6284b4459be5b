-- Part of the filter of formulas: chemistry as the package mhchem has it (its manual, 1 to 6), as TeX that
-- pandoc reads. `H2O`, `SO4^2-`, `2 H2 + O2 -> 2 H2O`, `^{227}_{90}Th`, `A <=>[x][y] B`, `CuSO4 * 5 H2O`.

local A = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'tex_arguments.lua' }))

local ARROWS = {
  { '<=>>', '⇌' }, { '<<=>', '⇌' }, { '<=>', '⇌' }, { '<-->', '⇄' }, { '<->', '↔' }, { '->', '→' },
  { '<-', '←' },
}

local chemistry

local function starts(text, at, words) return text:sub(at, at + #words - 1) == words end

-- An arrow, with what stands over it and under it in brackets.
local function arrow(text, at)
  for _, pair in ipairs(ARROWS) do
    if starts(text, at, pair[1]) then
      local put, after = pair[2], at + #pair[1]
      local above, below
      above, after = A.option(text, after)
      if above then below, after = A.option(text, after) end
      if below and below ~= '' then put = '\\underset{' .. chemistry(below) .. '}{' .. put .. '}' end
      if above and above ~= '' then put = '\\overset{' .. chemistry(above) .. '}{' .. put .. '}' end
      return '\\;' .. put .. '\\;', after
    end
  end
end

-- What stands high or low: a group, or figures with a charge.
local function script(text, at)
  local group = text:match('^%b{}', at)
  if group then return group:sub(2, -2), at + #group end
  local plain = text:match('^%d*[+%-]+', at) or text:match('^%d+', at) or text:match('^%a', at)
  return plain, plain and at + #plain
end

local function written(script_text) return (script_text:gsub('%-', '−')) end

-- One piece of the text at a place, in TeX, and where it ends; `behind` tells whether an atom, a figure or
-- a bracket stands right before.
local function piece(text, at, behind)
  local put, after = arrow(text, at)
  if put then return put, after, false end
  local gap = text:match('^%s+', at)
  if gap then
    local sign, last = text:match('^%s+([+%-=])()%s', at)
    if sign then return (' %s '):format(sign == '-' and '−' or sign), last, false end
    local moved, stop = text:match('^%s+([v^])()%f[%s%z]', at)
    if moved then return moved == 'v' and '↓' or '↑', stop, true end
    return '\\,', at + #gap, false
  end
  local mark = text:sub(at, at)
  if mark == '^' or mark == '_' then
    local high, last = script(text, at + 1)
    if high then return (behind and '' or '{}') .. mark .. '{\\mathrm{' .. written(high) .. '}}', last, true end
    return mark == '^' and '↑' or '\\_', at + 1, true
  end
  local above, below = text:match('^(%d+)/(%d+)', at)
  if above and not behind then return '\\tfrac{' .. above .. '}{' .. below .. '}', at + #above + #below + 1, false end
  local figures = text:match('^%d+', at)
  if figures then
    if behind then return '_{' .. figures .. '}', at + #figures, true end
    return figures .. '\\,', text:match('^%s*()', at + #figures), false
  end
  local charge = behind and text:match('^[+%-]+%f[%s%z%])},;]', at)
  if charge then return '^{' .. written(charge) .. '}', at + #charge, true end
  if mark == '-' then return '{−}', at + 1, false end
  if mark == '#' then return '{≡}', at + 1, false end
  if mark == '=' then return '{=}', at + 1, false end
  if mark == '*' or mark == '.' then return '\\cdot ', at + 1, false end
  if mark == '$' then
    local math = text:match('^%$([^$]*)%$', at)
    if math then return math, at + #math + 2, true end
  end
  local group = text:match('^%b{}', at)
  if group then return '\\mathrm{' .. group:sub(2, -2) .. '}', at + #group, true end
  local command = text:match('^\\%a+', at)
  if command then
    local given = text:match('^%b{}', at + #command) or ' '
    return command .. given, at + #command + (given == ' ' and 0 or #given), true
  end
  local letters = text:match('^%a+', at)
  if letters then return '\\mathrm{' .. letters .. '}', at + #letters, true end
  local sign = text:match('^' .. utf8.charpattern, at)
  return sign, at + #sign, sign == ')' or sign == ']' or #sign > 1
end

function chemistry(text)
  local pieces, at, behind, put = {}, 1, false, nil
  text = text:gsub('^%s+', ''):gsub('%s+$', '')
  while at <= #text do
    put, at, behind = piece(text, at, behind)
    pieces[#pieces + 1] = put
  end
  return table.concat(pieces)
end

-- A quantity with its unit: `1.2e-3 mol*L^-1`.
local function quantity(text)
  local number, unit = text:match('^%s*([%d.,+%-eE/]*)%s*(.-)%s*$')
  number = number:gsub('[eE]([+%-]?%d+)', function(power) return ' \\times 10^{' .. power:gsub('%-', '−') .. '}' end)
  unit = unit:gsub('%^?(%-?%d+)', function(power) return '^{' .. power:gsub('%-', '−') .. '}' end)
  unit = unit:gsub('%a+', '\\mathrm{%0}'):gsub('%*', '⋅'):gsub('//', '/'):gsub('%s+', '\\,')
  return number .. (number ~= '' and unit ~= '' and '\\,' or '') .. unit
end

return { ce = chemistry, pu = quantity }
